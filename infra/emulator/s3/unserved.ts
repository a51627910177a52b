/** What S3 has and this one has not, by name, so that a client is told rather than served something else. */

import { notImplemented } from '../wire/s3-error.ts';
import type { S3Call } from './call.ts';

/** Query parameters that make another operation of a request: what it does to what. */
const SUBRESOURCES: Record<'service' | 'bucket' | 'object', Record<string, string>> = {
  service: {},
  bucket: {
    abac: 'BucketAbac',
    accelerate: 'BucketAccelerateConfiguration',
    acl: 'BucketAcl',
    analytics: 'BucketAnalyticsConfiguration',
    cors: 'BucketCors',
    encryption: 'BucketEncryption',
    'intelligent-tiering': 'BucketIntelligentTieringConfiguration',
    inventory: 'BucketInventoryConfiguration',
    lifecycle: 'BucketLifecycleConfiguration',
    logging: 'BucketLogging',
    metadataConfiguration: 'BucketMetadataConfiguration',
    metadataTable: 'BucketMetadataTableConfiguration',
    metrics: 'BucketMetricsConfiguration',
    notification: 'BucketNotificationConfiguration',
    'object-lock': 'ObjectLockConfiguration',
    ownershipControls: 'BucketOwnershipControls',
    policy: 'BucketPolicy',
    policyStatus: 'BucketPolicyStatus',
    publicAccessBlock: 'PublicAccessBlock',
    replication: 'BucketReplication',
    requestPayment: 'BucketRequestPayment',
    session: 'Session',
    tagging: 'BucketTagging',
    uploads: 'MultipartUploads',
    versioning: 'BucketVersioning',
    versions: 'ObjectVersions',
    website: 'BucketWebsite',
  },
  object: {
    acl: 'ObjectAcl',
    attributes: 'ObjectAttributes',
    encryption: 'ObjectEncryption',
    'legal-hold': 'ObjectLegalHold',
    renameObject: 'RenameObject',
    restore: 'Object',
    retention: 'ObjectRetention',
    select: 'ObjectContent',
    tagging: 'ObjectTagging',
    torrent: 'ObjectTorrent',
  },
};

const VERBS: Record<string, string> = { GET: 'Get', HEAD: 'Head', PUT: 'Put', DELETE: 'Delete', POST: 'Post' };
/** Where the name is not the verb and the subresource. */
const IRREGULAR: Record<string, string> = {
  GetMultipartUploads: 'ListMultipartUploads',
  GetObjectVersions: 'ListObjectVersions',
  GetSession: 'CreateSession',
  PostObject: 'RestoreObject',
  PostObjectContent: 'SelectObjectContent',
  PutObjectEncryption: 'UpdateObjectEncryption',
  PutRenameObject: 'RenameObject',
};

/** The name of the operation that a request asks for, where it is one of those that are not served; else undefined. */
export function operationName(call: S3Call, target: 'service' | 'bucket' | 'object'): string | undefined {
  for (const parameter of call.query.keys()) {
    if (!Object.hasOwn(SUBRESOURCES[target], parameter)) continue;
    if (target === 'object' && parameter === 'uploads') continue;
    const name = `${VERBS[call.method] ?? call.method}${SUBRESOURCES[target][parameter]}`;
    return IRREGULAR[name] ?? name;
  }
  return target === 'bucket' && call.method === 'POST' && !call.query.has('delete') ? 'PostObject' : undefined;
}

/** Headers that ask for something that is not done, with the values that ask for nothing. */
const UNSERVED: [name: RegExp, harmless: string[]][] = [
  [/^x-amz-server-side-encryption/, []],
  [/^x-amz-copy-source-server-side-encryption/, []],
  [/^x-amz-(source-)?expected-bucket-owner$/, []],
  [/^x-amz-grant-/, []],
  [/^x-amz-(bucket-)?object-lock-/, []],
  [/^x-amz-(bypass-governance-retention|mfa|website-redirect-location|write-offset-bytes|tagging)$/, []],
  [/^x-amz-if-match-/, []],
  [/^x-amz-acl$/, ['private', 'bucket-owner-full-control']],
  [/^x-amz-object-ownership$/, ['BucketOwnerEnforced']],
  [/^x-amz-storage-class$/, ['STANDARD']],
];

/** Throws NotImplemented for a header that the operation would have to heed, and does not. */
export function requireServedHeaders(call: S3Call, operation: string): void {
  for (const [name, value] of Object.entries(call.headers))
    for (const [pattern, harmless] of UNSERVED)
      if (pattern.test(name) && value !== undefined && !harmless.includes(value))
        throw notImplemented(`${operation} with ${name}`);
  const writes = call.method !== 'GET' && call.method !== 'HEAD';
  if (writes && call.headers['if-match'] !== undefined) throw notImplemented(`${operation} with if-match`);
}
