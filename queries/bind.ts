/**
 * Converts the text of `--param name=value` into Athena parameters, checked before anything runs and never spliced
 * into SQL.
 */

import { nearest } from '../contract/spelling.ts';
import { dayBounds, isTimeZone, localDate, parseIsoTime } from '../contract/time.ts';
import { UserError } from '../contract/user-error.ts';
import type { Parameter, ParameterType, SavedQuery } from './saved-queries.ts';
import { positional } from './saved-queries.ts';

/** A query ready to run: `parameters` are Athena's ExecutionParameters, SQL literals in the order of the `?`. */
export interface BoundQuery {
  sql: string;
  parameters: string[];
  /** The resolved value of each parameter, as text: `yesterday` has become a date. */
  values: Record<string, string>;
}

/**
 * Binds a saved query. `given` holds the parameters' texts by name; the header's defaults fill the rest. `now` (ms)
 * is the basis of `today`, `yesterday` and `now`, in the zone of the query's timezone parameter (UTC without one).
 * Throws a `UserError` with exit code 2 for an unknown or missing parameter, or a text that is not of its type.
 */
export function bindParameters(query: SavedQuery, given: Record<string, string>, now: number): BoundQuery {
  const names = query.parameters.map(({ name }) => name);
  for (const name of Object.keys(given)) if (!names.includes(name)) throw unknownParameter(query, name);
  const texts = { ...defaults(query), ...given };
  const missing = query.parameters.filter(({ name }) => !Object.hasOwn(texts, name));
  if (missing.length > 0) throw missingParameters(query, missing);
  const textOf = ({ name }: Parameter) => texts[name] ?? '';
  const zoneParameter = query.parameters.find(({ type }) => type === 'timezone');
  const timezone = zoneParameter === undefined ? 'UTC' : parseTimeZone(zoneParameter.name, textOf(zoneParameter));
  const values: Record<string, string> = {};
  const literals = new Map<string, string>();
  for (const parameter of query.parameters) {
    const value = PARSERS[parameter.type](parameter.name, textOf(parameter), { now, timezone });
    checkRange(parameter, value);
    values[parameter.name] = value;
    literals.set(parameter.name, LITERALS[parameter.type](value));
  }
  const { sql, order } = positional(query);
  return { sql, parameters: order.map(name => literals.get(name) ?? ''), values };
}

function defaults({ parameters }: SavedQuery): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap(({ name, default: text }) => (text === undefined ? [] : [[name, text] as const])),
  );
}

/** Limits in headers are far below 2^53, so the rounding of greater numbers does not matter here. */
function checkRange({ name, min = -Infinity, max = Infinity }: Parameter, value: string): void {
  const number = Number(value);
  if (!(number < min || number > max)) return;
  const wanted = max === Infinity ? `at least ${min}` : min === -Infinity ? `at most ${max}` : `from ${min} to ${max}`;
  throw wrongValue(name, value, wanted);
}

/** An SQL string literal: quotes doubled. */
export function stringLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * An IANA time zone in its registered spelling; throws a `UserError` with exit code 2 that suggests the nearest one.
 */
export function parseTimeZone(name: string, text: string): string {
  const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC'];
  const registered = zones.find(zone => zone.toLowerCase() === text.toLowerCase());
  if (registered !== undefined) return registered;
  // Older names such as US/Eastern are valid zones that the list omits; bare offsets are not zones.
  if (/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(text) && isTimeZone(text)) return text;
  throw wrongValue(name, text, 'an IANA time zone such as UTC or Europe/Berlin', nearest(text, zones));
}

/**
 * A strict calendar date `YYYY-MM-DD`, or `today` or `yesterday` in the zone; throws a `UserError` with exit code 2.
 */
export function parseDate(name: string, text: string, { now, timezone }: Moment): string {
  const today = localDate(now, timezone);
  if (text === 'today') return today;
  if (text === 'yesterday') return localDate(dayBounds(today, timezone).startMs - 1, timezone);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && parseIsoTime(`${text}T00:00:00Z`) !== undefined) return text;
  throw wrongValue(name, text, 'a date such as 2020-07-13, or today, or yesterday');
}

interface Moment {
  now: number;
  timezone: string;
}

const PARSERS: Record<ParameterType, (name: string, text: string, moment: Moment) => string> = {
  date: parseDate,
  timezone: parseTimeZone,
  timestamp: parseTimestamp,
  integer: (name, text) => {
    const fits = /^[+-]?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
    if (!fits) throw wrongValue(name, text, 'a whole number');
    return BigInt(text).toString();
  },
  double: (name, text) => {
    const number = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(number)) throw wrongValue(name, text, 'a number such as 21.5');
    return String(number);
  },
  boolean: (name, text) => {
    if (text !== 'true' && text !== 'false') throw wrongValue(name, text, 'true or false');
    return text;
  },
  string: (_name, text) => text,
};

const LITERALS: Record<ParameterType, (value: string) => string> = {
  date: stringLiteral,
  timezone: stringLiteral,
  timestamp: stringLiteral,
  integer: value => value,
  // A bare 21 would be an integer in Athena.
  double: value => Number(value).toExponential().replace('e+', 'E').replace('e', 'E'),
  boolean: value => value,
  string: stringLiteral,
};

/**
 * Converts an ISO 8601 time to `YYYY-MM-DD HH:MM:SS.mmm` in UTC; a time without a zone, or a bare date, is in the
 * query's zone.
 */
function parseTimestamp(name: string, text: string, { now, timezone }: Moment): string {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text) && parseIsoTime(`${text}T00:00:00Z`) !== undefined;
  const ms = text === 'now' ? now : isDate ? dayBounds(text, timezone).startMs : parseIsoTime(text, timezone);
  if (ms === undefined) throw wrongValue(name, text, 'a time such as 2020-07-13T10:15:30, or now');
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

function wrongValue(name: string, text: string, wanted: string, near?: string): UserError {
  return new UserError(`${name} must be ${wanted}, not '${text}'.`, {
    exitCode: 2,
    ...(near === undefined ? {} : { todo: `Did you mean ${near}?` }),
  });
}

function missingParameters(query: SavedQuery, missing: Parameter[]): UserError {
  const [only] = missing;
  const flags = missing.map(({ name }) => `--param ${name}=…`).join(' ');
  return new UserError(
    only !== undefined && missing.length === 1
      ? `${query.name} needs a value for ${only.name}: ${only.description}`
      : `${query.name} needs values for\n${missing.map(({ name, type, description }) => `  ${name} (${type}): ${description}`).join('\n')}`,
    { todo: `Add ${flags}, for example: ${query.example}`, exitCode: 2 },
  );
}

function unknownParameter(query: SavedQuery, name: string): UserError {
  const names = query.parameters.map(parameter => parameter.name);
  const near = nearest(name, names);
  const known = names.length === 0 ? 'It takes no parameters.' : `Its parameters are ${names.join(', ')}.`;
  return new UserError(`Unknown parameter ${name} of ${query.name}.`, {
    exitCode: 2,
    todo: near === undefined ? known : `Did you mean ${near}? ${known}`,
  });
}
