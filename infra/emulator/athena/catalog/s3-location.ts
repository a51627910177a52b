/** Locations in S3 as the statements and the catalog write them, and the folders that they are here. */
import path from 'node:path';
import { requireBucketName } from '../../s3/bucket-name.ts';
import { hasLink } from '../../s3/links.ts';
import { objectOfPath, objectPath } from '../../s3/object-path.ts';
import { S3Error } from '../../wire/s3-error.ts';
import { StatementError } from '../language/statement-error.ts';

/** The folder of `s3://bucket/prefix/`, absolute, whether or not it exists. Throws a `StatementError` for any other location. */
export function locationFolder(location: string, s3Root: string): string {
  const match = /^s3[an]?:\/\/([^/]+)(?:\/(.*))?$/s.exec(location);
  const [, bucket = '', prefix = ''] = match ?? [];
  const key = prefix.replace(/\/$/, '');
  if (match === null) throw invalidLocation(location, 'it must begin with s3://bucket/');
  if (key.split('/').some(part => part === '.' || part === '..'))
    throw invalidLocation(location, 'its key has a part that is . or ..');
  try {
    requireBucketName(bucket);
    const root = path.resolve(s3Root);
    const folder = key === '' ? path.join(root, bucket) : objectPath(root, bucket, key);
    if (hasLink(root, folder))
      throw invalidLocation(location, 'a symbolic link is on the way to it, which is not followed');
    return folder;
  } catch (error) {
    if (error instanceof S3Error) throw invalidLocation(location, error.message);
    throw error;
  }
}

/** The `s3://bucket/key` of a file under `s3Root`. */
export function locationOf(file: string, s3Root: string): string {
  const object = objectOfPath(path.resolve(s3Root), file);
  if (object === undefined) throw new Error(`${file} is no object.`);
  return `s3://${object.bucket}/${object.key}`;
}

function invalidLocation(location: string, why: string): StatementError {
  return new StatementError(`INVALID_TABLE_PROPERTY: '${location}' is no S3 location: ${why}`);
}
