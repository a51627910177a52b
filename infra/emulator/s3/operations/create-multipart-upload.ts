import { invalidRequest, notImplemented } from '../../wire/s3-error.ts';
import { tag, xmlDocument } from '../../wire/xml.ts';
import { requireBucket } from '../buckets.ts';
import type { Operation, S3Call } from '../call.ts';
import { type ChecksumAlgorithm, parseAlgorithm } from '../checksum.ts';
import { keptHeaders } from '../object-headers.ts';
import { objectPath } from '../object-path.ts';
import { createUpload, type Upload } from '../uploads.ts';

/** CreateMultipartUpload: the headers of the object to come, and which checksum it will have. */
export const createMultipartUpload: Operation = async call => {
  const { store, bucket, key } = call;
  await requireBucket(store, bucket);
  objectPath(store.root, bucket, key); // A key that cannot be is refused before its parts are sent.
  const checksum = parseChecksum(call.headers);
  const id = await createUpload(store, { bucket, key, headers: keptHeaders(call.headers), ...checksum });
  const { checksumAlgorithm, checksumType } = checksum;
  const headers =
    checksumAlgorithm === undefined
      ? {}
      : { 'x-amz-checksum-algorithm': checksumAlgorithm.toUpperCase(), 'x-amz-checksum-type': checksumType };
  const members = [tag('Bucket', bucket), tag('Key', key), tag('UploadId', id)];
  return { status: 200, headers, xml: xmlDocument('InitiateMultipartUploadResult', ...members) };
};

/** Which type goes with which algorithm: Amazon S3 user guide, "Checking object integrity". */
function parseChecksum(headers: S3Call['headers']): Pick<Upload, 'checksumAlgorithm' | 'checksumType'> {
  const name = headers['x-amz-checksum-algorithm'];
  const type = headers['x-amz-checksum-type'];
  if (name === undefined) {
    if (type !== undefined) throw invalidRequest('x-amz-checksum-type needs x-amz-checksum-algorithm.');
    return { checksumAlgorithm: undefined, checksumType: 'FULL_OBJECT' };
  }
  const checksumAlgorithm = parseAlgorithm(name);
  if (checksumAlgorithm === undefined) throw notImplemented(`the checksum ${name}`);
  const allowed = TYPES[checksumAlgorithm];
  const checksumType = type === undefined ? allowed[0] : allowed.find(candidate => candidate === type);
  if (checksumType === undefined)
    throw invalidRequest(`The ${type} checksum type cannot be used with the ${name} checksum algorithm.`);
  return { checksumAlgorithm, checksumType };
}

/** The first is the default. */
const TYPES: Record<ChecksumAlgorithm, readonly [Upload['checksumType'], ...Upload['checksumType'][]]> = {
  crc32: ['COMPOSITE', 'FULL_OBJECT'],
  crc32c: ['COMPOSITE', 'FULL_OBJECT'],
  crc64nvme: ['FULL_OBJECT'],
  sha1: ['COMPOSITE'],
  sha256: ['COMPOSITE'],
};
