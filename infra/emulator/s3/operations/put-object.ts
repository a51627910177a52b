import type { Operation } from '../call.ts';
import { checksumHeaders, keptHeaders } from '../object-headers.ts';
import { onlyIfAbsent } from '../preconditions.ts';
import { publishObject } from '../publish-object.ts';
import { verifiedBody } from '../verified-body.ts';

/** PutObject: once it answers 200, the object is on disk. */
export const putObject: Operation = async call => {
  const { store, bucket, key } = call;
  const headers = keptHeaders(call.headers);
  const body = verifiedBody(call);
  const publication = { bucket, key, onlyIfAbsent: onlyIfAbsent(call) };
  const { metadata } = await publishObject(store, publication, body.bytes, () => {
    const { md5, checksums } = body.digest();
    return { etag: md5.toString('hex'), headers, checksums, checksumType: 'FULL_OBJECT' };
  });
  return { status: 200, headers: { etag: `"${metadata.etag}"`, ...checksumHeaders(metadata) } };
};
