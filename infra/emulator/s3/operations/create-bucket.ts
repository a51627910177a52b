import { mkdir } from 'node:fs/promises';
import { makeFolder, syncFolder } from '../../disk/durable-files.ts';
import { S3Error } from '../../wire/s3-error.ts';
import { childText } from '../../wire/xml.ts';
import { bucketPath } from '../buckets.ts';
import type { Operation } from '../call.ts';
import { readXml } from '../xml-body.ts';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_ELEMENTS = 250;

/** CreateBucket: a folder. There is one region, and so no other location constraint. */
export const createBucket: Operation = async call => {
  const folder = bucketPath(call.store, call.bucket);
  const request = await readXml(call, 'CreateBucketConfiguration', {
    maxBytes: MAX_BODY_BYTES,
    maxElements: MAX_ELEMENTS,
  });
  const location = request && childText(request, 'LocationConstraint');
  if (location !== undefined && location !== call.store.region)
    throw new S3Error(
      'IllegalLocationConstraintException',
      400,
      `Buckets of this endpoint are in ${call.store.region}, not in ${location}.`,
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
