/** Functions that take a lambda: transform, filter, reduce … */
import type { Env } from '../bind/env.ts';
import { unexpected } from '../functions/scalar-rule.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { identifier, list, node, only } from '../syntax/syntax.ts';
import { BOOLEAN, duckType, type TrinoType, trinoName } from '../types/trino-type.ts';
import { coerce, type Typed } from '../types/typed-expression.ts';

type Translate = (value: unknown, env: Env) => Typed;
interface LambdaCall {
  name: string;
  args: unknown[];
  env: Env;
  translate: Translate;
}

const RULES: Record<string, (call: LambdaCall) => Typed> = {
  transform: call => {
    const { sql, of } = array(call);
    const { body, names } = lambda(call, 1, [of]);
    return { sql: `list_transform(${sql}, lambda ${names}: ${body.sql})`, type: { kind: 'array', element: body.type } };
  },
  filter: call => {
    const { sql, of } = array(call);
    const { body, names } = lambda(call, 1, [of]);
    const condition = coerce(body, BOOLEAN, 'filter').sql;
    return { sql: `list_filter(${sql}, lambda ${names}: ${condition})`, type: { kind: 'array', element: of } };
  },
  any_match: call => match(call, test => `trino_any(${test})`),
  all_match: call => match(call, test => `trino_all(${test})`),
  none_match: call => match(call, test => `(NOT trino_any(${test}))`),
  reduce: reduce,
  zip_with: call => {
    const [a, b] = [array(call, 0), array(call, 1)];
    const { body, names } = lambda(call, 2, [a.of, b.of], name => [`${name}[1]`, `${name}[2]`]);
    const pairs = `CASE WHEN ${a.sql} IS NULL OR ${b.sql} IS NULL THEN NULL ELSE list_zip(${a.sql}, ${b.sql}) END`;
    return {
      sql: `list_transform(${pairs}, lambda ${names}: ${body.sql})`,
      type: { kind: 'array', element: body.type },
    };
  },
  map_filter: call => {
    const { sql, type } = map(call);
    const { body, names } = lambda(call, 1, [type.key, type.value], entry);
    const kept = `list_filter(map_entries(${sql}), lambda ${names}: ${coerce(body, BOOLEAN, 'map_filter').sql})`;
    return { sql: `map_from_entries(${kept})`, type };
  },
  transform_values: call => {
    const { sql, type } = map(call);
    const { body, names } = lambda(call, 1, [type.key, type.value], entry);
    const values = `list_transform(map_entries(${sql}), lambda ${names}: ${body.sql})`;
    return { sql: `trino_map(map_keys(${sql}), ${values})`, type: { ...type, value: body.type } };
  },
};

export const LAMBDA_FUNCTIONS: readonly string[] = Object.keys(RULES).sort();

/** Whether a function takes a lambda. */
export function takesLambda(name: string): boolean {
  return Object.hasOwn(RULES, name);
}

/** A call of a function that takes a lambda; its arguments are not translated yet. */
export function callLambda(call: LambdaCall): Typed {
  const rule = RULES[call.name];
  if (rule === undefined) throw notSupported(`the function ${call.name}`);
  return rule(call);
}

function array({ name, args, env, translate }: LambdaCall, at = 0): { sql: string; of: TrinoType } {
  const value = translate(args[at], env);
  if (value.type.kind !== 'array') throw unexpected(name, value);
  return { sql: value.sql, of: value.type.element };
}

function map({ name, args, env, translate }: LambdaCall): { sql: string; type: TrinoType & { kind: 'map' } } {
  const value = translate(args[0], env);
  if (value.type.kind !== 'map') throw unexpected(name, value);
  return { sql: value.sql, type: value.type };
}

const entry = (name: string) => [`${name}.key`, `${name}.value`];

/**
 * A lambda's body and its parameters' names in DuckDB. `parts` says what the Trino parameters are of the one parameter that
 * DuckDB has; without it each has its own.
 */
function lambda(
  { name, args, env, translate }: LambdaCall,
  at: number,
  types: TrinoType[],
  parts?: (name: string) => string[],
): { body: Typed; names: string } {
  const { kind, fields } = node(args[at]);
  if (kind !== 'lambda') throw new Refusal('TYPE_MISMATCH', `${name} needs a lambda, such as x -> x + 1`);
  only(fields, ['parameters', 'body'], 'a lambda');
  const parameters = list(fields.parameters).map(identifier);
  if (parameters.length !== types.length)
    throw new Refusal('INVALID_PARAMETER_USAGE', `${name}: a lambda of ${types.length} parameters is expected`);
  const own = `l${env.depth}`;
  const names = parts === undefined ? types.map((_, index) => `${own}_${index}`) : [own];
  const texts = parts?.(own) ?? names;
  const columns = parameters.map((parameter, index) => ({
    name: parameter,
    sql: texts[index] ?? '',
    type: types[index] as TrinoType,
  }));
  const scope = { relations: [{ alias: undefined, database: undefined, columns }], outer: env.scope };
  const noSubquery = () => {
    throw notSupported('a subquery in a lambda');
  };
  return {
    body: translate(fields.body, { ...env, scope, subquery: noSubquery }),
    names: names.length > 1 ? `${names.join(', ')}` : (names[0] ?? own),
  };
}

function match(call: LambdaCall, sql: (test: string) => string): Typed {
  const { sql: items, of } = array(call);
  const { body, names } = lambda(call, 1, [of]);
  return {
    sql: sql(`list_transform(${items}, lambda ${names}: ${coerce(body, BOOLEAN, call.name).sql})`),
    type: BOOLEAN,
  };
}

/** The state keeps the type of its first value, as in Trino. */
function reduce(call: LambdaCall): Typed {
  const { sql, of } = array(call);
  const start = call.translate(call.args[1], call.env);
  const state = start.type;
  const { body, names } = lambda(call, 2, [state, of]);
  if (trinoName(body.type) !== trinoName(state))
    throw notSupported(
      `reduce from ${trinoName(state)} to ${trinoName(body.type)}`,
      `Cast the first state to ${trinoName(body.type)}.`,
    );
  if (trinoName(state) !== trinoName(of))
    throw notSupported('reduce to another type than that of the elements', 'Cast the array.');
  const reduced = `list_reduce(${sql}, lambda ${names}: CAST(${body.sql} AS ${duckType(state)}), ${start.sql})`;
  const output = lambda({ ...call, env: { ...call.env, depth: call.env.depth + 1 } }, 3, [state]);
  const wrapped = `list_transform([${reduced}], lambda ${output.names}: ${output.body.sql})[1]`;
  return { sql: `CASE WHEN ${sql} IS NULL THEN NULL ELSE ${wrapped} END`, type: output.body.type };
}
