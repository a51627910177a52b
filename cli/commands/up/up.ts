import { loadContract } from '../../../contract/load.ts';
import { IS_UP } from '../../../infra/local/run-file.ts';
import { startStack } from '../../../infra/local/stack.ts';
import { commandSettings } from '../../../infra/settings.ts';
import type { Command, Effects } from '../../command.ts';
import { parseCommand, wholeNumber } from '../../parse.ts';
import { dataFolder, refuseAws } from '../../target.ts';
import { declaration } from './up-declaration.ts';

async function run(args: string[], effects: Effects): Promise<0> {
  const { values } = await parseCommand(declaration, args, effects);
  refuseAws(values, 'sluice up only runs the local stack.', 'Leave out --aws. To deploy to AWS, see docs/aws.md.');
  const data = dataFolder({ data: values.data, cwd: effects.cwd });
  const { contract, file } = await loadContract(values.config ?? commandSettings().config, effects.cwd);
  const bufferSeconds = wholeNumber('--buffer-seconds', values['buffer-seconds'], { min: 1, max: 900 });
  const stack = await startStack({
    data,
    contract,
    ports: portsFrom(wholeNumber('--port', values.port, { max: 65_533 })),
    buffer: {
      seconds: bufferSeconds,
      bytes: wholeNumber('--buffer-mb', values['buffer-mb'], { min: 1, max: 128 }) * 1024 * 1024,
    },
    log: line => effects.stderr(`${line}\n`),
  });
  const { endpoint, api, mqtt } = stack.run;
  effects.stderr(`Sluice is up over ${data}\n  contract   ${file}\n  endpoint   ${endpoint}\n`);
  effects.stderr(
    `  MQTT       ${mqtt}\n  live page  ${api}/\nReadings reach the hot path at once, and the lake after ${bufferSeconds} s at most.\n` +
      `${IS_UP}; \`sluice env\` prints the variables for other AWS tools.\n`,
  );
  const broken = await Promise.race([aborted(effects.signal), stack.broken]);
  if (broken === undefined) effects.stderr('Delivering buffered records…\n');
  await stack.close();
  if (broken !== undefined) throw broken;
  effects.stderr('Stopped. Nothing is lost.\n');
  return 0;
}

/** The endpoint's port and the two after it, or three free ones. */
export function portsFrom(port: number): { endpoint: number; api: number; mqtt: number } {
  return port === 0 ? { endpoint: 0, api: 0, mqtt: 0 } : { endpoint: port, api: port + 1, mqtt: port + 2 };
}

/** Resolves at the first Ctrl-C. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export const command: Command = { run };
