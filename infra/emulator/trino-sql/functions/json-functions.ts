/** Functions of JSON, as text or of type json, and the paths that are understood. */
import { notSupported } from '../syntax/refusal.ts';
import { BIGINT, JSON_TYPE, type TrinoType, VARCHAR } from '../types/trino-type.ts';
import { coerce, quote, type Typed } from '../types/typed-expression.ts';
import { plain, type ScalarRule, unexpected } from './scalar-rule.ts';

export const JSON_FUNCTIONS: Record<string, ScalarRule> = {
  json_extract_scalar: extract('trino_json_scalar', VARCHAR),
  json_extract: extract('trino_json_extract', JSON_TYPE),
  json_array_length: {
    arity: [1, 1],
    apply: ([json], name) => ({ sql: `trino_json_length(${document(json as Typed, name)})`, type: BIGINT }),
  },
  // What uses the value would write all that is checked at every place: it is worked out once, in a lambda.
  json_parse: plain([VARCHAR], JSON_TYPE, x => `list_transform([${x}], lambda j9: trino_json_valid(j9))[1]`),
  json_format: {
    arity: [1, 1],
    apply: ([json], name) => {
      if (json?.type.kind !== 'json') throw unexpected(name, json);
      return { sql: `trino_json_text(${json.sql})`, type: VARCHAR };
    },
  },
};

function extract(macro: string, type: TrinoType): ScalarRule {
  return {
    arity: [2, 2],
    apply: ([json, path], name) => {
      if (name === 'json_extract_scalar' && json?.type.kind === 'unknown') throw unexpected(name, json, path);
      const { constant } = coerce(path as Typed, VARCHAR, name);
      if (constant === undefined) throw notSupported(`${name} with a path that is not a literal`);
      const document_ = document(json as Typed, name);
      const { duck, parents } = jsonPath(constant);
      const found = `${macro}(${document_}, ${quote(duck)})`;
      if (parents.length === 0) return { sql: found, type };
      // Trino takes an index for the key of an object too.
      const objects = parents.map(parent => `trino_json_kind(${document_}, ${quote(parent)}) = 'OBJECT'`).join(' OR ');
      return {
        sql: `CASE WHEN ${objects} THEN trino_refuse('NOT_SUPPORTED: a JSON index into an object') ELSE ${found} END`,
        type,
      };
    },
  };
}

function document(value: Typed, name: string): string {
  if (value.type.kind === 'json') return value.sql;
  return coerce(value, VARCHAR, name).sql;
}

/** `$.key`, `$["key"]` and `$[0]` as DuckDB's path, and the paths of what an index is into. */
function jsonPath(path: string): { duck: string; parents: string[] } {
  const refuse = () => notSupported(`the JSON path ${path}`, 'Paths of keys and indices are: $.a.b[0], $["a key"].');
  let duck = '$';
  const parents: string[] = [];
  let rest = path;
  if (!rest.startsWith('$')) throw refuse();
  rest = rest.slice(1);
  while (rest !== '') {
    const [whole = '', name, quoted, index] =
      /^(?:\.([A-Za-z_][A-Za-z0-9_]*)|\["([^"\\*]+)"\]|\[(\d{1,6})\])/.exec(rest) ?? [];
    if (whole === '') throw refuse();
    const key = name ?? quoted;
    if (index !== undefined) parents.push(duck);
    if (key !== undefined && /^\d+$/.test(key)) throw refuse();
    duck += key === undefined ? `[${Number(index)}]` : `."${key}"`;
    rest = rest.slice(whole.length);
  }
  return { duck, parents };
}
