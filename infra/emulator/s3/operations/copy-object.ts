import { invalidArgument, invalidRequest } from '../../wire/s3-error.ts';
import { tag, xmlDocument } from '../../wire/xml.ts';
import type { Operation, S3Call } from '../call.ts';
import { type ChecksumAlgorithm, parseAlgorithm } from '../checksum.ts';
import { openCopySource } from '../copy-source.ts';
import { digestedBytes } from '../digested-bytes.ts';
import { isoSeconds } from '../list-page.ts';
import { keptHeaders, objectBytes } from '../object-headers.ts';
import { onlyIfAbsent } from '../preconditions.ts';
import { publishObject } from '../publish-object.ts';
import { modifiedMs } from '../store.ts';

/** CopyObject: the bytes, with the source's metadata or, for `x-amz-metadata-directive: REPLACE`, the request's. */
export const copyObject: Operation = async call => {
  const { store, bucket, key } = call;
  const replaces = parseDirective(call.headers['x-amz-metadata-directive']);
  const publication = { bucket, key, onlyIfAbsent: onlyIfAbsent(call) };
  const headers = replaces ? keptHeaders(call.headers) : undefined;
  const requested = requestedAlgorithm(call);
  const source = await openCopySource(call);
  const bytes = objectBytes(source.object, undefined);
  try {
    if (source.bucket === bucket && source.key === key && !replaces)
      throw invalidRequest('This copy request is illegal because it copies an object to itself without changing it.');
    const algorithms = requested ?? source.object.metadata.checksums.map(sum => sum.algorithm);
    const body = digestedBytes(bytes, algorithms);
    const { metadata, version } = await publishObject(store, publication, body.bytes, () => {
      const { md5, checksums } = body.digest();
      const kept = headers ?? source.object.metadata.headers;
      return { etag: md5.toString('hex'), headers: kept, checksums, checksumType: 'FULL_OBJECT' };
    });
    const members = [
      tag('LastModified', isoSeconds(modifiedMs(version))),
      tag('ETag', `"${metadata.etag}"`),
      ...metadata.checksums.map(({ algorithm, value }) => tag(`Checksum${algorithm.toUpperCase()}`, value)),
    ];
    return { status: 200, xml: xmlDocument('CopyObjectResult', ...members) };
  } finally {
    bytes.destroy();
    await source.object.handle.close();
  }
};

function parseDirective(text: string | undefined): boolean {
  if (text === undefined || text === 'COPY') return false;
  if (text === 'REPLACE') return true;
  throw invalidArgument('Unknown metadata directive.');
}

function requestedAlgorithm({ headers }: S3Call): ChecksumAlgorithm[] | undefined {
  const name = headers['x-amz-checksum-algorithm'];
  if (name === undefined) return undefined;
  const algorithm = parseAlgorithm(name);
  if (algorithm === undefined) throw invalidRequest(`Sluice's local S3 does not know the checksum ${name}.`);
  return [algorithm];
}
