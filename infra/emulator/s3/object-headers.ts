import { Readable } from 'node:stream';
import { invalidArgument, S3Error } from '../wire/s3-error.ts';
import type { ByteRange } from './byte-range.ts';
import type { S3Call } from './call.ts';
import { modifiedMs } from './store.ts';
import type { StoredObject } from './stored-object.ts';
import { encodings } from './verified-body.ts';

const KEPT = ['content-type', 'content-disposition', 'content-language', 'cache-control', 'expires'];
const MAX_USER_METADATA_BYTES = 2048;

/** The headers of a write that are given back with the object. */
export function keptHeaders(headers: S3Call['headers']): Record<string, string> {
  const kept: Record<string, string> = {};
  let userBytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    const isUsers = name.startsWith('x-amz-meta-');
    if (value === undefined || !(isUsers || KEPT.includes(name))) continue;
    if (isUsers) userBytes += name.length - 'x-amz-meta-'.length + value.length;
    kept[name] = value;
  }
  if (userBytes > MAX_USER_METADATA_BYTES)
    throw new S3Error('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size.');
  const encoding = encodings(headers).filter(name => name !== 'aws-chunked');
  if (encoding.length > 0) kept['content-encoding'] = encoding.join(',');
  return kept;
}

/** The headers that describe an object, for GetObject and HeadObject. */
export function objectHeaders(
  call: S3Call,
  object: StoredObject,
  range: ByteRange | undefined,
): Record<string, string> {
  const { metadata, version } = object;
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...metadata.headers,
    etag: `"${metadata.etag}"`,
    'last-modified': new Date(modifiedMs(version)).toUTCString(),
    'accept-ranges': 'bytes',
    'content-length': String(range === undefined ? version.size : range.last - range.first + 1),
  };
  if (range !== undefined) headers['content-range'] = `bytes ${range.first}-${range.last}/${version.size}`;
  else if (call.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED')
    Object.assign(headers, checksumHeaders(metadata));
  return { ...headers, ...overrides(call.query) };
}

/** A kept checksum as response headers. */
export function checksumHeaders(metadata: StoredObject['metadata']): Record<string, string> {
  const headers = Object.fromEntries(
    metadata.checksums.map(({ algorithm, value }) => [`x-amz-checksum-${algorithm}`, value]),
  );
  return metadata.checksums.length === 0 ? {} : { ...headers, 'x-amz-checksum-type': metadata.checksumType };
}

/** The bytes of an opened object, which is closed with the stream. A file cut short by another hand is an error, not a short answer. */
export function objectBytes(object: StoredObject, range: ByteRange | undefined): Readable {
  const { first, last } = range ?? { first: 0, last: object.version.size - 1 };
  async function* bytes(): AsyncGenerator<Buffer> {
    let left = last - first + 1;
    if (left === 0) return;
    // The file handle's stream gives Buffers, as no encoding is set.
    const stream: AsyncIterable<Buffer> = object.handle.createReadStream({ start: first, end: last, autoClose: false });
    for await (const chunk of stream) {
      left -= chunk.length;
      yield chunk;
    }
    if (left !== 0) throw new Error('The file became shorter while it was read.');
  }
  const stream = Readable.from(bytes(), { objectMode: false });
  // Not in the generator's `finally`, which does not run where it was never begun.
  return stream.once('close', () => void object.handle.close());
}

/** `response-content-type` and its like, of GetObject. */
function overrides(query: S3Call['query']): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of query) {
    if (!name.startsWith('response-')) continue;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw invalidArgument(`${name} is not a header's value.`);
    headers[name.slice('response-'.length)] = value;
  }
  return headers;
}
