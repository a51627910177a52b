/** Members of a Glue request, checked where they are read, and pages of an answer. */
import { ServiceError } from '../wire/json-service.ts';

export type Input = Record<string, unknown>;

/** The account whose catalog the local one is. */
export const LOCAL_ACCOUNT = '000000000000';

/** A request that Glue refuses as invalid. */
export function invalid(message: string, cause?: unknown): ServiceError {
  return new ServiceError('InvalidInputException', message, { cause });
}

/** Something that the catalog does not have. */
export function notFound(message: string): ServiceError {
  return new ServiceError('EntityNotFoundException', message);
}

/** Something that the catalog has already. */
export function alreadyExists(message: string): ServiceError {
  return new ServiceError('AlreadyExistsException', message);
}

/** A member that must be a structure. */
export function object(input: Input, member: string): Input {
  const value = input[member];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${member} must be a structure.`);
  // A JSON object's members are checked where they are read.
  return value as Input;
}

/** A member that must be a list of structures, at most `max` of them. */
export function objects(input: Input, member: string, max: number): Input[] {
  const list = limited(input, member, max);
  return list.map(value => object({ [member]: value }, member));
}

/** A member that must be a list of texts, at most `max` of them. */
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

/** Glue's name rule: one line of 1 to 255 bytes; here also short enough to be a file's name. In lower case, as Glue keeps it. */
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

/** Refuses another account's catalog, of which there is none here. */
export function ownCatalog({ CatalogId }: Input): void {
  if (CatalogId !== undefined && CatalogId !== LOCAL_ACCOUNT) throw notFound(`Catalog ${String(CatalogId)} not found.`);
}

/**
 * Whether a name fits an `Expression`: a regular expression over the whole name in which, as clients write it, a `*` that
 * follows no `.`, `)` or `]` stands for any text. Without case, since names have none.
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
    throw invalid(`${member} is no regular expression: ${expression}`, cause);
  }
}

/** A member that may be a whole number from 1 on, at most `max`, which it is where it is absent. */
export function pageSize(input: Input, max: number): number {
  const { MaxResults = max } = input;
  if (typeof MaxResults !== 'number' || !Number.isInteger(MaxResults) || MaxResults < 1)
    throw invalid('MaxResults must be a whole number of at least 1.');
  return Math.min(MaxResults, max);
}

/**
 * A page of at most `MaxResults` items, and the token of the next one: the key of the last item given, so that what is added
 * or removed between two pages moves nothing. `items` are ordered by `key`.
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

/** Tells a token of this catalog from any other text. */
const MARK = 'after:';

function encode(key: string): string {
  return Buffer.from(`${MARK}${key}`).toString('base64url');
}

function decode(token: unknown): string {
  const text = typeof token === 'string' ? Buffer.from(token, 'base64url').toString('utf8') : '';
  if (!text.startsWith(MARK)) throw invalid('NextToken is not one of this catalog.');
  return text.slice(MARK.length);
}
