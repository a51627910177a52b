import path from 'node:path';
import { invalid } from './input.ts';

/** The file of a query's result. Throws where its location is no S3 location. */
export function resultFile(outputLocation: string, s3Root: string): string {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/.exec(outputLocation);
  const [, bucket = '', key = ''] = match ?? [];
  if (
    match === null ||
    bucket.includes('..') ||
    key.split('/').some(part => part === '..' || part === '.' || part.includes('\0'))
  )
    throw invalid(`The S3 location provided to save your query results is invalid: ${outputLocation}`);
  return path.join(s3Root, bucket, key);
}
