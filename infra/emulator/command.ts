import { parseArgs } from 'node:util';
import { DEFAULT_REGION } from './s3/store.ts';
import { startEmulator } from './start-emulator.ts';
import { isUserError, UserError } from './user-error.ts';

const DEFAULT_PORT = 4800;
const DEFAULT_DATA = '.sluice-emulator';

const HELP = `Usage: sluice-emulator [options]

Run Athena, Glue, S3 and STS on this machine until Ctrl-C. Listens on 127.0.0.1 only.

  --data DIR      data folder; buckets are folders in DIR/s3 (default: ${DEFAULT_DATA})
  --port N        port to listen on; 0 picks a free one (default: ${DEFAULT_PORT})
  --region NAME   region of the buckets (default: ${DEFAULT_REGION})
  --help          show this help

Prints the environment variables for AWS clients to stdout, everything else to stderr.

Example: sluice-emulator --data lake --port 4800
`;

/** What the command does to the world. Tests pass their own. */
export interface CommandEffects {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  /** Aborted by Ctrl-C or SIGTERM; the command then stops cleanly. */
  signal: AbortSignal;
}

/** Runs the command and gives its exit code: 0 stopped, 1 failed, 2 wrong usage. */
export async function runCommand(args: string[], effects: CommandEffects): Promise<number> {
  try {
    return await run(args, effects);
  } catch (error) {
    if (!isUserError(error)) throw error;
    effects.stderr(`${error.message}\n${error.todo === undefined ? '' : `${error.todo}\n`}`);
    return error.exitCode;
  }
}

async function run(args: string[], { stdout, stderr, signal }: CommandEffects): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    stdout(HELP);
    return 0;
  }
  const emulator = await startEmulator(options).catch((error: unknown) => {
    throw startFailure(error, options);
  });
  const { url, region, credentials, outputLocation } = emulator;
  const variables = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  stderr(`Athena, Glue, S3 and STS are running over ${options.data}. Query results go to ${outputLocation}.\n`);
  stderr('Set these variables for your AWS client. Press Ctrl-C to stop.\n');
  for (const [name, value] of Object.entries(variables)) stdout(`export ${name}='${value}'\n`);
  await aborted(signal);
  await emulator.close();
  stderr('Stopped.\n');
  return 0;
}

/** What the system refuses of the folder or the port, as an error for the user; any other error itself. */
function startFailure(error: unknown, { data, port }: { data: string; port: number }): unknown {
  const { code = '', syscall = '', message } = error as NodeJS.ErrnoException;
  if (isUserError(error) || !/^E[A-Z]+$/.test(code)) return error;
  if (syscall === 'listen')
    return new UserError(`Cannot listen on port ${port}: ${message}.`, {
      todo: 'Choose another --port.',
      cause: error,
    });
  return new UserError(`Cannot use the data folder ${data}: ${message}.`, {
    todo: 'Name another folder with --data, or check its permissions and the free space.',
    cause: error,
  });
}

function readOptions(args: string[]): { data: string; port: number; region: string } | 'help' {
  const { values } = parse(args);
  if (values.help === true) return 'help';
  const { data = DEFAULT_DATA, port = String(DEFAULT_PORT), region = DEFAULT_REGION } = values;
  if (data === '') throw new UserError('Option --data has an empty value.', { exitCode: 2, todo: 'Write: --data DIR' });
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UserError(`Invalid --port '${port}': expected 0 to 65535.`, { exitCode: 2 });
  if (!/^[a-z0-9-]+$/.test(region))
    throw new UserError(`Invalid --region '${region}': expected a name such as eu-central-1.`, { exitCode: 2 });
  return { data, port: Number(port), region };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: { data: text, port: text, region: text, help: { type: 'boolean', short: 'h' } },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(message, { exitCode: 2, todo: 'See sluice-emulator --help.', cause });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
