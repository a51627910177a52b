import { requireBucket } from '../buckets.ts';
import type { Operation } from '../call.ts';

/** HeadBucket: whether it exists, and its region. */
export const headBucket: Operation = async ({ store, bucket }) => {
  await requireBucket(store, bucket);
  return { status: 200, headers: { 'x-amz-bucket-region': store.region } };
};
