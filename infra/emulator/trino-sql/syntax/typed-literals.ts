/** Literals with their type before them, `DECIMAL '0.12'`: the parser loses the digits of some, and does not read the others. */
import { notSupported, Refusal } from './refusal.ts';
import type { Word } from './words.ts';

/** A typed literal: the index of its last word, and the SQL that gives the same value and that the parser reads right. */
export interface TypedLiteral {
  last: number;
  sql: string;
}

/**
 * The typed literals among the words, by the index of their first. Throws INVALID_LITERAL where a text is not one of its type,
 * and a refusal for types whose literals are not translated.
 */
export function typedLiterals(words: readonly Word[]): Map<number, TypedLiteral> {
  const literals = new Map<number, TypedLiteral>();
  for (const last of words.keys()) {
    const literal = endingAt(words, last);
    if (literal !== undefined) literals.set(literal.first, { last, sql: literal.sql });
  }
  return literals;
}

function endingAt(words: readonly Word[], at: number): { first: number; sql: string } | undefined {
  const [before, last, string] = [words[at - 2], words[at - 1], words[at]];
  if (last === undefined || !string?.text.startsWith("'")) return undefined;
  if (last.text.startsWith('"')) throw notSupported(`a literal ${last.text} '…'`, 'Write the type without quotes.');
  const name = last.text.toUpperCase();
  const isPrecision = name === 'PRECISION' && before?.text.toUpperCase() === 'DOUBLE';
  const type = isPrecision ? 'DOUBLE' : name;
  if (UNKNOWN.has(type)) throw new Refusal('TYPE_NOT_FOUND', `Unknown type: ${last.text}`);
  if (REFUSED.has(type)) throw notSupported(`a literal ${type} '…'`);
  const rule = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (rule === undefined) return undefined;
  const text = string.text.slice(1, -1).replaceAll("''", "'");
  const sql = rule(text);
  if (sql === undefined) throw new Refusal('INVALID_LITERAL', `'${text}' is not a valid ${type} literal`);
  return { first: at - (isPrecision ? 2 : 1), sql };
}

/** The SQL for the text of a literal; undefined where it is not one of the type. */
type Rule = (text: string) => string | undefined;

const TYPES: Record<string, Rule> = {
  DECIMAL: decimal,
  DOUBLE: text => floating(text, 'DOUBLE'),
  REAL: text => floating(text, 'REAL'),
  TINYINT: whole('TINYINT', 8),
  SMALLINT: whole('SMALLINT', 16),
  INTEGER: whole('INTEGER', 32),
  INT: whole('INTEGER', 32),
  BIGINT: whole('BIGINT', 64),
  BOOLEAN: text => (/^(t|true|1)$/i.test(text) ? 'true' : /^(f|false|0)$/i.test(text) ? 'false' : undefined),
  VARCHAR: text => `'${text.replaceAll("'", "''")}'`,
};

/** Types of Trino's whose literals have no rule. */
const REFUSED = new Set(['CHAR', 'VARBINARY', 'IPADDRESS', 'UUID']);
/** Names that are types elsewhere, not in Trino. */
const UNKNOWN = new Set(['NUMERIC', 'DEC', 'FLOAT', 'STRING', 'NUMBER']);

/** Its digits make its type, leading zeros aside. */
function decimal(text: string): string | undefined {
  if (/\d_\d/.test(text)) throw notSupported(`the literal DECIMAL '${text}'`, 'Write it without underscores.');
  const [, sign = '', digits = '', fraction = ''] = /^([+-]?)0*(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  const precision = Math.max(1, digits.length + fraction.length);
  if (!/^[+-]?\.?\d/.test(text) || !/^[+-]?\d*\.?\d*$/.test(text) || precision > 38) return undefined;
  const point = fraction === '' ? '' : `.${fraction}`;
  return `CAST('${sign}${digits || '0'}${point}' AS DECIMAL(${precision}, ${fraction.length}))`;
}

function floating(text: string, type: string): string | undefined {
  const number = text.replaceAll(/^[\0-\x20]+|[\0-\x20]+$/g, '');
  if (/^[+-]?0x/i.test(number)) throw notSupported(`the literal ${type} '${text}'`, 'Write a decimal number.');
  if (!/^[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?|NaN|Infinity)$/.test(number)) return undefined;
  return `CAST('${number}' AS ${type})`;
}

function whole(type: string, bits: number): Rule {
  return text => {
    if (/^[+-]?[\p{Nd}]+$/u.test(text) && !/^[+-]?\d+$/.test(text))
      throw notSupported(`the literal ${type} '${text}'`, 'Write it with the digits 0 to 9.');
    if (!/^[+-]?\d+$/.test(text)) return undefined;
    const value = BigInt(text.replace('+', ''));
    return value === BigInt.asIntN(bits, value) ? `CAST('${value}' AS ${type})` : undefined;
  };
}
