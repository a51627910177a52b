/** GROUP BY: keys, positions, GROUPING SETS, ROLLUP and CUBE. */
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, fieldsOf, list, node, only } from '../syntax/syntax.ts';
import { hasSubquery, type Typed } from '../types/typed-expression.ts';

const SETS = /^(ROLLUP|CUBE|GROUPING SETS)$/i;

/** The clause in DuckDB's SQL, '' where there is none, and the keys in it. `items` are the output columns. */
export function groupBy(
  value: unknown,
  items: Typed[],
  translateKey: (value: unknown) => Typed,
): { sql: string; keys: string[] } {
  if (value === null || value === undefined) return { sql: '', keys: [] };
  const keys: string[] = [];
  const translate = (each: unknown) => {
    const key = translateKey(each);
    keys.push(key.sql);
    return key;
  };
  const fields = fieldsOf(value);
  only(fields, ['expressions'], 'GROUP BY');
  const elements = list(fields.expressions).flatMap(each => {
    const { kind, fields: members } = node(each);
    if (kind === 'function' && SETS.test(String(members.name))) return [sets(members, translate)];
    // A key in parentheses is the key; several are several.
    if (kind === 'tuple') {
      const keys = list(members.expressions);
      return keys.length === 0 ? ['()'] : keys.map(key => `(${columnKey(key, translate)})`);
    }
    // A key that is a lone literal would be an ordinal to DuckDB.
    const item = ordinal(each, items);
    if (item !== undefined) keys.push(item.sql);
    const key = item?.sql ?? translate(each).sql;
    if (hasSubquery(key)) throw notSupported('a subquery in GROUP BY', 'Name it as a column in a subquery of FROM.');
    return [`(${key})`];
  });
  return { sql: `GROUP BY ${elements.join(', ')}`, keys };
}

function sets(members: Fields, translate: (value: unknown) => Typed): string {
  only(members, ['name', 'args'], String(members.name));
  const isSets = /^GROUPING SETS$/i.test(String(members.name));
  const parts = list(members.args).map(each => {
    const { kind, fields } = node(each);
    if (kind === 'function' && SETS.test(String(fields.name)))
      throw notSupported(`${String(fields.name)} within ${String(members.name)}`, 'List the sets.');
    if (kind === 'tuple')
      return `(${list(fields.expressions)
        .map(key => columnKey(key, translate))
        .join(', ')})`;
    const key = columnKey(each, translate);
    return isSets ? `(${key})` : key;
  });
  return `${String(members.name).toUpperCase()} (${parts.join(', ')})`;
}

/** What Trino lets stand in a grouping set: a column. */
function columnKey(value: unknown, translate: (value: unknown) => Typed): string {
  const { kind, fields } = node(value);
  if (kind === 'paren') return columnKey(fields.this, translate);
  if (kind !== 'column' && kind !== 'dot')
    throw notSupported('an expression in GROUPING SETS, ROLLUP or CUBE', 'Name it as a column in a subquery.');
  return translate(value).sql;
}

/** The output column that a whole number stands for, in GROUP BY and ORDER BY; any other literal is a constant there. */
export function ordinal<T>(value: unknown, items: T[]): T | undefined {
  const { kind, fields } = node(value);
  if (kind !== 'literal' || fields.literal_type !== 'number' || !/^\d+$/.test(String(fields.value))) return undefined;
  const item = items[Number(fields.value) - 1];
  if (item === undefined)
    throw new Refusal('SYNTAX_ERROR', `position ${String(fields.value)} is not in the select list`);
  return item;
}
