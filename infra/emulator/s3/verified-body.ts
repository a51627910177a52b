import { invalidRequest, notImplemented, S3Error } from '../wire/s3-error.ts';
import { decodeAwsChunked, incompleteBody, malformedTrailer } from './aws-chunked.ts';
import type { S3Call } from './call.ts';
import { CHECKSUM_BYTES, type ChecksumAlgorithm, parseAlgorithm } from './checksum.ts';
import { type BytesDigest, type DigestedBytes, digestedBytes } from './digested-bytes.ts';

const MAX_BODY_BYTES = 5 * 1024 ** 3;
const CHECKSUM_HEADER = /^x-amz-checksum-(?!algorithm$|type$|mode$)(.+)$/;

/** What the request's headers say of its body. */
interface Announced {
  chunked: boolean;
  length: number;
  md5: Buffer | undefined;
  /** Of the body itself: `x-amz-content-sha256`, in base64. */
  sha256: string | undefined;
  /** A value of undefined comes in the trailer. */
  checksum: { algorithm: ChecksumAlgorithm; value: string | undefined } | undefined;
}

/**
 * The body of a request, out of its encoding. Taking it throws S3Error, at its end at the latest, unless it is all that the
 * request announces: its length, Content-MD5, SHA-256 and checksum. `extra` checksums are computed besides.
 */
export function verifiedBody(call: S3Call, ...extra: ChecksumAlgorithm[]): DigestedBytes {
  const announced = parseAnnounced(call.headers);
  const wanted = [...(announced.checksum === undefined ? [] : [announced.checksum.algorithm]), ...extra];
  const computed: ChecksumAlgorithm[] = announced.sha256 === undefined ? wanted : [...wanted, 'sha256'];
  const trailers = new Map<string, string>();
  const source = announced.chunked ? decodeAwsChunked(call.body, trailers) : call.body;
  const body = digestedBytes(atMost(source, MAX_BODY_BYTES), computed, found => verify(announced, found, trailers));
  return {
    bytes: body.bytes,
    digest() {
      const found = body.digest();
      return { ...found, checksums: found.checksums.filter(({ algorithm }) => wanted.includes(algorithm)) };
    },
  };
}

async function* atMost(source: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    yield chunk;
  }
}

/** A small body in memory, checked. Over `limit` bytes it is refused. */
export async function readVerified(call: S3Call, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of atMost(verifiedBody(call).bytes, limit)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function verify(announced: Announced, found: BytesDigest, trailers: Map<string, string>): void {
  const sumOf = (algorithm: ChecksumAlgorithm) => found.checksums.find(sum => sum.algorithm === algorithm)?.value;
  if (announced.length !== found.size) throw incompleteBody();
  if (announced.md5?.equals(found.md5) === false) throw badDigest('Content-MD5');
  if (announced.sha256 !== undefined && announced.sha256 !== sumOf('sha256'))
    throw new S3Error('XAmzContentSHA256Mismatch', 400, "The body's SHA-256 is not the one in x-amz-content-sha256.");
  const expected = announced.checksum;
  for (const name of trailers.keys())
    if (name !== 'x-amz-trailer-signature' && name !== `x-amz-checksum-${expected?.algorithm}`)
      throw malformedTrailer();
  if (expected === undefined) return;
  const value = expected.value ?? trailers.get(`x-amz-checksum-${expected.algorithm}`);
  if (value === undefined) throw malformedTrailer();
  requireWellFormed(expected.algorithm, value);
  if (sumOf(expected.algorithm) !== value) throw badDigest(expected.algorithm.toUpperCase());
}

function parseAnnounced(headers: S3Call['headers']): Announced {
  const content = headers['x-amz-content-sha256'];
  if (
    content?.startsWith('STREAMING-') &&
    !/^STREAMING-(UNSIGNED-PAYLOAD-TRAILER|AWS4-[A-Z0-9-]+-PAYLOAD(-TRAILER)?)$/.test(content)
  )
    throw notImplemented(`x-amz-content-sha256: ${content}`);
  const chunked = content?.startsWith('STREAMING-') === true || encodings(headers).includes('aws-chunked');
  const length = parseLength(headers[chunked ? 'x-amz-decoded-content-length' : 'content-length']);
  // S3 takes no stream of unknown length, and the SDK sends none.
  if (length === undefined && (chunked || headers['transfer-encoding'] !== undefined))
    throw new S3Error('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  if (length !== undefined && length > MAX_BODY_BYTES) throw tooLarge();
  return {
    chunked,
    length: length ?? 0,
    md5: parseMd5(headers['content-md5']),
    sha256: /^[0-9a-f]{64}$/.test(content ?? '') ? Buffer.from(content ?? '', 'hex').toString('base64') : undefined,
    checksum: parseChecksum(headers),
  };
}

/** The content encodings in their order, `aws-chunked` among them. */
export function encodings(headers: S3Call['headers']): string[] {
  return (headers['content-encoding'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}

function parseLength(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw invalidRequest(`The length ${text} is not a number of bytes.`);
  return Number(text);
}

function parseMd5(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const md5 = Buffer.from(text, 'base64');
  if (md5.length !== 16 || md5.toString('base64') !== text)
    throw new S3Error('InvalidDigest', 400, 'The Content-MD5 you specified is not valid.');
  return md5;
}

/** The one checksum that the headers give or announce; one that cannot be checked here is refused by name. */
function parseChecksum(headers: S3Call['headers']): Announced['checksum'] {
  const trailer = headers['x-amz-trailer'];
  const names = trailer === undefined ? [] : trailer.split(',').map(name => name.trim().toLowerCase());
  const inTrailer = names.map(name => [name, undefined] as const);
  const given = [...Object.entries(headers).filter(([name]) => CHECKSUM_HEADER.test(name)), ...inTrailer];
  const [first] = given;
  if (first === undefined) {
    const named = headers['x-amz-sdk-checksum-algorithm'];
    if (named === undefined) return undefined;
    throw invalidRequest(`x-amz-sdk-checksum-algorithm is ${named}, but there is no checksum in a header or trailer.`);
  }
  if (given.length > 1) throw invalidRequest('Expecting a single x-amz-checksum- header.');
  const [name, value] = first;
  const algorithm = parseAlgorithm(CHECKSUM_HEADER.exec(name)?.[1] ?? '');
  if (algorithm === undefined) throw notImplemented(`the checksum ${name}`);
  if (value !== undefined) requireWellFormed(algorithm, value);
  return { algorithm, value };
}

function requireWellFormed(algorithm: ChecksumAlgorithm, value: string): void {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== CHECKSUM_BYTES[algorithm] || bytes.toString('base64') !== value)
    throw invalidRequest(`Value for x-amz-checksum-${algorithm} header is invalid.`);
}

export function badDigest(which: string): S3Error {
  return new S3Error('BadDigest', 400, `The ${which} you specified did not match what was received.`);
}

function tooLarge(): S3Error {
  return new S3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size.');
}
