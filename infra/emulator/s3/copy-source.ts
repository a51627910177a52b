import { invalidArgument, notImplemented } from '../wire/s3-error.ts';
import type { S3Call } from './call.ts';
import { evaluate, parseConditions, preconditionFailed, stateOf } from './preconditions.ts';
import { openObject, type StoredObject } from './stored-object.ts';

/** Opens what `x-amz-copy-source` names, if the conditions on it hold. */
export async function openCopySource(call: S3Call): Promise<{ bucket: string; key: string; object: StoredObject }> {
  const { bucket, key } = parseCopySource(call.headers['x-amz-copy-source'] ?? '');
  const object = await openObject(call.store, bucket, key);
  if (evaluate(parseConditions(call.headers, 'x-amz-copy-source-'), stateOf(object)) === undefined)
    return { bucket, key, object };
  await object.handle.close();
  throw preconditionFailed();
}

function parseCopySource(header: string): { bucket: string; key: string } {
  const [source = '', version] = header.split('?versionId=');
  if (version !== undefined && version !== 'null') throw notImplemented('copying a version of an object');
  const decoded = decode(source).replace(/^\//, '');
  if (decoded.startsWith('arn:')) throw notImplemented('copying from an access point');
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1)
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey.');
  return { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1) };
}

function decode(source: string): string {
  try {
    return decodeURIComponent(source);
  } catch (error) {
    if (error instanceof URIError) throw invalidArgument('The copy source is not URL-encoded UTF-8.');
    throw error;
  }
}
