/** Values of partition keys: texts in the catalog, compared as the key's type says. */

/** Hive's name for the partition whose key is NULL. */
export const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__';

/** How a key's values compare. */
export type KeyType = 'string' | 'date' | 'timestamp' | 'integer' | 'decimal';

/** What compares by `<` and `>`, within one type. */
export type Ordered = string | bigint;

/** How a key of a Hive type compares; undefined for a type that Glue does not filter by. */
export function keyType(hiveType: string): KeyType | undefined {
  const name = hiveType.toLowerCase().replace(/\(.*/s, '').trim();
  if (name === 'string' || name === 'varchar' || name === 'char') return 'string';
  if (name === 'date' || name === 'timestamp' || name === 'decimal') return name;
  return ['tinyint', 'smallint', 'int', 'integer', 'long', 'bigint'].includes(name) ? 'integer' : undefined;
}

/** A value in a form that compares; undefined where it is none of the type. Strings compare by code points. */
export function ordered(value: string, type: KeyType): Ordered | undefined {
  switch (type) {
    case 'string':
      return codePoints(value);
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(value) && isDay(value) ? value : undefined;
    case 'timestamp':
      return orderedTimestamp(value);
    case 'integer':
      return /^[+-]?\d{1,38}$/.test(value) ? BigInt(value.replace('+', '')) : undefined;
    case 'decimal':
      return orderedDecimal(value);
  }
}

/** JavaScript compares UTF-16, in which characters beyond U+FFFF come before U+E000: their bytes in UTF-8 compare rightly. */
function codePoints(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

function isDay(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function orderedTimestamp(value: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?)?$/.exec(value);
  const [, day = '', time = '00:00:00', fraction = ''] = match ?? [];
  return match !== null && isDay(day) ? `${day} ${time}.${fraction.padEnd(9, '0')}` : undefined;
}

const MAX_SCALE = 38;

function orderedDecimal(value: string): bigint | undefined {
  const match = /^([+-]?)(\d{0,38})(?:\.(\d{0,38}))?$/.exec(value);
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  if (match === null || whole + fraction === '') return undefined;
  const scaled = BigInt(`${whole || '0'}${fraction.padEnd(MAX_SCALE, '0')}`);
  return sign === '-' ? -scaled : scaled;
}
