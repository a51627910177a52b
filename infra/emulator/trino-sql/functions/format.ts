/** `format('…%d…', …)`: Java's Formatter, in the part whose text is certain. */

import { notSupported, Refusal } from '../syntax/refusal.ts';
import { isIntegral, type TrinoType, trinoName, VARCHAR } from '../types/trino-type.ts';
import { coerce, quote, type Typed } from '../types/typed-expression.ts';
import { castTo } from './cast.ts';

/** The text; NULL as an argument is written `null`. */
export function formatted(format: Typed, args: Typed[]): Typed {
  const { constant } = coerce(format, VARCHAR, 'format');
  if (constant === undefined) throw notSupported('format with a format that is not a literal');
  let used = 0;
  const parts = constant.split(/(%[^a-zA-Z%]*[a-zA-Z%])/).filter(part => part !== '');
  const texts = parts.map(part => {
    if (!part.startsWith('%')) {
      if (part.includes('%')) throw notSupported(`format with '${part}'`);
      return quote(part);
    }
    if (part === '%%') return quote('%');
    const arg = args[used++];
    if (arg === undefined) throw new Refusal('INVALID_FUNCTION_ARGUMENT', `Format specifier '${part}' has no argument`);
    return `coalesce(${specifier(part, arg)}, ${quote('null')})`;
  });
  return { sql: texts.length === 0 ? "''" : `concat(${texts.join(', ')})`, type: VARCHAR };
}

const PLAIN: readonly TrinoType['kind'][] = ['varchar', 'boolean', 'date', 'tinyint', 'smallint', 'integer', 'bigint'];

function specifier(text: string, arg: Typed): string {
  const refuse = () =>
    notSupported(`format's ${text} of ${trinoName(arg.type)}`, 'There are %s, %d, %05d, %,d and %.2f.');
  const [, flag = '', width = '', places, letter] = /^%([0,]?)(\d{0,2})(?:\.(\d{1,2}))?([sdf])$/.exec(text) ?? [];
  if (letter === 's' && flag === '' && width === '' && places === undefined && PLAIN.includes(arg.type.kind))
    return castTo(arg, VARCHAR, false).sql;
  if (letter === 'd' && places === undefined && isIntegral(arg.type)) {
    if (flag === ',' && width === '') return `trino_thousands(${arg.sql})`;
    const digits = `CAST(abs(${arg.sql}) AS VARCHAR)`;
    if (flag === '' && width === '') return `CAST(${arg.sql} AS VARCHAR)`;
    if (flag !== '0' || width === '') throw refuse();
    const sign = `CASE WHEN ${arg.sql} < 0 THEN '-' ELSE '' END`;
    const room = `greatest(${width} - length(${sign}), length(${digits}))`;
    return `(${sign} || lpad(${digits}, CAST(${room} AS INTEGER), '0'))`;
  }
  if (letter === 'f' && flag === '' && width === '' && arg.type.kind === 'double' && Number(places ?? 6) <= 15)
    return `trino_signed(${arg.sql}, CAST(CAST(trino_fixed(${arg.sql}) AS DECIMAL(38,${places ?? 6})) AS VARCHAR))`;
  throw refuse();
}
