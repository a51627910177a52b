/** UNNEST in FROM: the elements of arrays and the entries of maps as rows, beside the row that they come from. */
import type { OutputColumn } from './env.ts';
import { Refusal } from './refusal.ts';
import { type Fields, list, only } from './syntax.ts';
import { BIGINT, trinoName } from './trino-type.ts';
import type { Typed } from './typed.ts';

/** A query of the elements; shorter arrays are filled up with NULL. `translate` is for the arrays. */
export function unnest(fields: Fields, translate: (value: unknown) => Typed): { sql: string; columns: OutputColumn[] } {
  only(fields, ['this', 'expressions', 'with_ordinality'], 'UNNEST');
  const values = [fields.this, ...list(fields.expressions)].map(translate);
  const lists = values.map(({ sql }, index) => `${sql} AS a${index}`);
  const parts = values.flatMap(({ type }, index) => elements(`e${index}`, type));
  const columns = parts.map(({ type }) => ({ name: undefined, type }));
  const sources = values.map(({ type }, index) => `unnest(${source(`a.a${index}`, type)}) AS e${index}`);
  const ordinality = fields.with_ordinality === true;
  if (ordinality) {
    columns.push({ name: undefined, type: BIGINT });
    const longest = values.map((_, index) => `coalesce(len(${source(`a.a${index}`, values[index]?.type)}), 0)`);
    sources.push(`unnest(range(1, greatest(${longest.join(', ')}) + 1)) AS n`);
    parts.push({ sql: 'n', type: BIGINT });
  }
  const shown = parts.map(({ sql }, index) => `${sql} AS c${index}`).join(', ');
  return {
    sql: `SELECT ${shown} FROM (SELECT ${sources.join(', ')} FROM (SELECT ${lists.join(', ')}) AS a) AS u`,
    columns,
  };
}

/** An array as it is; a map as the array of its entries. */
function source(sql: string, type: Typed['type'] | undefined): string {
  return type?.kind === 'map' ? `map_entries(${sql})` : sql;
}

/** The columns that one argument gives: two for a map, one for each field of rows, else one. */
function elements(element: string, type: Typed['type']): Typed[] {
  if (type.kind === 'map')
    return [
      { sql: `${element}.key`, type: type.key },
      { sql: `${element}.value`, type: type.value },
    ];
  if (type.kind !== 'array') throw new Refusal('INVALID_FUNCTION_ARGUMENT', `Cannot unnest type: ${trinoName(type)}`);
  if (type.element.kind !== 'row') return [{ sql: element, type: type.element }];
  return type.element.fields.map((field, index) => ({ sql: `${element}.f${index}`, type: field.type }));
}
