/** Reads and validates the members of a request, and paginates results. */
import { ServiceError } from '../../wire/json-service.ts';

export type Input = Record<string, unknown>;

/** Athena's error for an invalid request. */
export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidRequestException', message, { members: { AthenaErrorCode: 'INVALID_INPUT' } });
}

/** A member that must be a non-blank string. */
export function text(input: Input, member: string): string {
  const value = input[member];
  if (typeof value !== 'string' || value.trim() === '') throw invalid(`${member} is missing or empty`);
  return value;
}

/** An optional string of at most `max` characters. */
export function optionalText(input: Input, member: string, max: number): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > max)
    throw invalid(`${member} must be a string of at most ${max} characters`);
  return value;
}

/** An optional list of strings; empty if absent. */
export function texts(input: Input, member: string): string[] {
  const value = input[member] ?? [];
  if (!Array.isArray(value) || value.some(each => typeof each !== 'string'))
    throw invalid(`${member} must be a list of strings`);
  return value;
}

/** A list of 1 to 50 strings, as in the batch operations. */
export function batch(input: Input, member: string): string[] {
  const values = texts(input, member);
  if (values.length < 1 || values.length > 50) throw invalid(`${member} must have 1 to 50 members`);
  return values;
}

/** An optional structure; empty if absent. */
export function structure(input: Input, member: string): Input {
  const value = input[member] ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(`${member} must be a structure`);
  // The members of the object are checked when they are read.
  return value as Input;
}

/** An optional boolean. */
export function flag(input: Input, member: string): boolean | undefined {
  const value = input[member] ?? undefined;
  if (value !== undefined && typeof value !== 'boolean') throw invalid(`${member} must be true or false`);
  return value;
}

/** An optional integer within bounds. */
export function integer(
  input: Input,
  member: string,
  { min, max, absent }: { min: number; max: number; absent: number },
): number {
  const value = input[member] ?? absent;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw invalid(`${member} must be an integer from ${min} to ${max}`);
  return value;
}

/** An optional integer from 1 to `max`, by default `max`. */
export function count(input: Input, member: string, max: number): number {
  return integer(input, member, { min: 1, max, absent: max });
}

/**
 * A page of at most `MaxResults` items, sorted by `key`, and the token of the next page. The token holds the last
 * item's key, so that items added or removed between two pages do not shift the rest.
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

/** Prefix of this service's tokens, to recognise foreign ones. */
const MARK = 'after:';

/** A token for the position where a list continues. */
export function tokenOf(text: string): string {
  return Buffer.from(`${MARK}${text}`).toString('base64url');
}

/** The position in a token made by `tokenOf`. Throws for any other string. */
export function tokenText(token: string): string {
  const read = Buffer.from(token, 'base64url').toString('utf8');
  if (!read.startsWith(MARK)) throw invalid('NextToken was not issued by this service');
  return read.slice(MARK.length);
}
