import { createServer } from 'node:net';
import type { Contract } from '../../../contract/contract.ts';
import { loadContract } from '../../../contract/load.ts';
import { commandSettings } from '../../../contract/settings.ts';
import { utcDate } from '../../../contract/time.ts';
import { fleet, fleetIds } from '../../../device/fleet.ts';
import { checkSimulation, runFleet } from '../../../device/run.ts';
import { type Stack, startStack } from '../../../infra/local/stack.ts';
import { type Command, type Effects, parseOptions, refuseWords } from '../../command.ts';
import { dataFolder, refuseAws } from '../../target.ts';
import { deviceConnections, localPlace } from '../device/device-setting.ts';
import { command as query } from '../query/query.ts';
import { command as report } from '../report/report.ts';
import { DEFAULT_PORT, portsFrom } from '../up/up.ts';

const help = `Usage: sluice demo [options]

The whole story in one go: starts the local stack, lets three devices publish their readings since yesterday and then live
ones over MQTT with mutual TLS, runs the saved query daily-temperature, makes yesterday's report, and serves the live page.

  --once          end after the report instead of running until Ctrl-C
  --data DIR      where everything is kept (default .sluice)
  --config FILE   the contract (default ./lake.config.ts)

Example: npm start
`;

/** What a newcomer can do with the lake that stays. */
const NEXT = `Next:
  npx sluice query list                     the other saved queries
  npx sluice up                             the stack again, with its live page
  npx sluice backfill ./firehose-export     gzipped objects of your own
`;

const DAY_MS = 86_400_000;
const DEVICES = 3;
const SEED = 1;

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, { once: { type: 'boolean' } });
  refuseWords('demo', positionals, 'sluice demo --once');
  refuseAws(
    values,
    'demo shows the local stack.',
    'On AWS the same is: sluice device run --aws; sluice query run daily-temperature --aws',
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
    const connect = await deviceConnections(localPlace(data), effects);
    const global = ['--data', data, ...(values.config === undefined ? [] : ['--config', values.config])];
    const yesterday = utcDate(effects.now() - DAY_MS);
    effects.stderr(
      `The stack is up; ${devices.join(', ')} publish their readings since ${yesterday} over mutual TLS.\n`,
    );
    await publishPast();
    await stack.flush();
    await query.run(['run', firstQuery(contract), '--param', `date=${yesterday}`, ...global], effects);
    await report.run(['daily', '--date', yesterday, ...global], effects);
    if (effects.signal.aborted) return 0;
    if (values.once === true) {
      effects.stderr(NEXT);
      return 0;
    }
    effects.stderr(`Live page: ${stack.run.api}/?device=${devices[0]}\n`);
    effects.stderr(
      'The devices go on with a reading every 2 s, and the lake follows 5 s later. Ctrl-C stops everything.\n',
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
      effects.stderr(`${acknowledged} readings are acknowledged, and on disk.\n`);
    }
  } finally {
    await stop(stack, effects);
  }
}

/** daily-temperature for who has what it asks for; a contract of other measures has readings to count. */
function firstQuery({ columns }: Contract): string {
  const names = columns.map(({ name }) => name);
  return ['temperature', 'humidity'].every(name => names.includes(name)) ? 'daily-temperature' : 'reading-rate';
}

async function stop(stack: Stack, effects: Effects): Promise<void> {
  if (effects.signal.aborted) effects.stderr('Delivering what is buffered…\n');
  await stack.close();
}

/** Whether the port and the two after it can be taken. */
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

export const command: Command = { help, run };
