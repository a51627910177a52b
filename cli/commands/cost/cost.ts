import { IOT_MAX_PAYLOAD_BYTES } from '../../../contract/contract.ts';
import { loadContract } from '../../../contract/load.ts';
import { UserError } from '../../../contract/user-error.ts';
import { commandSettings } from '../../../infra/settings.ts';
import type { Command, Effects } from '../../command.ts';
import type { Values } from '../../declaration.ts';
import { outputFormat, writeRows } from '../../format.ts';
import { parseCommand, wholeNumber } from '../../parse.ts';
import { refuseAws } from '../../target.ts';
import { declaration } from './cost-declaration.ts';
import type { LakeShape, Workload } from './month.ts';
import { type CostLine, type Estimate, estimateCost } from './monthly-bill.ts';
import { type ListPrice, PRICED_REGION, PRICES, PRICES_GATHERED } from './prices.ts';
import { largestLine, type Saving, savings, shares } from './savings.ts';

type Options = typeof declaration.options;

async function run(args: string[], effects: Effects): Promise<0> {
  const { values } = await parseCommand(declaration, args, effects);
  refuseAws(values, 'sluice cost estimates from list prices and asks AWS nothing.', 'Leave out --aws.');
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

function workloadOf(values: Values<Options>): Workload {
  if (values.region !== PRICED_REGION)
    throw new UserError(`No prices are known for --region ${values.region}.`, {
      exitCode: 2,
      todo: `Leave out --region to estimate at the prices of ${PRICED_REGION}.`,
    });
  const number = (option: Exclude<keyof Options, 'tracing'>, bounds: { min?: number; max: number }) =>
    wholeNumber(`--${option}`, values[option], bounds);
  return {
    devices: number('devices', { min: 1, max: 1e9 }),
    intervalSeconds: number('interval', { min: 1, max: 31 * 86_400 }),
    messageBytes: number('message-bytes', { min: 2, max: IOT_MAX_PAYLOAD_BYTES }),
    retentionDays: number('retention-days', { min: 1, max: 36_500 }),
    queriesPerDay: number('queries-per-day', { max: 1e6 }),
    apiRequestsPerDay: number('api-requests-per-day', { max: 1e9 }),
    tracing: values.tracing,
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

/** Three significant digits, or all that are before the point. */
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
    `$${usdText(totalUsd)} per month, $${usdText(totalUsd / devices)} per device, at list prices of ${PRICED_REGION} (${PRICES_GATHERED}).`,
    `Largest services: ${parts.join(', ')}. Largest item: ${largest?.service}, ${largest?.item}.`,
    ...(lower.length === 0 ? [] : ['Ways to lower it:']),
    ...lower.map(savingText),
    ...notVerified().map(({ service, what }) => `Not verified: ${service}, ${what}.`),
  ];
  return lines.map(line => `${line}\n`).join('');
}

/** What could not be verified about the prices, and in which line. */
function notVerified(): { service: string; item: string; what: string }[] {
  return Object.values<ListPrice>(PRICES).flatMap(({ service, item, unverified }) =>
    unverified === undefined ? [] : [{ service, item, what: unverified }],
  );
}

function savingText({ what, monthlyUsd, needs }: Saving): string {
  return `  ${what}: $${usdText(monthlyUsd)} less${needs === undefined ? '' : ` (needs ${needs})`}`;
}

export const command: Command = { run };
