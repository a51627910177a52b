/** Partition projection: which partitions a table has, from its parameters alone (Athena's `projection.*` properties). */
import type { CatalogTable } from '../glue/catalog.ts';
import { notSupported, Refusal } from './translate/refusal.ts';

/** A date partition's name and its first and last value, `YYYY-MM-DD`, both included. */
export interface DateProjection {
  key: string;
  first: string;
  last: string;
}

const UNIT_MONTHS: Record<string, number> = { MONTH: 1, MONTHS: 1, YEAR: 12, YEARS: 12 };
const UNIT_DAYS: Record<string, number> = { DAY: 1, DAYS: 1, WEEK: 7, WEEKS: 7 };

/** The projection of a table partitioned by one date; undefined for a table without partitions. */
export function dateProjection(table: CatalogTable, nowMs: number): DateProjection | undefined {
  const [partition, ...more] = table.PartitionKeys ?? [];
  if (partition === undefined) return undefined;
  const key = partition.Name.toLowerCase();
  const property = (name: string) => table.Parameters?.[`projection.${key}.${name}`];
  if (more.length > 0 || table.Parameters?.['projection.enabled'] !== 'true' || property('type') !== 'date')
    throw notSupported(`a table partitioned otherwise than by one projected date (${table.Name})`);
  if (property('format') !== 'yyyy-MM-dd') throw notSupported(`the projection format ${property('format')}`);
  if (!['string', 'varchar'].includes(partition.Type)) throw notSupported(`a partition of type ${partition.Type}`);
  const location = table.StorageDescriptor?.Location ?? '';
  const template = table.Parameters['storage.location.template'];
  if (template !== undefined && template.replace(/\/$/, '') !== `${location.replace(/\/?$/, '/')}${key}=\${${key}}`)
    throw notSupported(`the storage.location.template ${template}`);
  const [first, last, ...rest] = (property('range') ?? '').split(',').map(bound => bound.trim());
  if (first === undefined || last === undefined || rest.length > 0)
    throw new Refusal('INVALID_VIEW', `projection.${key}.range must be two dates`);
  return { key, first: boundary(first, nowMs), last: boundary(last, nowMs) };
}

/** `2020-01-01`, `NOW`, or `NOW` plus or minus a number of days, weeks, months or years; UTC. */
function boundary(text: string, nowMs: number): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return text;
  const match = /^NOW(?:\s*([+-])\s*(\d{1,5})\s*([A-Z]+))?$/.exec(text);
  if (match === null) throw notSupported(`the projection range ${text}`);
  const [, sign, count = '0', unit = 'DAYS'] = match;
  const amount = Number(count) * (sign === '-' ? -1 : 1);
  const date = new Date(nowMs);
  const months = UNIT_MONTHS[unit];
  const days = UNIT_DAYS[unit];
  if (months !== undefined) date.setUTCMonth(date.getUTCMonth() + amount * months);
  else if (days !== undefined) date.setUTCDate(date.getUTCDate() + amount * days);
  else throw notSupported(`the projection unit ${unit}`);
  return date.toISOString().slice(0, 10);
}
