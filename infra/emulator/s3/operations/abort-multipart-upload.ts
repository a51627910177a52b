import type { Operation } from '../call.ts';
import { removeUpload, requireUpload } from '../uploads.ts';

/** AbortMultipartUpload: nothing is left of it. */
export const abortMultipartUpload: Operation = async call => {
  await removeUpload(call.store, await requireUpload(call));
  return { status: 204 };
};
