/** Partition projection: which partitions a table has, from its parameters alone (Athena's `projection.*` properties). */
import type { CatalogTable } from '../../glue/catalog.ts';
import { notSupported, Refusal } from '../../trino-sql/syntax/refusal.ts';

/** Which values of one partition key there are, as texts; in lower case the key's name. */
export interface ProjectedKey {
  name: string;
  has(value: string): boolean;
}

const UNIT_MONTHS: Record<string, number> = { MONTH: 1, MONTHS: 1, YEAR: 12, YEARS: 12 };
const UNIT_DAYS: Record<string, number> = { DAY: 1, DAYS: 1, WEEK: 7, WEEKS: 7 };

/** The projection of each partition key; undefined for a table whose partitions are in the catalog. */
export function projectedKeys(table: CatalogTable, nowMs: number): ProjectedKey[] | undefined {
  const { PartitionKeys = [], Parameters = {}, StorageDescriptor } = table;
  if (PartitionKeys.length === 0 || Parameters['projection.enabled']?.toLowerCase() !== 'true') return undefined;
  const names = PartitionKeys.map(({ Name }) => Name.toLowerCase());
  const template = Parameters['storage.location.template'];
  const standard = `${(StorageDescriptor?.Location ?? '').replace(/\/?$/, '/')}${names.map(name => `${name}=\${${name}}`).join('/')}`;
  if (template !== undefined && template.replace(/\/$/, '') !== standard)
    throw notSupported(`the storage.location.template ${template}`);
  return names.map((name, index) => ({
    name,
    has: projection(
      name,
      PartitionKeys[index]?.Type ?? '',
      property => Parameters[`projection.${name}.${property}`],
      nowMs,
    ),
  }));
}

type Property = (name: string) => string | undefined;

function projection(key: string, hiveType: string, property: Property, nowMs: number): (value: string) => boolean {
  const type = property('type')?.toLowerCase();
  if (type === 'enum') {
    const values = new Set((property('values') ?? '').split(',').map(value => value.trim()));
    return value => values.has(value);
  }
  if (type === 'integer') return integers(key, property);
  if (type !== 'date') throw notSupported(`a projection of type ${type} (${key})`);
  if (property('format') !== 'yyyy-MM-dd') throw notSupported(`the projection format ${property('format')}`);
  if (!['string', 'varchar', 'date'].includes(hiveType)) throw notSupported(`a projected date of type ${hiveType}`);
  for (const name of ['interval', 'interval.unit'])
    if (!['1', 'DAYS', undefined].includes(property(name)))
      throw notSupported(`the projection ${name} ${property(name)} (${key})`);
  const [low, high] = range(key, property);
  const first = boundary(low, nowMs);
  const last = boundary(high, nowMs);
  return value => isCalendarDate(value) && value >= first && value <= last;
}

function integers(key: string, property: Property): (value: string) => boolean {
  const [low, high] = range(key, property).map(Number) as [number, number];
  const step = Number(property('interval') ?? '1');
  const digits = Number(property('digits') ?? '0');
  if (![low, high, step, digits].every(Number.isSafeInteger) || step < 1)
    throw new Refusal('INVALID_VIEW', `the projection of ${key} must be whole numbers`);
  return text => {
    const value = Number(text);
    const isShown = /^-?\d+$/.test(text) && text === String(value).padStart(digits, '0');
    return isShown && value >= low && value <= high && (value - low) % step === 0;
  };
}

function range(key: string, property: Property): [string, string] {
  const [first, last, ...rest] = (property('range') ?? '').split(',').map(bound => bound.trim());
  if (first === undefined || last === undefined || rest.length > 0)
    throw new Refusal('INVALID_VIEW', `projection.${key}.range must be a first and a last value`);
  return [first, last];
}

function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
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
