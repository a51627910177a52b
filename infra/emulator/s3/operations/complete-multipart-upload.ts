import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { invalidRequest, S3Error } from '../../wire/s3-error.ts';
import { childText, malformedXml, tag, type XmlElement, xmlDocument } from '../../wire/xml.ts';
import type { Operation, S3Call } from '../call.ts';
import { ALGORITHMS, type Checksum, checksumOf } from '../checksum.ts';
import { digestedBytes } from '../digested-bytes.ts';
import { onlyIfAbsent } from '../preconditions.ts';
import { publishObject } from '../publish-object.ts';
import type { Store } from '../store.ts';
import { noSuchUpload, type Part, partPath, readParts, removeUpload, requireUpload, type Upload } from '../uploads.ts';
import { badDigest } from '../verified-body.ts';
import { readXml } from '../xml-body.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** Of each of the 10,000 parts: Part, PartNumber, ETag and a checksum of each algorithm. */
const MAX_ELEMENTS = 10_000 * (3 + ALGORITHMS.length) + 1;
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** CompleteMultipartUpload: the parts that the request lists become the object, at once. */
export const completeMultipartUpload: Operation = async call => {
  const { store, bucket, key } = call;
  const upload = await requireUpload(call);
  const onlyAbsent = onlyIfAbsent(call);
  const listed = parseParts(await readVerifiedParts(call));
  const parts = chooseParts(listed, await readParts(store, upload));
  requireSize(call, parts);
  const isFull = upload.checksumAlgorithm !== undefined && upload.checksumType === 'FULL_OBJECT';
  const algorithms = isFull && upload.checksumAlgorithm !== undefined ? [upload.checksumAlgorithm] : [];
  const body = digestedBytes(partBytes(store, upload, parts), algorithms, ({ checksums }) =>
    verifyChecksum(call, isFull ? checksums : compositeChecksum(upload, parts)),
  );
  const publication = { bucket, key, onlyIfAbsent: onlyAbsent };
  const { metadata } = await publishObject(store, publication, body.bytes, () => ({
    etag: multipartEtag(parts),
    headers: upload.headers,
    checksums: isFull ? body.digest().checksums : compositeChecksum(upload, parts),
    checksumType: upload.checksumType,
  }));
  await removeUpload(store, upload);
  const members = [
    tag('Location', `/${bucket}/${encodeURI(key)}`),
    tag('Bucket', bucket),
    tag('Key', key),
    tag('ETag', `"${metadata.etag}"`),
    ...metadata.checksums.map(({ algorithm, value }) => tag(`Checksum${algorithm.toUpperCase()}`, value)),
    metadata.checksums.length === 0 ? '' : tag('ChecksumType', metadata.checksumType),
  ];
  return { status: 200, xml: xmlDocument('CompleteMultipartUploadResult', ...members) };
};

/** The `x-amz-checksum-` header of this request is the whole object's, not the body's. */
async function readVerifiedParts(call: S3Call): Promise<XmlElement> {
  const headers = Object.entries(call.headers).filter(([name]) => !name.startsWith('x-amz-checksum-'));
  const request = await readXml({ ...call, headers: Object.fromEntries(headers) }, 'CompleteMultipartUpload', {
    maxBytes: MAX_BODY_BYTES,
    maxElements: MAX_ELEMENTS,
  });
  if (request === undefined) throw malformedXml();
  return request;
}

interface ListedPart {
  number: number;
  etag: string;
  checksums: Checksum[];
}

function parseParts(request: XmlElement): ListedPart[] {
  const parts = (request.children.get('Part') ?? []).map(part => ({
    number: Number(childText(part, 'PartNumber')),
    etag: (childText(part, 'ETag') ?? '').replace(/^"(.*)"$/, '$1'),
    checksums: ALGORITHMS.flatMap(algorithm => {
      const value = childText(part, `Checksum${algorithm.toUpperCase()}`);
      return value === undefined ? [] : [{ algorithm, value }];
    }),
  }));
  if (parts.length === 0 || parts.some(({ number, etag }) => !Number.isInteger(number) || etag === ''))
    throw malformedXml();
  return parts;
}

function chooseParts(listed: ListedPart[], stored: Part[]): Part[] {
  if (listed.some(({ number }, index) => number <= (listed[index - 1]?.number ?? 0)))
    throw new S3Error('InvalidPartOrder', 400, 'The list of parts was not in ascending order.');
  const byNumber = new Map(stored.map(part => [part.number, part]));
  const parts = listed.map(({ number, etag, checksums }) => {
    const part = byNumber.get(number);
    if (part?.etag !== etag || !checksums.every(sum => isOf(part, sum)))
      throw new S3Error('InvalidPart', 400, `Part ${number} was not uploaded, or its ETag or checksum is another.`);
    return part;
  });
  const small = parts.slice(0, -1).find(part => part.size < MIN_PART_BYTES);
  if (small !== undefined)
    throw new S3Error('EntityTooSmall', 400, `Part ${small.number} is under 5 MiB, and not the last.`);
  return parts;
}

/** `x-amz-mp-object-size`, with which a client makes sure that no part is missing. */
function requireSize({ headers }: S3Call, parts: Part[]): void {
  const announced = headers['x-amz-mp-object-size'];
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (announced !== undefined && announced !== String(size))
    throw invalidRequest(`The parts are ${size} bytes together, not x-amz-mp-object-size: ${announced}.`);
}

function isOf(part: Part, { algorithm, value }: Checksum): boolean {
  return part.checksums.some(sum => sum.algorithm === algorithm && sum.value === value);
}

async function* partBytes(store: Store, upload: Upload, parts: Part[]): AsyncGenerator<Buffer> {
  try {
    // The stream gives Buffers, as no encoding is set.
    for (const part of parts) yield* createReadStream(partPath(store, upload, part)) as AsyncIterable<Buffer>;
  } catch (error) {
    // The upload was completed or aborted meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw noSuchUpload();
    throw error;
  }
}

function multipartEtag(parts: Part[]): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}

/** A checksum of the parts' checksums, with their number. */
function compositeChecksum({ checksumAlgorithm: algorithm }: Upload, parts: Part[]): Checksum[] {
  if (algorithm === undefined) return [];
  const values = parts.flatMap(part => part.checksums.filter(sum => sum.algorithm === algorithm));
  const bytes = Buffer.concat(values.map(({ value }) => Buffer.from(value, 'base64')));
  return [{ algorithm, value: `${checksumOf(algorithm, bytes)}-${parts.length}` }];
}

function verifyChecksum({ headers }: S3Call, found: Checksum[]): void {
  for (const [name, value] of Object.entries(headers)) {
    const algorithm = /^x-amz-checksum-(?!type$|algorithm$)(.+)$/.exec(name)?.[1];
    if (algorithm === undefined) continue;
    const known = found.find(sum => sum.algorithm === algorithm);
    if (known === undefined) throw invalidRequest(`The upload was not begun with the checksum ${algorithm}.`);
    if (known.value.replace(/-\d+$/, '') !== value?.replace(/-\d+$/, '')) throw badDigest(algorithm.toUpperCase());
  }
}
