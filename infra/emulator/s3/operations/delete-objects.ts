import { invalidRequest, notImplemented, S3Error } from '../../wire/s3-error.ts';
import { childText, element, malformedXml, tag, type XmlElement, xmlDocument } from '../../wire/xml.ts';
import { requireBucket } from '../buckets.ts';
import type { Operation } from '../call.ts';
import { removeObjects } from '../remove-objects.ts';
import { readXml } from '../xml-body.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;
const MAX_KEYS = 1000;
/** Of each key: Object, Key, VersionId, ETag, LastModifiedTime and Size; and Delete and Quiet. */
const MAX_ELEMENTS = 6 * MAX_KEYS + 2;

/** DeleteObjects: up to 1,000 keys, each with its own result. */
export const deleteObjects: Operation = async call => {
  const { store, bucket, headers } = call;
  await requireBucket(store, bucket);
  if (!Object.keys(headers).some(name => /^(content-md5|x-amz-trailer|x-amz-checksum-.*)$/.test(name)))
    throw invalidRequest('Missing required header for this request: Content-MD5 or a checksum.');
  const request = await readXml(call, 'Delete', { maxBytes: MAX_BODY_BYTES, maxElements: MAX_ELEMENTS });
  if (request === undefined) throw malformedXml();
  const keys = (request.children.get('Object') ?? []).map(parseKey);
  if (keys.length === 0 || keys.length > MAX_KEYS) throw malformedXml();
  const isQuiet = childText(request, 'Quiet') === 'true';
  const results: string[] = [];
  for (const key of keys) {
    const error = await removeOne(() => removeObjects(store, bucket, [key]));
    if (error !== undefined)
      results.push(element('Error', tag('Key', key), tag('Code', error.code), tag('Message', error.message)));
    else if (!isQuiet) results.push(element('Deleted', tag('Key', key)));
  }
  return { status: 200, xml: xmlDocument('DeleteResult', ...results) };
};

function parseKey(object: XmlElement): string {
  for (const member of ['VersionId', 'ETag', 'LastModifiedTime', 'Size'])
    if (object.children.has(member)) throw notImplemented(`DeleteObjects with ${member}`);
  const key = childText(object, 'Key');
  if (key === undefined || key === '') throw malformedXml();
  return key;
}

/** A key that cannot be is that key's error alone. */
async function removeOne(remove: () => Promise<void>): Promise<S3Error | undefined> {
  try {
    await remove();
    return undefined;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
