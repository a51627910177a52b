/** The scalar functions that are translated. A function is allowed by its rule; see translate.ts for how to add one. */

import { unknownFunction } from '../syntax/function-names.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import type { Typed } from '../types/typed-expression.ts';
import { ARRAY_FUNCTIONS } from './array-functions.ts';
import { BIT_FUNCTIONS } from './bit-functions.ts';
import { CONDITION_FUNCTIONS } from './condition-functions.ts';
import { JSON_FUNCTIONS } from './json-functions.ts';
import { MAP_FUNCTIONS } from './map-functions.ts';
import { MATH_FUNCTIONS } from './math-functions.ts';
import { REGEX_FUNCTIONS } from './regex-functions.ts';
import type { ScalarRule, Session } from './scalar-rule.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';

const ALIASES: Record<string, string> = { ceiling: 'ceil', pow: 'power', substring: 'substr' };
const RULES: Record<string, ScalarRule> = {
  ...ARRAY_FUNCTIONS,
  ...BIT_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...MAP_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...CONDITION_FUNCTIONS,
  ...TIME_FUNCTIONS,
};

const TEXT_OR_BYTES = new Set(['lpad', 'rpad', 'reverse', 'substr', 'substring']);

/** The names of every scalar function that is translated. */
export const SCALAR_FUNCTIONS: readonly string[] = [...Object.keys(RULES), ...Object.keys(ALIASES)].sort();

/** A call of a scalar function. Throws a `Refusal` for one without a rule, or with the wrong number of arguments. */
export function callScalar(written: string, args: Typed[], session: Session): Typed {
  const lower = written.toLowerCase();
  const name = ALIASES[lower] ?? lower;
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (rule === undefined) throw unknownFunction(lower);
  const [min, max] = rule.arity;
  if (args.length < min || args.length > max) throw notSupported(`${lower} with ${args.length} arguments`);
  if (TEXT_OR_BYTES.has(lower) && args.every(({ type }, index) => index === 1 || type.kind === 'unknown'))
    throw new Refusal('AMBIGUOUS_FUNCTION_CALL', `${lower} could be of a text or of bytes; cast the NULL`);
  return rule.apply(args, lower, session);
}
