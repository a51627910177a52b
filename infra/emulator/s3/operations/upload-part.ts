import type { Operation } from '../call.ts';
import { parsePartNumber, requireUpload, writePart } from '../uploads.ts';
import { verifiedBody } from '../verified-body.ts';

/** UploadPart: once it answers 200, the part is on disk. */
export const uploadPart: Operation = async call => {
  const number = parsePartNumber(call.query);
  const upload = await requireUpload(call);
  const body = verifiedBody(call, ...(upload.checksumAlgorithm === undefined ? [] : [upload.checksumAlgorithm]));
  const { etag, checksums } = await writePart(call.store, upload, number, body);
  const headers = Object.fromEntries(checksums.map(({ algorithm, value }) => [`x-amz-checksum-${algorithm}`, value]));
  return { status: 200, headers: { etag: `"${etag}"`, ...headers } };
};
