import { S3Error } from '../wire/s3-error.ts';

const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const RESERVED_START = /^(xn--|sthree-|amzn-s3-demo-)/;
const RESERVED_END = /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** Whether a name is valid for a general purpose bucket (Amazon S3 user guide, "Bucket naming rules"). */
export function isBucketName(name: string): boolean {
  return (
    NAME.test(name) &&
    !name.includes('..') &&
    !ADDRESS.test(name) &&
    !RESERVED_START.test(name) &&
    !RESERVED_END.test(name)
  );
}

/** Throws InvalidBucketName for an invalid name. Bucket names become folder names, so every name must be checked. */
export function requireBucketName(name: string): void {
  if (!isBucketName(name)) throw invalidBucketName();
}

export function invalidBucketName(): S3Error {
  return new S3Error('InvalidBucketName', 400, 'The specified bucket is not valid.');
}
