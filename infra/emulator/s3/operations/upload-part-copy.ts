import { invalidArgument } from '../../wire/s3-error.ts';
import { tag, xmlDocument } from '../../wire/xml.ts';
import { type ByteRange, parseRange } from '../byte-range.ts';
import type { Operation } from '../call.ts';
import { openCopySource } from '../copy-source.ts';
import { digestedBytes } from '../digested-bytes.ts';
import { isoSeconds } from '../list-page.ts';
import { objectBytes } from '../object-headers.ts';
import { parsePartNumber, requireUpload, writePart } from '../uploads.ts';

/** UploadPartCopy: a part out of an object, or out of a range of one. */
export const uploadPartCopy: Operation = async call => {
  const number = parsePartNumber(call.query);
  const upload = await requireUpload(call);
  const { object } = await openCopySource(call);
  try {
    const range = parseSourceRange(call.headers['x-amz-copy-source-range'], object.version.size);
    const algorithms = upload.checksumAlgorithm === undefined ? [] : [upload.checksumAlgorithm];
    const body = digestedBytes(objectBytes(object, range), algorithms);
    const part = await writePart(call.store, upload, number, body);
    const members = [
      tag('LastModified', isoSeconds(part.modifiedMs)),
      tag('ETag', `"${part.etag}"`),
      ...part.checksums.map(({ algorithm, value }) => tag(`Checksum${algorithm.toUpperCase()}`, value)),
    ];
    return { status: 200, xml: xmlDocument('CopyPartResult', ...members) };
  } finally {
    await object.handle.close();
  }
};

/** Unlike Range, it must be `bytes=first-last`, and lie within the source. */
function parseSourceRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const range = /^bytes=\d+-\d+$/.test(header) ? parseRange(header, size) : undefined;
  if (range === undefined || range === 'unsatisfiable' || !header.endsWith(`-${range.last}`))
    throw invalidArgument(`The x-amz-copy-source-range ${header} is not a range of bytes of the source.`);
  return range;
}
