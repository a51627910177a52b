import { tag, xmlDocument } from '../../wire/xml.ts';
import { requireBucket } from '../buckets.ts';
import type { Operation } from '../call.ts';
import { listPage, listParameters, pageElements } from '../list-page.ts';

/** ListObjects, the first version, which goes on from the last key or common prefix. */
export const listObjects: Operation = async ({ store, bucket, query }) => {
  await requireBucket(store, bucket);
  const { prefix, delimiter, maxKeys, encode } = listParameters(query);
  const marker = query.get('marker') ?? '';
  // A marker that is itself a common prefix is the NextMarker of the page before.
  const isPrefix = delimiter !== '' && marker.startsWith(prefix) && isOnePart(marker.slice(prefix.length), delimiter);
  const page = await listPage(store, { bucket, prefix, delimiter, from: { last: marker, isPrefix }, maxKeys });
  const xml = xmlDocument(
    'ListBucketResult',
    tag('Name', bucket),
    tag('Prefix', encode(prefix)),
    tag('Marker', encode(marker)),
    delimiter === '' ? '' : tag('Delimiter', encode(delimiter)),
    tag('MaxKeys', maxKeys),
    tag('EncodingType', query.get('encoding-type')),
    tag('IsTruncated', page.next !== undefined),
    // S3 gives it for listings with a delimiter only; without one the last key is the marker.
    tag('NextMarker', page.next === undefined || delimiter === '' ? undefined : encode(page.next.last)),
    ...(await pageElements(store, bucket, { page, encode, withOwner: true })),
  );
  return { status: 200, xml };
};

function isOnePart(rest: string, delimiter: string): boolean {
  return rest.indexOf(delimiter) === rest.length - delimiter.length && rest.endsWith(delimiter);
}
