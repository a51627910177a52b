/** DuckDB's values as the text that Athena gives for them. */
import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { TrinoType } from '../../trino-sql/types/trino-type.ts';

/** The text of a value of a column of `type`; NULL is null. Timestamps with time zone come as the wall clock of their zone. */
export function renderValue(value: DuckDBValue, type: TrinoType): string | null {
  if (value === null) return null;
  switch (type.kind) {
    case 'real':
      return javaNumber(
        Number(value),
        String(Math.fround(Number(value)) === 0 ? Number(value) : shortestFloat(Number(value))),
      );
    case 'double':
      return javaNumber(Number(value), String(Math.abs(Number(value))));
    case 'timestamp':
      if (value instanceof DuckDBTimestampValue) return timestampText(value.micros, type.precision);
      break;
    case 'timestamptz':
      if (value instanceof DuckDBTimestampValue) return `${timestampText(value.micros, type.precision)} ${type.zone}`;
      break;
    case 'date':
      if (value instanceof DuckDBDateValue) return dateText(BigInt(value.days) * 86_400_000_000n);
      break;
    case 'decimal':
      if (value instanceof DuckDBDecimalValue) return value.toString();
      break;
    case 'array':
      if (value instanceof DuckDBListValue)
        return `[${value.items.map(item => renderValue(item, type.element) ?? 'null').join(', ')}]`;
      break;
    case 'map':
      if (value instanceof DuckDBMapValue) {
        const text = (inner: DuckDBValue, innerType: TrinoType) => renderValue(inner, innerType) ?? 'null';
        return `{${value.entries.map(entry => `${text(entry.key, type.key)}=${text(entry.value, type.value)}`).join(', ')}}`;
      }
      break;
    case 'row':
      if (value instanceof DuckDBStructValue) {
        const { entries } = value;
        return `{${type.fields.map((field, index) => `${field.name ?? `field${index}`}=${renderValue(entries[`f${index}`] ?? null, field.type) ?? 'null'}`).join(', ')}}`;
      }
      break;
    case 'interval-day':
      return dayInterval(BigInt(String(value)));
    case 'interval-year':
      return yearInterval(Number(value));
    case 'varbinary':
      if (value instanceof DuckDBBlobValue)
        return Array.from(value.bytes, byte => byte.toString(16).padStart(2, '0')).join(' ');
      break;
    default:
      return String(value);
  }
  throw new Error(`A value of type ${type.kind} came as ${typeof value}.`);
}

/** As Java's Double.toString: at least one decimal, and powers of ten below 0.001 and from 10,000,000. */
export function javaNumber(value: number, digitsOfAbsolute: string): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return `${sign}Infinity`;
  if (value === 0) return `${sign}0.0`;
  // Java writes at least two digits: the least double is not 5.0E-324.
  const { digits, exponent } = scientific(digitsOfAbsolute === '5e-324' ? '4.9e-324' : digitsOfAbsolute);
  if (exponent >= -3 && exponent < 7) {
    const padded = exponent < 0 ? '0'.repeat(-exponent) + digits : digits.padEnd(exponent + 2, '0');
    const point = Math.max(exponent, 0) + 1;
    return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
  }
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
}

/** JavaScript's shortest text as its significant digits and the power of ten of the first. */
function scientific(text: string): { digits: string; exponent: number } {
  const [mantissa = '', power = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, '').length;
  return { digits: all.slice(leading).replace(/0+$/, ''), exponent: whole.length - 1 - leading + Number(power) };
}

/** The fewest digits that read back as the same 32-bit float. */
function shortestFloat(value: number): string {
  for (let precision = 1; precision < 9; precision++) {
    const text = Math.abs(value).toPrecision(precision);
    if (Math.fround(Number(text)) === Math.fround(Math.abs(value))) return String(Number(text));
  }
  return String(Number(Math.abs(value).toPrecision(9)));
}

/** As Trino writes an interval: `1 02:03:04.005`. */
function dayInterval(millis: bigint): string {
  const absolute = millis < 0n ? -millis : millis;
  const day = 86_400_000n;
  const clock = new Date(Number(absolute % day)).toISOString().slice(11, 23);
  return `${millis < 0n ? '-' : ''}${absolute / day} ${clock}`;
}

/** As Trino writes an interval: `1-2` for 14 months. */
function yearInterval(months: number): string {
  const absolute = Math.abs(months);
  return `${months < 0 ? '-' : ''}${Math.floor(absolute / 12)}-${absolute % 12}`;
}

function timestampText(micros: bigint, precision: number): string {
  const day = 86_400_000_000n;
  const ofDay = ((micros % day) + day) % day;
  const seconds = Number(ofDay / 1_000_000n);
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  const clock = `${two(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  const fraction = String(ofDay % 1_000_000n)
    .padStart(6, '0')
    .slice(0, Math.max(precision, 3));
  return `${dateText(micros - ofDay)} ${clock}.${fraction}`;
}

function dateText(microsAtMidnight: bigint): string {
  const iso = new Date(Number(microsAtMidnight / 1_000n)).toISOString();
  // JavaScript writes a year beyond four digits with six.
  return iso.slice(0, iso.indexOf('T')).replace(/^([+-])0{1,2}(?=\d{4,5}-)/, '$1');
}
