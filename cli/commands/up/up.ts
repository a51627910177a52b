import { loadContract } from '../../../contract/load.ts';
import { commandSettings } from '../../../contract/settings.ts';
import { IS_UP } from '../../../infra/local/run-file.ts';
import { startStack } from '../../../infra/local/stack.ts';
import { type Command, type Effects, parseOptions, refuseWords, wholeNumber } from '../../command.ts';
import { dataFolder, refuseAws } from '../../target.ts';

/** The endpoint's port where none is named; the API and MQTT take the next two. */
export const DEFAULT_PORT = 4700;

const help = `Usage: sluice up [options]

Runs the whole of Sluice on this machine until Ctrl-C: the MQTT broker, the streams, the hot table and its API, and one
endpoint that speaks S3, Kinesis, Firehose, Glue, Athena and DynamoDB. Listens on 127.0.0.1 only.

  --port N             endpoint on N, API on N+1, MQTT on N+2 (default ${DEFAULT_PORT}; 0 takes free ports)
  --buffer-seconds N   deliver to the lake when a record has waited so long (default 15)
  --buffer-mb N        or when so many MB wait (default 8)
  --data DIR           where everything is kept (default .sluice)
  --config FILE        the contract (default ./lake.config.ts)

Example: sluice up --port 0 --data /tmp/lake
`;

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, {
    port: { type: 'string' },
    'buffer-seconds': { type: 'string' },
    'buffer-mb': { type: 'string' },
  });
  refuseWords('up', positionals, 'sluice up --port 0');
  refuseAws(values, 'up runs the local stack; on AWS it is the deployment.', 'Leave --aws out, or deploy: docs/aws.md');
  const data = dataFolder({ data: values.data, cwd: effects.cwd });
  const { contract, file } = await loadContract(values.config ?? commandSettings().config, effects.cwd);
  const bufferSeconds = wholeNumber('--buffer-seconds', values['buffer-seconds'] ?? '15', { min: 1, max: 900 });
  const stack = await startStack({
    data,
    contract,
    ports: portsFrom(wholeNumber('--port', values.port ?? String(DEFAULT_PORT), { max: 65_533 })),
    buffer: {
      seconds: bufferSeconds,
      bytes: wholeNumber('--buffer-mb', values['buffer-mb'] ?? '8', { min: 1, max: 128 }) * 1024 * 1024,
    },
    log: line => effects.stderr(`${line}\n`),
  });
  const { endpoint, api, mqtt } = stack.run;
  effects.stderr(`Sluice is up over ${data}\n  contract   ${file}\n  endpoint   ${endpoint}\n`);
  effects.stderr(
    `  MQTT       ${mqtt}\n  live page  ${api}/\nA reading is in the hot path at once, and in the lake ${bufferSeconds} s later.\n` +
      `${IS_UP}; \`sluice env\` prints the variables for other AWS tools.\n`,
  );
  const broken = await Promise.race([aborted(effects.signal), stack.broken]);
  if (broken === undefined) effects.stderr('Delivering what is buffered…\n');
  await stack.close();
  if (broken !== undefined) throw broken;
  effects.stderr('Stopped; nothing is lost.\n');
  return 0;
}

/** The endpoint's port and the two after it, or three free ones. */
export function portsFrom(port: number): { endpoint: number; api: number; mqtt: number } {
  return port === 0 ? { endpoint: 0, api: 0, mqtt: 0 } : { endpoint: port, api: port + 1, mqtt: port + 2 };
}

/** Settles at the first Ctrl-C. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export const command: Command = { help, run };
