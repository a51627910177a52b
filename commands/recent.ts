import { UserError } from '../contract/user-error.ts';
import type { RecentReading } from '../hotpath/items.ts';
import { readRunFile } from '../infra/local/run-file.ts';
import { type Command, type Effects, parseOptions } from './command.ts';
import { outputFormat, writeRows } from './format.ts';
import { dataFolder } from './place.ts';

const help = `Usage: sluice recent DEVICE [options]

Asks the hot path for the newest readings of a device, newest first.

  --limit N        how many, 1 to 1000 (default 30)
  --before T       only readings earlier than T (ISO 8601)
  --format F       table, json, csv or markdown (default table)
  --data DIR       the data folder of the running stack (default .sluice)

Example: sluice recent device-001 --limit 5 --format json
`;

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
  const stack = await readRunFile(dataFolder({ data: values.data, cwd: effects.cwd }));
  if (stack === undefined)
    throw new UserError('No stack runs over this data folder, so there is no hot path to ask.', {
      todo: 'Start it with: sluice up',
    });
  const readings = await askApi(stack.api, device, { limit: values.limit, before: values.before });
  const names = Object.keys(readings[0] ?? { timestamp: '', value: null });
  await writeRows({ names, rows: readings.map(reading => names.map(name => reading[name] ?? null)), format }, effects);
  if (readings.length === 0) effects.stderr(`The hot path has no reading of ${device}.\n`);
  return 0;
}

async function askApi(
  api: string,
  device: string,
  options: { limit: string | undefined; before: string | undefined },
): Promise<RecentReading[]> {
  const url = new URL(`/datas/${encodeURIComponent(device)}`, api);
  for (const [name, value] of Object.entries(options)) if (value !== undefined) url.searchParams.set(name, value);
  const response = await fetch(url);
  // The shape that hotpath/api.ts documents: an error, or one list under the device's id.
  const body = (await response.json()) as { error?: string } & Record<string, RecentReading[]>;
  if (response.status === 400) throw new UserError(`The hot path refused: ${body.error}.`, { exitCode: 2 });
  if (!response.ok)
    throw new UserError(`The hot path answered ${response.status}.`, { todo: 'See what sluice up printed.' });
  return body[device] ?? [];
}

export const command: Command = { help, run };
