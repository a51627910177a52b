/** Reads and validates the members of a Glue request, and paginates results. */
import { ServiceError } from '../wire/json-service.ts';

export type Input = Record<string, unknown>;

/** The account id of the local catalog. */
export const LOCAL_ACCOUNT = '000000000000';

/** Glue's error for an invalid request. */
export function invalid(message: string, cause?: unknown): ServiceError {
  return new ServiceError('InvalidInputException', message, { cause });
}

/** Glue's error for an object that does not exist. */
export function notFound(message: string): ServiceError {
  return new ServiceError('EntityNotFoundException', message);
}

/** Glue's error for an object that already exists. */
export function alreadyExists(message: string): ServiceError {
  return new ServiceError('AlreadyExistsException', message);
}

/** A member that must be a structure. */
export function object(input: Input, member: string): Input {
  const value = input[member];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${member} must be a structure.`);
  // The members of the object are checked when they are read.
  return value as Input;
}

/** A member that must be a list of structures, at most `max` of them. */
export function objects(input: Input, member: string, max: number): Input[] {
  const list = limited(input, member, max);
  return list.map(value => object({ [member]: value }, member));
}

/** A member that must be a list of strings, at most `max` of them. */
export function texts(input: Input, member: string, max: number): string[] {
  const list = limited(input, member, max);
  if (!list.every(value => typeof value === 'string')) throw invalid(`${member} must be a list of strings.`);
  return list;
}

function limited(input: Input, member: string, max: number): unknown[] {
  const value = input[member];
  if (!Array.isArray(value)) throw invalid(`${member} must be a list.`);
  if (value.length > max)
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
    );
  return value;
}

/**
 * A name in lower case, as Glue stores it. Glue allows one line of 1 to 255 bytes; here it must also fit a file name.
 */
export function name(input: Input, member: string): string {
  const value = input[member];
  const valid = typeof value === 'string' && value !== '' && isWellFormed(value) && !hasControl(value);
  if (!valid || Buffer.byteLength(encodeURIComponent(value)) > 200)
    throw invalid(`${member} must be one line of at most 200 bytes.`);
  return value.toLowerCase();
}

function isWellFormed(value: string): boolean {
  return Buffer.from(value, 'utf8').toString('utf8') === value;
}

function hasControl(value: string): boolean {
  return [...value].some(character => character < ' ' || character === '\u007f');
}

/** Refuses the catalog of any other account: none exists here. */
export function ownCatalog({ CatalogId }: Input): void {
  if (CatalogId !== undefined && CatalogId !== LOCAL_ACCOUNT) throw notFound(`Catalog ${String(CatalogId)} not found.`);
}

/**
 * Tests a name against an `Expression`: a case-insensitive regular expression over the whole name. As clients expect,
 * a `*` that does not follow `.`, `)` or `]` matches any text.
 */
export function nameFilter(input: Input, member: string): (name: string) => boolean {
  const expression = input[member];
  if (expression === undefined) return () => true;
  if (typeof expression !== 'string' || expression.length > 2_048)
    throw invalid(`${member} must be a regular expression.`);
  try {
    const pattern = new RegExp(`^(?:${expression.replace(/(?<![.)\]\\])\*/g, '.*')})$`, 'i');
    return candidate => pattern.test(candidate);
  } catch (cause) {
    throw invalid(`${member} is not a regular expression: ${expression}`, cause);
  }
}

/** `MaxResults`, capped at `max`, which is also the default. */
export function pageSize(input: Input, max: number): number {
  const { MaxResults = max } = input;
  if (typeof MaxResults !== 'number' || !Number.isInteger(MaxResults) || MaxResults < 1)
    throw invalid('MaxResults must be a whole number of at least 1.');
  return Math.min(MaxResults, max);
}

/**
 * A page of at most `MaxResults` items, sorted by `key`, and the token of the next page. The token holds the last
 * item's key, so that items added or removed between two pages do not shift the rest.
 */
export function paged<T>(
  items: T[],
  key: (item: T) => string,
  input: Input,
  max: number,
): { page: T[]; next: { NextToken?: string } } {
  const { NextToken } = input;
  const sorted = items
    .map(item => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const after = NextToken === undefined ? undefined : decode(NextToken);
  const rest = after === undefined ? sorted : sorted.filter(candidate => candidate.key > after);
  const page = rest.slice(0, pageSize(input, max));
  const last = page.at(-1);
  const next = last !== undefined && page.length < rest.length ? { NextToken: encode(last.key) } : {};
  return { page: page.map(({ item }) => item), next };
}

/** Prefix of this catalog's tokens, to recognise foreign ones. */
const MARK = 'after:';

function encode(key: string): string {
  return Buffer.from(`${MARK}${key}`).toString('base64url');
}

function decode(token: unknown): string {
  const text = typeof token === 'string' ? Buffer.from(token, 'base64url').toString('utf8') : '';
  if (!text.startsWith(MARK)) throw invalid('NextToken was not issued by this catalog.');
  return text.slice(MARK.length);
}
