import { UserError } from '../../../contract/user-error.ts';
import type { RecentReading } from '../../../hotpath/items.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import type { Command, Effects } from '../../command.ts';
import { outputFormat, writeRows } from '../../format.ts';
import { parseCommand } from '../../parse.ts';
import { dataFolder, refuseMixedTargets, type TargetOptions } from '../../target.ts';
import { declaration } from './recent-declaration.ts';

const NOT_HOT =
  'The hot path has recent readings only. Backfilled readings are in the lake: sluice query run first-last-seen';

async function run(args: string[], effects: Effects): Promise<0> {
  const {
    values,
    operands: [device = ''],
  } = await parseCommand(declaration, args, effects);
  const format = outputFormat(values.format);
  refuseMixedTargets(values);
  const api = await findApi(values, effects);
  const readings = await askApi(api, device, { limit: values.limit, before: values.before }, effects.signal);
  const names = Object.keys(readings[0] ?? { timestamp: '', value: null });
  await writeRows({ names, rows: readings.map(reading => names.map(name => reading[name] ?? null)), format }, effects);
  if (readings.length === 0) effects.stderr(`The hot path has no readings of ${device}.\n${NOT_HOT}\n`);
  return 0;
}

/** A REST API of the hot path: its URL with a trailing slash, and the value of its key if it needs one. */
export interface HotPathApi {
  url: string;
  key?: string;
}

async function findApi(values: TargetOptions, { cwd }: Effects): Promise<HotPathApi> {
  if (values.aws === true) {
    // Loaded only here: a laptop needs neither SSM nor API Gateway.
    const { deployedApi } = await import('./deployed-api.ts');
    return deployedApi({ ...values, cwd });
  }
  const stack = await readRunFile(dataFolder({ data: values.data, cwd }));
  if (stack === undefined)
    throw new UserError('No stack is running for this data folder, so there is no hot path to ask.', {
      todo: 'Start one: sluice up',
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
    const todo = key === undefined ? 'Start it again: sluice up' : 'Check the network, and the stage: sluice env --aws';
    throw new UserError(`Cannot reach the hot path at ${api}: ${reason(cause)}.`, { todo, cause });
  });
  const body = await bodyOf(response);
  if (response.status === 400)
    throw new UserError(`The hot path refused the request: ${body.error ?? body.message}.`, { exitCode: 2 });
  if (!response.ok) throw refusal(response.status, key !== undefined);
  // The shape that hotpath/api.ts documents: one list under the device's id.
  return (body[device] as RecentReading[] | undefined) ?? [];
}

/**
 * Sluice's errors are `{"error": …}`, those of API Gateway `{"message": …}`; an error before either may not be JSON.
 */
async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    if (!response.ok) return {};
    throw new UserError(`The answer of the hot path at ${response.url} is not JSON.`, { cause });
  }
}

function refusal(status: number, isDeployed: boolean): UserError {
  const message = `The hot path answered with status ${status}.`;
  if (!isDeployed) return new UserError(message, { todo: 'See the output of sluice up.' });
  const todo: Record<number, string> = {
    403: 'Its API key may have been replaced or disabled. Deploy the stage again.',
    429: 'Its usage plan allows fewer requests. Try again in a moment.',
  };
  return new UserError(message, { todo: todo[status] ?? 'Check the logs of its function in CloudWatch.' });
}

function reason(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

export const command: Command = { run };
