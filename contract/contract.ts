import type { ColumnConfig, ColumnType, LakeConfig } from './config.ts';
import { isDate, isTimeZone } from './time.ts';

/** A checked `LakeConfig` with every default filled in. Everything else in Sluice derives from it. */
export interface Contract {
  readonly topic: string;
  readonly device: { readonly from: string; readonly path: readonly string[] };
  readonly time: {
    readonly from: string;
    readonly path: readonly string[];
    readonly form: LakeConfig['time']['form'];
    readonly timezone: string;
  };
  readonly columns: readonly Column[];
  readonly accept: { readonly pastDays: number; readonly futureDays: number };
  readonly since: string;
  readonly maxMessageBytes: number;
  readonly hotDays: number;
}

export interface Column {
  readonly name: string;
  readonly from: string;
  readonly path: readonly string[];
  readonly type: ColumnType;
  readonly unit: string | undefined;
  readonly range: readonly [number, number] | undefined;
  readonly required: boolean;
}

/** An error in a contract: the property's path in the config and the value found there. */
export class ContractError extends Error {
  readonly at: string;
  readonly value: unknown;

  constructor(at: string, value: unknown, message: string) {
    super(`${at}: ${message}`);
    this.name = 'ContractError';
    this.at = at;
    this.value = value;
  }
}

/** The largest message that AWS IoT Core carries, in bytes. */
export const IOT_MAX_PAYLOAD_BYTES = 131_072;

/** Columns that every table has in addition to the measures. */
export const RESERVED_COLUMNS = ['deviceid', 'ts', 'received_at', 'dt', 'timestamp', 'value', 'expires_at'] as const;

const MESSAGE_BYTES = { from: 2, to: IOT_MAX_PAYLOAD_BYTES };
/** Topic levels go into the rule's SQL in quotes, and into the devices' policy, where `*` and `?` are wildcards. */
const NOT_IN_TOPIC = /[+#*?$\s{}'"\\\p{Cc}]/u;
const UNIT = /^\P{Cc}+$/u;
/** The column's comment holds field and unit; Glue limits it to 255 bytes. */
const MAX_BYTES = { from: 200, unit: 40 };
const COLUMN_NAME = /^[a-z_][a-z0-9_]{0,127}$/;
const COLUMN_TYPES: readonly ColumnType[] = ['double', 'bigint', 'boolean', 'string'];
const TIME_FORMS: readonly string[] = ['iso8601', 'epoch-seconds', 'epoch-milliseconds'];
const KNOWN_KEYS = {
  '': ['topic', 'device', 'time', 'columns', 'accept', 'since', 'maxMessageBytes', 'hotDays'],
  device: ['from'],
  time: ['from', 'form', 'timezone'],
  accept: ['pastDays', 'futureDays'],
  column: ['name', 'from', 'type', 'unit', 'range', 'required'],
};

/** Checks a config and fills in its defaults. Throws a `ContractError` with the path of the first invalid property. */
export function defineContract(config: LakeConfig): Contract {
  checkObject('config', config, KNOWN_KEYS['']);
  checkTopic(config.topic);
  checkObject('device', config.device, KNOWN_KEYS.device);
  checkObject('time', config.time, KNOWN_KEYS.time);
  if (config.accept !== undefined) checkObject('accept', config.accept, KNOWN_KEYS.accept);
  return {
    topic: config.topic,
    device: { from: config.device.from, path: fieldPath('device.from', config.device.from) },
    time: checkTime(config.time),
    columns: checkColumns(config.columns),
    accept: {
      pastDays: bound('accept.pastDays', config.accept?.pastDays, { from: 0, to: 36_500, otherwise: 400 }),
      futureDays: bound('accept.futureDays', config.accept?.futureDays, { from: 0, to: 3_650, otherwise: 1 }),
    },
    since: checkDate('since', config.since === undefined ? '2020-01-01' : config.since),
    maxMessageBytes: bound('maxMessageBytes', config.maxMessageBytes, {
      ...MESSAGE_BYTES,
      otherwise: 65_536,
      whole: true,
    }),
    hotDays: bound('hotDays', config.hotDays, { from: 1, to: 36_500, otherwise: 30, whole: true }),
  };
}

function checkTopic(topic: unknown): void {
  if (typeof topic !== 'string' || topic === '')
    throw new ContractError('topic', topic, "is missing; write the topic of one device, such as 'data/{deviceid}'");
  const levels = topic.split('/');
  if (levels.filter(level => level === '{deviceid}').length !== 1)
    throw new ContractError('topic', topic, "needs {deviceid} as exactly one whole level, such as 'data/{deviceid}'");
  if (levels.some(level => level === '' || (level !== '{deviceid}' && NOT_IN_TOPIC.test(level))))
    throw new ContractError(
      'topic',
      topic,
      'must not contain an empty level, a wildcard, a space, a quote, a \\ or a $',
    );
  if (levels.length > 8) throw new ContractError('topic', topic, 'has more than the 8 levels that AWS IoT Core allows');
  if (Buffer.byteLength(topic) > 256 - 128 + '{deviceid}'.length)
    throw new ContractError(
      'topic',
      topic,
      'leaves no room for an id of 128 in the 256 bytes that AWS IoT Core allows',
    );
}

function checkTime(time: LakeConfig['time']): Contract['time'] {
  if (!TIME_FORMS.includes(time.form))
    throw new ContractError('time.form', time.form, `must be one of ${TIME_FORMS.join(', ')}`);
  const timezone = time.timezone === undefined ? 'UTC' : time.timezone;
  if (typeof timezone !== 'string' || !isTimeZone(timezone))
    throw new ContractError(
      'time.timezone',
      timezone,
      'is not an IANA time zone; write one such as UTC or Europe/Berlin',
    );
  return { from: time.from, path: fieldPath('time.from', time.from), form: time.form, timezone };
}

function checkColumns(columns: unknown): Column[] {
  if (!Array.isArray(columns) || columns.length === 0)
    throw new ContractError('columns', columns, 'needs at least one measure');
  const seen = new Set<string>();
  // Array.from, because map skips the holes of a list such as [a, , b].
  return Array.from(columns, (column: ColumnConfig, index) => {
    const at = `columns[${index}]`;
    checkObject(at, column, KNOWN_KEYS.column);
    checkColumnName(`${at}.name`, column.name, seen);
    if (!COLUMN_TYPES.includes(column.type))
      throw new ContractError(`${at}.type`, column.type, `must be one of ${COLUMN_TYPES.join(', ')}`);
    if (column.required !== undefined && typeof column.required !== 'boolean')
      throw new ContractError(`${at}.required`, column.required, 'must be true or false');
    if (column.unit !== undefined && !isUnit(column.unit))
      throw new ContractError(`${at}.unit`, column.unit, `must be a text of 1 to ${MAX_BYTES.unit} bytes`);
    return {
      name: column.name,
      from: column.from,
      path: fieldPath(`${at}.from`, column.from),
      type: column.type,
      unit: column.unit,
      range: checkRange(`${at}.range`, column),
      required: column.required ?? false,
    };
  });
}

function isUnit(unit: unknown): boolean {
  return typeof unit === 'string' && UNIT.test(unit) && Buffer.byteLength(unit) <= MAX_BYTES.unit;
}

function checkColumnName(at: string, name: unknown, seen: Set<string>): void {
  if (typeof name !== 'string' || !COLUMN_NAME.test(name))
    throw new ContractError(at, name, 'must be lowercase letters, digits and _, not starting with a digit');
  if (name === '__proto__') throw new ContractError(at, name, 'cannot be the name of a property in JavaScript');
  if ((RESERVED_COLUMNS as readonly string[]).includes(name))
    throw new ContractError(at, name, `is the name of a column that every lake has (${RESERVED_COLUMNS.join(', ')})`);
  if (seen.has(name)) throw new ContractError(at, name, 'is the name of two columns');
  seen.add(name);
}

function checkRange(at: string, { range, type }: ColumnConfig): readonly [number, number] | undefined {
  if (range === undefined) return undefined;
  const [low, high] = Array.isArray(range) && range.length === 2 ? range : [Number.NaN, Number.NaN];
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high)
    throw new ContractError(at, range, 'must be [lowest, highest], two finite numbers');
  if (type !== 'double' && type !== 'bigint')
    throw new ContractError(at, range, `is not allowed for a column of type ${type}`);
  return [low, high];
}

function fieldPath(at: string, from: unknown): string[] {
  if (typeof from !== 'string' || from === '' || from.split('.').includes(''))
    throw new ContractError(at, from, 'must be a field of the message, or a dotted path such as data.temp');
  if (Buffer.byteLength(from) > MAX_BYTES.from)
    throw new ContractError(at, from, `is longer than ${MAX_BYTES.from} bytes`);
  const path = from.split('.');
  // A bare message with this field would be mistaken for an envelope.
  if (path[0] === 'payload_base64')
    throw new ContractError(
      at,
      from,
      "is a field of the envelope that the topic rule wraps messages in; it can't be read",
    );
  return path;
}

function checkDate(at: string, date: unknown): string {
  if (typeof date !== 'string' || !isDate(date) || date < '1970-01-01')
    throw new ContractError(at, date, 'must be a date from 1970 on, YYYY-MM-DD');
  return date;
}

/** The default applies only to undefined: null in a config is a mistake. */
function bound(at: string, value: unknown, { from, to, otherwise, whole = false }: Bound): number {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !(value >= from && value <= to) || (whole && !Number.isInteger(value)))
    throw new ContractError(at, value, `must be a ${whole ? 'whole ' : ''}number from ${from} to ${to}`);
  return value;
}

interface Bound {
  from: number;
  to: number;
  otherwise: number;
  whole?: boolean;
}

function checkObject(at: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ContractError(at, value, `must be an object with ${known.join(', ')}`);
  for (const key of Object.keys(value))
    if (!known.includes(key))
      throw new ContractError(
        at === 'config' ? key : `${at}.${key}`,
        key,
        `is unknown; known properties are ${known.join(', ')}`,
      );
}
