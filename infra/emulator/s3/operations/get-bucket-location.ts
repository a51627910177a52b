import { xmlDocument } from '../../wire/xml.ts';
import { requireBucket } from '../buckets.ts';
import type { Operation } from '../call.ts';

/** GetBucketLocation: the region is the root element's own text. */
export const getBucketLocation: Operation = async ({ store, bucket }) => {
  await requireBucket(store, bucket);
  return { status: 200, xml: xmlDocument('LocationConstraint', store.region) };
};
