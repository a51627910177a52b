import { requireBucket } from '../buckets.ts';
import type { Operation } from '../call.ts';
import { removeObjects } from '../remove-objects.ts';

/** DeleteObject: 204 whether or not the object was there. */
export const deleteObject: Operation = async ({ store, bucket, key }) => {
  await requireBucket(store, bucket);
  await removeObjects(store, bucket, [key]);
  return { status: 204 };
};
