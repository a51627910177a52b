/** Members of a request, checked where they are read, and pages of an answer. */
import { ServiceError } from '../../wire/json-service.ts';

export type Input = Record<string, unknown>;

/** A request that Athena refuses as invalid. */
export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidRequestException', message, { members: { AthenaErrorCode: 'INVALID_INPUT' } });
}

/** A member that must be a text with something in it. */
export function text(input: Input, member: string): string {
  const value = input[member];
  if (typeof value !== 'string' || value.trim() === '') throw invalid(`${member} is missing or empty`);
  return value;
}

/** A member that may be a text, of at most `max` characters. */
export function optionalText(input: Input, member: string, max: number): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > max)
    throw invalid(`${member} must be a text of at most ${max} characters`);
  return value;
}

/** A member that may be a list of texts; absent is empty. */
export function texts(input: Input, member: string): string[] {
  const value = input[member] ?? [];
  if (!Array.isArray(value) || value.some(each => typeof each !== 'string'))
    throw invalid(`${member} must be a list of strings`);
  return value;
}

/** A list of texts of which there must be one to fifty, as the batch operations take. */
export function batch(input: Input, member: string): string[] {
  const values = texts(input, member);
  if (values.length < 1 || values.length > 50) throw invalid(`${member} must have 1 to 50 members`);
  return values;
}

/** A member that may be a structure; absent is empty. */
export function structure(input: Input, member: string): Input {
  const value = input[member] ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(`${member} must be a structure`);
  // A JSON object's members are checked where they are read.
  return value as Input;
}

/** A member that may be a boolean. */
export function flag(input: Input, member: string): boolean | undefined {
  const value = input[member] ?? undefined;
  if (value !== undefined && typeof value !== 'boolean') throw invalid(`${member} must be true or false`);
  return value;
}

/** A member that may be a whole number within bounds. */
export function integer(
  input: Input,
  member: string,
  { min, max, absent }: { min: number; max: number; absent: number },
): number {
  const value = input[member] ?? absent;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw invalid(`${member} must be a whole number from ${min} to ${max}`);
  return value;
}

/** A member that may be a whole number from 1 to `max`, which it is where it is absent. */
export function count(input: Input, member: string, max: number): number {
  return integer(input, member, { min: 1, max, absent: max });
}

/**
 * A page of at most `MaxResults` items, and the token of the next one: the key of the last item given, so that what is added or
 * removed between two pages moves nothing. Ordered by `key`.
 */
export function paged<T>(
  items: T[],
  key: (item: T) => string,
  input: Input,
): { page: T[]; next: { NextToken?: string } } {
  const sorted = items
    .map(item => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const after = input.NextToken === undefined ? undefined : tokenText(text(input, 'NextToken'));
  const rest = after === undefined ? sorted : sorted.filter(candidate => candidate.key > after);
  const page = rest.slice(0, count(input, 'MaxResults', 50));
  const last = page.at(-1);
  const next = last !== undefined && page.length < rest.length ? { NextToken: tokenOf(last.key) } : {};
  return { page: page.map(({ item }) => item), next };
}

/** Tells a token of this service from any other text. */
const MARK = 'after:';

/** A token that says where a list goes on. */
export function tokenOf(text: string): string {
  return Buffer.from(`${MARK}${text}`).toString('base64url');
}

/** What `tokenOf` was given. Throws for any other text. */
export function tokenText(token: string): string {
  const read = Buffer.from(token, 'base64url').toString('utf8');
  if (!read.startsWith(MARK)) throw invalid('NextToken is not one of this service');
  return read.slice(MARK.length);
}
