/**
 * Where objects are on disk: `root/<bucket>/<key>`. An ordinary key is its own path, so that any Parquet tool opens it.
 * A part of a key between slashes that cannot be a visible file name of its own (empty, starting with a dot, with control
 * characters or a backslash, or not in Unicode's composed form) becomes `.%` and its percent-encoding: `a//.b` is at
 * `a/.%/.%.b`. Every other name that starts with a dot is no object: temporary files, and the folders `.staging`, `.meta`
 * and `.uploads` beside the buckets.
 */
import path from 'node:path';
import { invalidArgument, S3Error } from '../wire/s3-error.ts';
import { requireBucketName } from './bucket-name.ts';

const MAX_KEY_BYTES = 1024;
const MAX_NAME_BYTES = 255;
const ESCAPE = '.%';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const UNSAFE = /[\u0000-\u001f\u007f\\]/;

/** The file of an object, whether or not it exists. Throws S3Error for a bucket or key that cannot be. */
export function objectPath(root: string, bucket: string, key: string): string {
  requireBucketName(bucket);
  if (key === '') throw invalidArgument('The key is empty.');
  if (!key.isWellFormed()) throw new S3Error('InvalidURI', 400, 'The key is not valid Unicode.');
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw keyTooLong(`The key is over ${MAX_KEY_BYTES} bytes.`);
  const names = key.split('/').map(nameOf);
  if (names.some(name => Buffer.byteLength(name) > MAX_NAME_BYTES))
    throw keyTooLong(
      `Sluice's local S3 keeps each part of a key between slashes as a file name, of at most ${MAX_NAME_BYTES} bytes.`,
    );
  return path.join(root, bucket, ...names);
}

/** The inverse of objectPath: which object a file under `root` is, or undefined where it is none (a temporary file, say). */
export function objectOfPath(root: string, file: string): { bucket: string; key: string } | undefined {
  const [bucket, ...names] = path.relative(root, file).split(path.sep);
  if (bucket === undefined || names.length === 0) return undefined;
  const parts = names.map(partOf);
  if (parts.includes(undefined)) return undefined;
  const key = parts.join('/');
  try {
    return objectPath(root, bucket, key) === path.normalize(file) ? { bucket, key } : undefined;
  } catch (error) {
    if (error instanceof S3Error) return undefined;
    throw error;
  }
}

/** The file name of one part of a key. */
export function nameOf(part: string): string {
  const plain = part !== '' && !part.startsWith('.') && !UNSAFE.test(part) && part.normalize('NFC') === part;
  return plain ? part : ESCAPE + encodeURIComponent(part);
}

/** The inverse of nameOf, or undefined for a name that nameOf never gives. */
export function partOf(name: string): string | undefined {
  const part = name.startsWith(ESCAPE) ? decode(name.slice(ESCAPE.length)) : name;
  return part?.isWellFormed() && nameOf(part) === name ? part : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** S3's error for a key over 1,024 bytes, and ours for one that the file system cannot hold. */
export function keyTooLong(message: string): S3Error {
  return new S3Error('KeyTooLongError', 400, message);
}
