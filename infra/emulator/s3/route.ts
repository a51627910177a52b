import { notImplemented } from '../wire/s3-error.ts';
import type { Operation, S3Call } from './call.ts';
import { abortMultipartUpload } from './operations/abort-multipart-upload.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { copyObject } from './operations/copy-object.ts';
import { createBucket } from './operations/create-bucket.ts';
import { createMultipartUpload } from './operations/create-multipart-upload.ts';
import { deleteBucket } from './operations/delete-bucket.ts';
import { deleteObject } from './operations/delete-object.ts';
import { deleteObjects } from './operations/delete-objects.ts';
import { getBucketLocation } from './operations/get-bucket-location.ts';
import { getObject, headObject } from './operations/get-object.ts';
import { headBucket } from './operations/head-bucket.ts';
import { listBuckets } from './operations/list-buckets.ts';
import { listObjects } from './operations/list-objects.ts';
import { listObjectsV2 } from './operations/list-objects-v2.ts';
import { listParts } from './operations/list-parts.ts';
import { putObject } from './operations/put-object.ts';
import { uploadPart } from './operations/upload-part.ts';
import { uploadPartCopy } from './operations/upload-part-copy.ts';
import { operationName, requireServedHeaders } from './unserved.ts';

/** How a request names an operation (Amazon S3 API reference), and what it may say besides. */
interface Route {
  name: string;
  method: string;
  target: 'service' | 'bucket' | 'object';
  /** Query parameters that must be there. */
  marks?: string[];
  /** Whether it copies, which tells it from the operation that it would be otherwise. */
  copies?: boolean;
  /** Query parameters that may be there. */
  query?: string[];
  run: Operation;
}

const LISTING = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];
const OVERRIDES = ['type', 'language', 'expires', 'cache-control', 'disposition', 'encoding'].map(name =>
  name === 'expires' || name === 'cache-control' ? `response-${name}` : `response-content-${name}`,
);
const UPLOAD = ['uploadId'];
const PART = ['partNumber', 'uploadId'];

const ROUTES: Route[] = [
  { name: 'ListBuckets', method: 'GET', target: 'service', query: ['prefix'], run: listBuckets },
  { name: 'CreateBucket', method: 'PUT', target: 'bucket', run: createBucket },
  { name: 'HeadBucket', method: 'HEAD', target: 'bucket', run: headBucket },
  { name: 'DeleteBucket', method: 'DELETE', target: 'bucket', run: deleteBucket },
  { name: 'GetBucketLocation', method: 'GET', target: 'bucket', marks: ['location'], run: getBucketLocation },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    target: 'bucket',
    marks: ['list-type'],
    query: [...LISTING, 'continuation-token', 'start-after', 'fetch-owner'],
    run: listObjectsV2,
  },
  { name: 'ListObjects', method: 'GET', target: 'bucket', query: [...LISTING, 'marker'], run: listObjects },
  { name: 'DeleteObjects', method: 'POST', target: 'bucket', marks: ['delete'], run: deleteObjects },
  { name: 'UploadPartCopy', method: 'PUT', target: 'object', marks: PART, copies: true, run: uploadPartCopy },
  { name: 'UploadPart', method: 'PUT', target: 'object', marks: PART, copies: false, run: uploadPart },
  { name: 'CopyObject', method: 'PUT', target: 'object', copies: true, run: copyObject },
  { name: 'PutObject', method: 'PUT', target: 'object', copies: false, run: putObject },
  {
    name: 'ListParts',
    method: 'GET',
    target: 'object',
    marks: UPLOAD,
    query: ['max-parts', 'part-number-marker'],
    run: listParts,
  },
  { name: 'GetObject', method: 'GET', target: 'object', query: OVERRIDES, run: getObject },
  { name: 'HeadObject', method: 'HEAD', target: 'object', query: OVERRIDES, run: headObject },
  { name: 'AbortMultipartUpload', method: 'DELETE', target: 'object', marks: UPLOAD, run: abortMultipartUpload },
  { name: 'DeleteObject', method: 'DELETE', target: 'object', run: deleteObject },
  { name: 'CreateMultipartUpload', method: 'POST', target: 'object', marks: ['uploads'], run: createMultipartUpload },
  { name: 'CompleteMultipartUpload', method: 'POST', target: 'object', marks: UPLOAD, run: completeMultipartUpload },
];

/** The operation that a request asks for. Throws NotImplemented, with its name, for one that is not served in full. */
export function route(call: S3Call): Operation {
  const target = call.bucket === '' ? 'service' : call.key === '' ? 'bucket' : 'object';
  const asksFor = operationName(call, target);
  if (asksFor !== undefined) throw notImplemented(asksFor);
  const copies = call.headers['x-amz-copy-source'] !== undefined;
  const found = ROUTES.find(
    candidate =>
      candidate.method === call.method &&
      candidate.target === target &&
      (candidate.copies ?? copies) === copies &&
      (candidate.marks ?? []).every(mark => call.query.has(mark)),
  );
  if (found === undefined)
    throw notImplemented(`${call.method} of a ${target} with ${[...call.query.keys()].join(', ') || 'no parameters'}`);
  for (const name of call.query.keys())
    if (!found.marks?.includes(name) && !found.query?.includes(name))
      throw notImplemented(`${found.name} with ${name}`);
  requireServedHeaders(call, found.name);
  return found.run;
}
