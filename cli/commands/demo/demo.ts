import { createServer } from 'node:net';
import type { Contract } from '../../../contract/contract.ts';
import { loadContract } from '../../../contract/load.ts';
import { utcDate } from '../../../contract/time.ts';
import { fleet, fleetIds } from '../../../device/fleet.ts';
import { checkSimulation, runFleet } from '../../../device/run-devices.ts';
import { type Stack, startStack } from '../../../infra/local/stack.ts';
import { commandSettings } from '../../../infra/settings.ts';
import type { Command, Effects } from '../../command.ts';
import { parseCommand } from '../../parse.ts';
import { dataFolder, refuseAws } from '../../target.ts';
import { deviceConnections, localTarget } from '../device/device-setting.ts';
import { command as query } from '../query/query.ts';
import { command as report } from '../report/report.ts';
import { portsFrom } from '../up/up.ts';
import { DEFAULT_PORT } from '../up/up-declaration.ts';
import { declaration } from './demo-declaration.ts';

/** What a newcomer can do next with the lake, which remains. */
const NEXT = `Next:
  npx sluice query list                     list the other saved queries
  npx sluice up                             start the stack again, with its live page
  npx sluice backfill ./firehose-export     read your own gzipped objects
`;

const DAY_MS = 86_400_000;
const DEVICES = 3;
const SEED = 1;

async function run(args: string[], effects: Effects): Promise<0> {
  const { values } = await parseCommand(declaration, args, effects);
  refuseAws(
    values,
    'sluice demo only shows the local stack.',
    'On AWS, run: sluice device run --aws, then sluice query run daily-temperature --aws',
  );
  const data = dataFolder({ data: values.data, cwd: effects.cwd });
  const { contract } = await loadContract(values.config ?? commandSettings().config, effects.cwd);
  checkSimulation(contract, effects.now());
  const stack = await startStack({
    data,
    contract,
    ports: portsFrom((await isFree(DEFAULT_PORT)) ? DEFAULT_PORT : 0),
    buffer: { seconds: 5, bytes: 8 * 1024 * 1024 },
    log: line => effects.stderr(`${line}\n`),
  });
  try {
    const devices = fleetIds(DEVICES);
    const connect = await deviceConnections(localTarget(data), effects);
    const global = ['--data', data, ...(values.config === undefined ? [] : ['--config', values.config])];
    const yesterday = utcDate(effects.now() - DAY_MS);
    effects.stderr(
      `The stack is up. ${devices.join(', ')} publish their readings since ${yesterday} over mutual TLS.\n`,
    );
    await publishPast();
    await stack.flush();
    await query.run(['run', firstQuery(contract), '--param', `date=${yesterday}`, ...global], effects);
    await report.run(['daily', '--date', yesterday, ...global], effects);
    if (effects.signal.aborted) return 0;
    if (values.once) {
      effects.stderr(NEXT);
      return 0;
    }
    effects.stderr(`Live page: ${stack.run.api}/?device=${devices[0]}\n`);
    effects.stderr(
      'Each device continues with a reading every 2 s; the lake follows 5 s later. Ctrl-C stops everything.\n',
    );
    const live = fleet({ contract, devices, intervalMs: 2_000, seed: SEED });
    await runFleet({ fleet: live, connect }, { now: effects.now, signal: effects.signal });
    return 0;

    async function publishPast(): Promise<void> {
      const fromMs = Date.parse(`${yesterday}T00:00:00Z`);
      const past = fleet({ contract, devices, intervalMs: 60_000, seed: SEED });
      const { acknowledged } = await runFleet(
        { fleet: past, connect, fromMs, untilMs: effects.now() },
        { now: effects.now, signal: effects.signal },
      );
      effects.stderr(`${acknowledged} readings are acknowledged and on disk.\n`);
    }
  } finally {
    await stop(stack, effects);
  }
}

/** daily-temperature if the contract has its columns; for any other contract, a count of readings. */
function firstQuery({ columns }: Contract): string {
  const names = columns.map(({ name }) => name);
  return ['temperature', 'humidity'].every(name => names.includes(name)) ? 'daily-temperature' : 'reading-rate';
}

async function stop(stack: Stack, effects: Effects): Promise<void> {
  if (effects.signal.aborted) effects.stderr('Delivering buffered records…\n');
  await stack.close();
}

/** Whether the port and the two after it are free. */
async function isFree(port: number): Promise<boolean> {
  for (const candidate of [port, port + 1, port + 2]) {
    const server = createServer();
    const taken = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(true)).listen(candidate, '127.0.0.1', () => resolve(false));
    });
    await new Promise(resolve => server.close(resolve));
    if (taken) return false;
  }
  return true;
}

export const command: Command = { run };
