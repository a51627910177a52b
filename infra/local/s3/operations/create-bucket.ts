import { mkdir } from 'node:fs/promises';
import { LOCAL_REGION } from '../../../../contract/lake.ts';
import { makeFolder, syncFolder } from '../../durable-files.ts';
import { bucketPath } from '../buckets.ts';
import type { Operation } from '../call.ts';
import { S3Error } from '../s3-error.ts';
import { readVerified } from '../verified-body.ts';
import { childText, parseXml } from '../xml.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** CreateBucket: a folder. There is one region, and so no other location constraint. */
export const createBucket: Operation = async call => {
  const folder = bucketPath(call.store, call.bucket);
  const body = await readVerified(call, MAX_BODY_BYTES);
  const location =
    body.length === 0 ? undefined : childText(parseXml(body, 'CreateBucketConfiguration'), 'LocationConstraint');
  if (location !== undefined && location !== LOCAL_REGION)
    throw new S3Error(
      'IllegalLocationConstraintException',
      400,
      `Buckets of this endpoint are in ${LOCAL_REGION}, not in ${location}.`,
    );
  await makeFolder(call.store.root);
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new S3Error('BucketAlreadyOwnedByYou', 409, 'The bucket exists already, and it is yours.');
  }
  await syncFolder(call.store.root);
  return { status: 200, headers: { location: `/${call.bucket}` } };
};
