import {
  GetObjectCommand,
  HeadObjectCommand,
  InvalidObjectState,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** A place in S3: a bucket, and a key or key prefix ('' means the whole bucket). */
export interface S3Place {
  bucket: string;
  prefix: string;
}

export interface ListedObject {
  key: string;
  bytes: number;
  lastModifiedMs: number;
}

/** Parses `s3://bucket/prefix`; undefined for any other text. */
export function parseS3Url(url: string): S3Place | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(url);
  const [, bucket, prefix = ''] = match ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

/** Lists every object whose key begins with the prefix, in S3's order (UTF-8 bytes of the key), page by page. */
export async function* listObjects(s3: S3Client, { bucket, prefix }: S3Place): AsyncGenerator<ListedObject> {
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    for (const { Key, Size = 0, LastModified } of page.Contents ?? [])
      if (Key !== undefined) yield { key: Key, bytes: Size, lastModifiedMs: LastModified?.getTime() ?? 0 };
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

/** All bytes of an object. */
export async function getObject(s3: S3Client, bucket: string, key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (Body === undefined) throw new Error(`s3://${bucket}/${key} came without a body`);
  return Buffer.from(await Body.transformToByteArray());
}

/** All bytes of an object; undefined where there is none. */
export async function findObject(s3: S3Client, bucket: string, key: string): Promise<Buffer | undefined> {
  try {
    return await getObject(s3, bucket, key);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** Writes an object, atomically replacing any under the same key. */
export async function putObject(
  s3: S3Client,
  at: { bucket: string; key: string; type?: string },
  body: Uint8Array,
): Promise<void> {
  const { bucket, key, type } = at;
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ...(type === undefined ? {} : { ContentType: type }),
    }),
  );
}

/** Writes an object unless one exists; false if one does, which stays as it is. */
export async function putNewObject(
  s3: S3Client,
  { bucket, key, type }: { bucket: string; key: string; type: string },
  body: Uint8Array,
): Promise<boolean> {
  try {
    const at = { Bucket: bucket, Key: key, ContentType: type };
    await s3.send(new PutObjectCommand({ ...at, Body: body, IfNoneMatch: '*' }));
    return true;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    if (error.name === 'PreconditionFailed') return false;
    // Two concurrent writers: S3 asks the refused one to retry, and by then the other's object exists.
    if (error.name === 'ConditionalRequestConflict') return putNewObject(s3, { bucket, key, type }, body);
    throw error;
  }
}

export async function objectExists(s3: S3Client, bucket: string, key: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}

/** Whether an error says that the bucket does not exist. */
export function isNoSuchBucket(error: unknown): boolean {
  return error instanceof NoSuchBucket;
}

/** Whether an error says that the caller lacks permission. */
export function isAccessDenied(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403;
}

/** Whether an error says that the object is archived (Glacier) and must be restored first. */
export function isArchived(error: unknown): boolean {
  return error instanceof InvalidObjectState;
}
