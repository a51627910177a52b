import { IOT_MAX_PAYLOAD_BYTES } from '../../../contract/contract.ts';
import { loadContract } from '../../../contract/load.ts';
import { commandSettings } from '../../../contract/settings.ts';
import { UserError } from '../../../contract/user-error.ts';
import { type Command, type Effects, parseOptions, refuseWords, wholeNumber } from '../../command.ts';
import { outputFormat, writeRows } from '../../format.ts';
import { refuseAws } from '../../target.ts';
import type { LakeShape, Workload } from './month.ts';
import { type CostLine, type Estimate, estimateCost } from './monthly-bill.ts';
import { type ListPrice, PRICED_REGION, PRICES, PRICES_GATHERED } from './prices.ts';
import { largestLine, type Saving, savings, shares } from './savings.ts';

const help = `Usage: sluice cost [options]

Estimates what a fleet costs on AWS in a month of 730 hours: a line for each thing that is billed, at list prices of
${PRICED_REGION}, without free tiers, discounts, taxes and data transfer. It asks AWS nothing. Then, on stderr: what dominates, and
what would lower it. docs/cost.md has the prices' sources and what the estimate rests on.

  --devices N                devices, always connected (default 1000)
  --interval S               seconds between two readings of a device (default 60)
  --message-bytes B          bytes of a message (default 100)
  --retention-days D         days of raw objects and Parquet that are stored; the stacks delete none (default 365)
  --queries-per-day Q        Athena queries, each of one day's readings (default 100)
  --api-requests-per-day R   requests for recent values (default 1800, the live page for an hour)
  --tracing                  with traces in X-Ray, as "tracing": true in the stage file records them
  --region R                 ${PRICED_REGION}, which is the only one with prices
  --format F                 table, json, csv or markdown (default table); json holds what would lower it too
  --config FILE              the contract (default ./lake.config.ts)

Example: sluice cost --devices 1000 --interval 60
`;

const OPTIONS = {
  devices: { type: 'string', default: '1000' },
  interval: { type: 'string', default: '60' },
  'message-bytes': { type: 'string', default: '100' },
  'retention-days': { type: 'string', default: '365' },
  'queries-per-day': { type: 'string', default: '100' },
  'api-requests-per-day': { type: 'string', default: '1800' },
  tracing: { type: 'boolean', default: false },
  region: { type: 'string', default: PRICED_REGION },
  format: { type: 'string' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  refuseWords('cost', positionals, 'sluice cost --devices 1000 --interval 60');
  refuseAws(values, 'cost estimates from list prices and asks AWS nothing.', 'Leave out --aws.');
  const format = outputFormat(values.format);
  const workload = workloadOf(values);
  const { contract } = await loadContract(values.config ?? commandSettings().config, effects.cwd);
  const { topic, hotDays, columns } = contract;
  const shape: LakeShape = { topic, hotDays, measures: columns.map(({ name }) => name) };
  const estimate = estimateCost(workload, shape);
  const lower = savings(workload, shape);
  if (format === 'json') {
    const region = PRICED_REGION;
    const answer = { region, pricesGathered: PRICES_GATHERED, workload, ...estimate, shares: shares(estimate) };
    await effects.stdout(`${JSON.stringify({ ...answer, savings: lower, notVerified: notVerified() }, null, 2)}\n`);
    return 0;
  }
  const rows = format === 'csv' ? estimate.lines.map(plainRow) : [...estimate.lines.map(textRow), totalRow(estimate)];
  const names = ['service', 'item', 'quantity', 'unit', 'usd_per_unit', 'usd_per_month'];
  const types = ['varchar', 'varchar', 'double', 'varchar', 'double', 'double'];
  await writeRows({ names, types, rows, format }, effects);
  effects.stderr(notes(estimate, lower, workload));
  return 0;
}

function workloadOf(values: Values): Workload {
  if (values.region !== PRICED_REGION)
    throw new UserError(`There are no prices of ${values.region}.`, {
      exitCode: 2,
      todo: `Leave --region out, and read the estimate as that of ${PRICED_REGION}.`,
    });
  const number = (option: Exclude<keyof typeof OPTIONS, 'tracing'>, bounds: { min?: number; max: number }) =>
    wholeNumber(`--${option}`, values[option] ?? '', bounds);
  return {
    devices: number('devices', { min: 1, max: 1e9 }),
    intervalSeconds: number('interval', { min: 1, max: 31 * 86_400 }),
    messageBytes: number('message-bytes', { min: 2, max: IOT_MAX_PAYLOAD_BYTES }),
    retentionDays: number('retention-days', { min: 1, max: 36_500 }),
    queriesPerDay: number('queries-per-day', { max: 1e6 }),
    apiRequestsPerDay: number('api-requests-per-day', { max: 1e9 }),
    tracing: values.tracing ?? false,
  };
}

function plainRow({ service, item, quantity, unit, unitPriceUsd, monthlyUsd }: CostLine) {
  return [service, item, quantity, unit, unitPriceUsd, monthlyUsd];
}

function textRow({ service, item, quantity, unit, unitPriceUsd, monthlyUsd }: CostLine) {
  return [service, item, quantityText(quantity), unit, priceText(unitPriceUsd), usdText(monthlyUsd)];
}

function totalRow({ totalUsd }: Estimate) {
  return ['total', '', '', '', '', usdText(totalUsd)];
}

/** Three digits at least, and all that are before the point. */
function quantityText(quantity: number): string {
  if (quantity >= 100) return Math.round(quantity).toLocaleString('en-US');
  return String(Number(quantity.toPrecision(3)));
}

/** A price as it is listed: never in the form 1e-5. */
function priceText(usd: number): string {
  return usd < 0.001 ? usd.toFixed(10).replace(/0+$/, '') : String(usd);
}

function usdText(usd: number): string {
  return usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function notes(estimate: Estimate, lower: readonly Saving[], { devices }: Workload): string {
  const { totalUsd } = estimate;
  const largest = largestLine(estimate);
  const parts = shares(estimate)
    .slice(0, 4)
    .map(({ service, share }) => `${service} ${Math.round(share * 100)} %`);
  const lines = [
    `$${usdText(totalUsd)} a month, $${usdText(totalUsd / devices)} a device, at list prices of ${PRICED_REGION} (${PRICES_GATHERED}).`,
    `Most of it: ${parts.join(', ')}. The largest line: ${largest?.service}, ${largest?.item}.`,
    ...(lower.length === 0 ? [] : ['Would lower it:']),
    ...lower.map(savingText),
    ...notVerified().map(({ service, what }) => `Not verified: ${service}, ${what}.`),
  ];
  return lines.map(line => `${line}\n`).join('');
}

/** What of the prices could not be verified, and of which line. */
function notVerified(): { service: string; item: string; what: string }[] {
  return Object.values<ListPrice>(PRICES).flatMap(({ service, item, unverified }) =>
    unverified === undefined ? [] : [{ service, item, what: unverified }],
  );
}

function savingText({ what, monthlyUsd, needs }: Saving): string {
  return `  ${what}: $${usdText(monthlyUsd)} less${needs === undefined ? '' : ` (needs ${needs})`}`;
}

export const command: Command = { help, run };
