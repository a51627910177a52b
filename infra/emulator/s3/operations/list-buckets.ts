import { element, tag, xmlDocument } from '../../wire/xml.ts';
import { listBuckets as findBuckets } from '../buckets.ts';
import type { Operation } from '../call.ts';
import { OWNER } from '../list-page.ts';

/** ListBuckets: every bucket, by name. */
export const listBuckets: Operation = async ({ store, query }) => {
  const prefix = query.get('prefix') ?? '';
  const buckets = (await findBuckets(store)).filter(({ name }) => name.startsWith(prefix));
  const elements = buckets.map(({ name, createdMs }) =>
    element('Bucket', tag('Name', name), tag('CreationDate', new Date(createdMs).toISOString())),
  );
  return { status: 200, xml: xmlDocument('ListAllMyBucketsResult', OWNER, element('Buckets', ...elements)) };
};
