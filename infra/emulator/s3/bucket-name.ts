import { S3Error } from '../wire/s3-error.ts';

const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const RESERVED_START = /^(xn--|sthree-|amzn-s3-demo-)/;
const RESERVED_END = /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** Whether a name follows S3's rules for general purpose buckets (Amazon S3 user guide, "Bucket naming rules"). */
export function isBucketName(name: string): boolean {
  return (
    NAME.test(name) &&
    !name.includes('..') &&
    !ADDRESS.test(name) &&
    !RESERVED_START.test(name) &&
    !RESERVED_END.test(name)
  );
}

/** Throws InvalidBucketName for anything else: a bucket's name is a folder's name here, so nothing unchecked may pass. */
export function requireBucketName(name: string): void {
  if (!isBucketName(name)) throw invalidBucketName();
}

export function invalidBucketName(): S3Error {
  return new S3Error('InvalidBucketName', 400, 'The specified bucket is not valid.');
}
