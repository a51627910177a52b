import { syncFolder } from '../../disk/durable-files.ts';
import { S3Error } from '../../wire/s3-error.ts';
import { bucketPath, requireBucket } from '../buckets.ts';
import type { Operation } from '../call.ts';
import { removeBucketMetadata } from '../metadata.ts';
import { removeEmptyFolders } from '../publish-object.ts';

/** DeleteBucket: only where no file is left in it, be it an object or not. */
export const deleteBucket: Operation = async ({ store, bucket }) => {
  await requireBucket(store, bucket);
  if (!(await removeEmptyFolders(bucketPath(store, bucket))))
    throw new S3Error('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty.');
  await syncFolder(store.root);
  await removeBucketMetadata(store, bucket);
  return { status: 204 };
};
