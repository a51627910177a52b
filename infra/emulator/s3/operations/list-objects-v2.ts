import { invalidArgument } from '../../wire/s3-error.ts';
import { tag, xmlDocument } from '../../wire/xml.ts';
import { requireBucket } from '../buckets.ts';
import type { Operation } from '../call.ts';
import { type ListPosition, listPage, listParameters, pageElements } from '../list-page.ts';

/** ListObjectsV2: keys in the order of their UTF-8 bytes, 1,000 a page. */
export const listObjectsV2: Operation = async ({ store, bucket, query }) => {
  await requireBucket(store, bucket);
  if (query.get('list-type') !== '2') throw invalidArgument('The list-type is not 2.');
  const { prefix, delimiter, maxKeys, encode } = listParameters(query);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const from = token === undefined ? { last: startAfter ?? '', isPrefix: false } : parseToken(token);
  const page = await listPage(store, { bucket, prefix, delimiter, from, maxKeys });
  const withOwner = query.get('fetch-owner') === 'true';
  const xml = xmlDocument(
    'ListBucketResult',
    tag('Name', bucket),
    tag('Prefix', encode(prefix)),
    delimiter === '' ? '' : tag('Delimiter', encode(delimiter)),
    startAfter === undefined ? '' : tag('StartAfter', encode(startAfter)),
    tag('ContinuationToken', token),
    tag('MaxKeys', maxKeys),
    tag('EncodingType', query.get('encoding-type')),
    tag('KeyCount', page.keys.length + page.commonPrefixes.length),
    tag('IsTruncated', page.next !== undefined),
    tag('NextContinuationToken', page.next === undefined ? undefined : formatToken(page.next)),
    ...(await pageElements(store, bucket, { page, encode, withOwner })),
  );
  return { status: 200, xml };
};

/** The position itself, so that a listing goes on whatever was restarted or deleted in between. */
function formatToken({ last, isPrefix }: ListPosition): string {
  return Buffer.from((isPrefix ? 'p' : 'k') + last).toString('base64url');
}

function parseToken(token: string): ListPosition {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!/^[pk]./s.test(text)) throw invalidArgument('The continuation token provided is incorrect.');
  return { last: text.slice(1), isPrefix: text.startsWith('p') };
}
