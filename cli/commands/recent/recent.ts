import { UserError } from '../../../contract/user-error.ts';
import type { RecentReading } from '../../../hotpath/items.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import { type Command, type Effects, parseOptions } from '../../command.ts';
import { outputFormat, writeRows } from '../../format.ts';
import { dataFolder, type PlaceOptions, refuseMixedPlaces } from '../../target.ts';

const help = `Usage: sluice recent DEVICE [options]

Asks the hot path for the newest readings of a device, newest first.

  --limit N        how many, 1 to 1000 (default 30)
  --before T       only readings earlier than T (ISO 8601)
  --format F       table, json, csv or markdown (default table)
  --data DIR       the data folder of the running stack (default .sluice)
  --aws            the deployed API, with its key, by the credentials and region of the AWS SDK
  --stage NAME     which deployment, with --aws (default main)

Example: sluice recent device-001 --limit 5 --format json
`;

const NOT_HOT =
  'It has what devices published lately. What was backfilled is in the lake alone: sluice query run first-last-seen';

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, {
    limit: { type: 'string' },
    before: { type: 'string' },
    format: { type: 'string' },
  });
  const [device, ...more] = positionals;
  if (device === undefined || more.length > 0)
    throw new UserError('recent takes one device id.', { exitCode: 2, todo: 'Such as: sluice recent device-001' });
  const format = outputFormat(values.format);
  refuseMixedPlaces(values);
  const api = await findApi(values, effects);
  const readings = await askApi(api, device, { limit: values.limit, before: values.before }, effects.signal);
  const names = Object.keys(readings[0] ?? { timestamp: '', value: null });
  await writeRows({ names, rows: readings.map(reading => names.map(name => reading[name] ?? null)), format }, effects);
  if (readings.length === 0) effects.stderr(`The hot path has no reading of ${device}.\n${NOT_HOT}\n`);
  return 0;
}

/** A REST API of the hot path: its URL, with a slash at the end, and the value of its key where it wants one. */
export interface HotPathApi {
  url: string;
  key?: string;
}

async function findApi(values: PlaceOptions, { cwd }: Effects): Promise<HotPathApi> {
  if (values.aws === true) {
    // Loaded only here: a laptop needs neither SSM nor API Gateway.
    const { deployedApi } = await import('./deployed-api.ts');
    return deployedApi({ ...values, cwd });
  }
  const stack = await readRunFile(dataFolder({ data: values.data, cwd }));
  if (stack === undefined)
    throw new UserError('No stack runs over this data folder, so there is no hot path to ask.', {
      todo: 'Start it with: sluice up',
    });
  return { url: `${stack.api}/` };
}

/** API Gateway itself gives up after 29 s. */
const TIMEOUT_MS = 35_000;

async function askApi(
  { url: api, key }: HotPathApi,
  device: string,
  options: { limit: string | undefined; before: string | undefined },
  signal: AbortSignal,
): Promise<RecentReading[]> {
  const url = new URL(`datas/${encodeURIComponent(device)}`, api);
  for (const [name, value] of Object.entries(options)) if (value !== undefined) url.searchParams.set(name, value);
  const response = await fetch(url, {
    headers: key === undefined ? {} : { 'x-api-key': key },
    // A redirect would carry the key to another host.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch((cause: unknown) => {
    const todo =
      key === undefined ? 'Start it again with sluice up.' : 'Look at the network, and at the stage: sluice env --aws';
    throw new UserError(`The hot path at ${api} cannot be reached: ${reason(cause)}.`, { todo, cause });
  });
  const body = await bodyOf(response);
  if (response.status === 400)
    throw new UserError(`The hot path refused: ${body.error ?? body.message}.`, { exitCode: 2 });
  if (!response.ok) throw refusal(response.status, key !== undefined);
  // The shape that hotpath/api.ts documents: one list under the device's id.
  return (body[device] as RecentReading[] | undefined) ?? [];
}

/** Sluice's errors are `{"error": …}`, those of API Gateway `{"message": …}`; an error before either may be no JSON. */
async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    if (!response.ok) return {};
    throw new UserError(`The hot path at ${response.url} answered with no JSON.`, { cause });
  }
}

function refusal(status: number, isDeployed: boolean): UserError {
  const message = `The hot path answered ${status}.`;
  if (!isDeployed) return new UserError(message, { todo: 'See what sluice up printed.' });
  const todo: Record<number, string> = {
    403: 'Its API key may have been replaced or disabled: deploy the stage again.',
    429: 'That is more than its usage plan allows: try again in a moment.',
  };
  return new UserError(message, { todo: todo[status] ?? 'Look at the logs of its function in CloudWatch.' });
}

function reason(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

export const command: Command = { help, run };
