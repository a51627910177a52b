/** A result's column: its name and its Athena type (`bigint`, `timestamp`, `decimal`, …). */
export interface Column {
  name: string;
  type: string;
  /** A decimal's total digits, and its digits after the point. */
  precision?: number;
  scale?: number;
}

/**
 * One value: bigint exact; the other integer types, real and double as number (including NaN and infinities);
 * boolean; null. Everything else is Athena's text: date, timestamp, decimal, varchar, array, map, row, varbinary.
 */
export type Value = null | boolean | number | bigint | string;

/** One row, with its values in column order. */
export type Row = readonly Value[];

const NUMBERS = new Set(['tinyint', 'smallint', 'integer', 'int', 'real', 'float', 'double']);

/**
 * Converts the texts of one row of GetQueryResults to values; an absent text is NULL, which is not the empty string.
 */
export function decodeRow(columns: readonly Column[], texts: readonly (string | undefined)[]): Row {
  return columns.map(({ name, type }, index) => {
    const text = texts[index];
    return text === undefined ? null : decodeValue(name, type.toLowerCase(), text);
  });
}

/** Whether a type is numeric, to be aligned right. */
export function isNumeric(type: string): boolean {
  const name = type.toLowerCase();
  return NUMBERS.has(name) || name === 'bigint' || name.startsWith('decimal');
}

function decodeValue(name: string, type: string, text: string): Value {
  if (type === 'bigint' && /^-?\d+$/.test(text)) return BigInt(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (NUMBERS.has(type) && text !== '') {
    const number = Number(text);
    if (!Number.isNaN(number) || text === 'NaN') return number;
  }
  if (type === 'bigint' || type === 'boolean' || NUMBERS.has(type))
    throw new Error(`Athena sent '${text}' in column ${name}, which is of type ${type}.`);
  return text;
}
