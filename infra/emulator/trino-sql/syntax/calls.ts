/** Function calls: the parser has a form of its own for many functions, which are all brought to one here. */
import { isTrinoFunction, unknownFunction } from './function-names.ts';
import { notSupported, Refusal } from './refusal.ts';
import { type Fields, list, type Node, node, only } from './syntax.ts';

/** A call as it was written, nothing translated yet. */
export interface FunctionCall {
  /** Lower case. */
  name: string;
  args: unknown[];
  distinct: boolean;
  star: boolean;
  filter: unknown;
  orderBy: unknown[] | undefined;
  ignoreNulls: boolean;
}

/** The members of a node that are its arguments in order, by the node's kind; the kind is the name unless another is given. */
const FORMS: Record<string, { name?: string; args: string[] }> = {
  ...each('abs floor ceil sqrt ln exp lower upper length year month day hour minute second quarter', ['this']),
  ...each('day_of_week day_of_year week_of_year day_of_month sign log10', ['this']),
  ...each('power starts_with', ['this', 'expression']),
  log: { args: ['base', 'this'] },
  ...each('typeof cardinality array_distinct map_keys map_values map_from_entries degrees radians', ['this']),
  ...each('sin cos tan asin acos atan json_array_length', ['this']),
  ...each('element_at contains array_position array_union array_except array_remove atan2 ends_with', [
    'this',
    'expression',
  ]),
  ...each('json_extract json_extract_scalar', ['this', 'path']),
  parse_json: { name: 'json_parse', args: ['this'] },
  mod_func: { name: 'mod', args: ['this', 'expression'] },
  substring: { name: 'substr', args: ['this', 'start', 'length'] },
  str_position: { name: 'strpos', args: ['this', 'substr', 'occurrence'] },
  if_func: { name: 'if', args: ['condition', 'true_value', 'false_value'] },
  pi: { args: [] },
  ...each('row_number rank dense_rank percent_rank cume_dist', []),
  n_tile: { name: 'ntile', args: ['num_buckets'] },
  ntile: { args: ['num_buckets'] },
  ...each('lag lead', ['this', 'offset', 'default']),
  ...each('first_value last_value', ['this']),
  nth_value: { args: ['this', 'offset'] },
  ...each('count sum avg min max any_value count_if stddev stddev_samp stddev_pop variance var_samp var_pop', ['this']),
  ...each('approx_distinct array_agg', ['this']),
  logical_and: { name: 'bool_and', args: ['this'] },
  logical_or: { name: 'bool_or', args: ['this'] },
};
/** Members that carry no meaning of their own: spelling, or what `FunctionCall` holds. */
const EXTRA = ['name', 'distinct', 'filter', 'order_by', 'ignore_nulls', 'star', 'from_for_syntax', 'no_parens'];

function each(kinds: string, args: string[]): Record<string, { args: string[] }> {
  return Object.fromEntries(kinds.split(' ').map(kind => [kind, { args }]));
}

/** The call that a node is. Throws a `Refusal` for a node that is none; `called` tells those that were written as calls. */
export function callNode({ kind, fields }: Node, called: ReadonlySet<string>): FunctionCall {
  if (kind === 'function' || kind === 'aggregate_function') {
    only(fields, ['name', 'args', 'distinct', 'filter', 'order_by', 'ignore_nulls', 'no_parens'], String(fields.name));
    return { ...clauses(fields), name: String(fields.name).toLowerCase(), args: list(fields.args) };
  }
  if (kind === 'trim') return trim(fields);
  if (kind === 'coalesce' || kind === 'array_intersect') {
    only(fields, ['expressions'], kind);
    return { ...clauses(fields), name: kind, args: list(fields.expressions) };
  }
  const form = Object.hasOwn(FORMS, kind) ? FORMS[kind] : undefined;
  if (form === undefined) throw unread(kind, fields, called);
  only(fields, [...form.args, ...EXTRA], kind);
  if (kind === 'atan2' && String(fields.original_name).toLowerCase() === 'atan')
    throw new Refusal('FUNCTION_NOT_FOUND', 'Unexpected parameters for function atan. Expected: atan(double)');
  const args = form.args.map(name => fields[name]).filter(arg => arg !== null && arg !== undefined);
  const [first] = args;
  if (kind === 'count' && first !== undefined && node(first).kind === 'tuple')
    throw notSupported('count of several columns');
  return { ...clauses(fields), name: form.name ?? kind, args };
}

/** The parser has nodes of its own for functions of other dialects too, some of one meaning under one name. */
function unread(kind: string, fields: Fields, called: ReadonlySet<string>): Refusal {
  const names = [fields.original_name, kind].flatMap(name => (typeof name === 'string' ? [name.toLowerCase()] : []));
  const written = names.find(name => called.has(name) || isTrinoFunction(name));
  return written === undefined ? notSupported(kind.replaceAll('_', ' ')) : unknownFunction(written);
}

function clauses(fields: Fields): Omit<FunctionCall, 'name' | 'args'> {
  const orderBy = list(fields.order_by);
  return {
    distinct: fields.distinct === true,
    star: fields.star === true,
    filter: fields.filter ?? undefined,
    orderBy: orderBy.length > 0 ? orderBy : undefined,
    ignoreNulls: fields.ignore_nulls === true,
  };
}

function trim(fields: Fields): FunctionCall {
  only(fields, ['this', 'characters', 'position', 'sql_standard_syntax', 'position_explicit'], 'trim');
  const name = { Both: 'trim', Leading: 'ltrim', Trailing: 'rtrim' }[String(fields.position)];
  if (name === undefined) throw notSupported('trim');
  return {
    ...clauses({}),
    name,
    args: [fields.this, fields.characters].filter(arg => arg !== null && arg !== undefined),
  };
}
