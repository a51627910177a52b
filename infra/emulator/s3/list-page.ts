import { invalidArgument } from '../wire/s3-error.ts';
import { element, tag } from '../wire/xml.ts';
import { modifiedMs, type Store } from './store.ts';
import { tryOpenObject } from './stored-object.ts';
import { type WalkBounds, walkKeys } from './walk-keys.ts';

export interface ListRequest {
  bucket: string;
  prefix: string;
  /** Keys with it after the prefix are rolled up; empty for none. */
  delimiter: string;
  from: ListPosition;
  maxKeys: number;
}

/** The last thing that a page gave: a key, or a common prefix, whose keys are all done with. */
export interface ListPosition {
  last: string;
  isPrefix: boolean;
}

export interface ListPage {
  keys: string[];
  commonPrefixes: string[];
  /** Where the next page goes on; undefined on the last one. */
  next: ListPosition | undefined;
}

/** One page of keys and common prefixes, together in the order of their UTF-8 bytes. */
export async function listPage(store: Store, request: ListRequest): Promise<ListPage> {
  const { prefix, delimiter, from, maxKeys } = request;
  const page: ListPage = { keys: [], commonPrefixes: [], next: undefined };
  const bounds: WalkBounds = { prefix, after: from.last, skip: from.isPrefix ? from.last : undefined };
  if (maxKeys === 0) return page;
  let position = from;
  for await (const key of walkKeys(store, request.bucket, bounds)) {
    if (page.keys.length + page.commonPrefixes.length === maxKeys) return { ...page, next: position };
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (end === -1) page.keys.push(key);
    else bounds.skip = key.slice(0, end + delimiter.length);
    if (end !== -1 && bounds.skip !== undefined) page.commonPrefixes.push(bounds.skip);
    position = { last: end === -1 ? key : (bounds.skip ?? key), isPrefix: end !== -1 };
  }
  return page;
}

const AT_ONCE = 16;

/** The `Contents` and `CommonPrefixes` elements of a page; an object that was deleted meanwhile is left out. */
export async function pageElements(
  store: Store,
  bucket: string,
  { page, encode, withOwner }: { page: ListPage; encode: (text: string) => string; withOwner: boolean },
): Promise<string[]> {
  const contents: string[] = [];
  for (let index = 0; index < page.keys.length; index += AT_ONCE) {
    const keys = page.keys.slice(index, index + AT_ONCE);
    contents.push(...(await Promise.all(keys.map(key => contentElement(store, bucket, key, { encode, withOwner })))));
  }
  return [...contents, ...page.commonPrefixes.map(prefix => element('CommonPrefixes', tag('Prefix', encode(prefix))))];
}

async function contentElement(
  store: Store,
  bucket: string,
  key: string,
  { encode, withOwner }: { encode: (text: string) => string; withOwner: boolean },
): Promise<string> {
  const object = await tryOpenObject(store, bucket, key);
  if (object === undefined) return '';
  await object.handle.close();
  const { metadata, version } = object;
  return element(
    'Contents',
    tag('Key', encode(key)),
    tag('LastModified', isoSeconds(modifiedMs(version))),
    tag('ETag', `"${metadata.etag}"`),
    ...metadata.checksums.map(({ algorithm }) => tag('ChecksumAlgorithm', algorithm.toUpperCase())),
    tag('Size', version.size),
    tag('StorageClass', 'STANDARD'),
    withOwner ? OWNER : '',
  );
}

/** The one owner that there is. */
export const OWNER = element('Owner', tag('ID', 'local'), tag('DisplayName', 'local'));

/** A time as S3 gives it: whole seconds, as in Last-Modified. */
export function isoSeconds(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** The parameters that both listings have, from the query. Throws InvalidArgument. */
export function listParameters(query: Map<string, string>): {
  prefix: string;
  delimiter: string;
  maxKeys: number;
  encode: (text: string) => string;
} {
  const maxKeys = query.get('max-keys') ?? String(MAX_KEYS);
  if (!/^\d{1,10}$/.test(maxKeys)) throw invalidArgument('max-keys is not a whole number.');
  const encoding = query.get('encoding-type');
  if (encoding !== undefined && encoding !== 'url') throw invalidArgument('The encoding-type is not url.');
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(Number(maxKeys), MAX_KEYS),
    encode: encoding === 'url' ? urlEncode : text => text,
  };
}

const MAX_KEYS = 1000;

/** S3's `encoding-type=url` leaves slashes as they are. */
function urlEncode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/');
}
