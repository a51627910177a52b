/**
 * Policy statements with single actions; the CDK's grants for buckets and keys are wider (`s3:GetObject*`, `s3:List*`).
 */
import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** A statement that allows actions on resources, with optional conditions. */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Record<string, Record<string, string | string[]>>,
): PolicyStatement {
  return new PolicyStatement({
    actions: [...actions],
    resources: [...resources],
    ...(conditions === undefined ? {} : { conditions }),
  });
}

/** Reads objects under prefixes such as `raw/`. `listObjects` allows listing them. */
export function readObjects(bucket: IBucket, prefixes: readonly string[]): PolicyStatement {
  return allow(['s3:GetObject'], objects(bucket, prefixes));
}

/** Writes objects under prefixes, each in a single call. */
export function putObjects(bucket: IBucket, prefixes: readonly string[]): PolicyStatement {
  return allow(['s3:PutObject'], objects(bucket, prefixes));
}

/** Writes objects under prefixes, including multipart uploads, as services do. */
export function writeObjects(bucket: IBucket, prefixes: readonly string[]): PolicyStatement {
  return allow(['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], objects(bucket, prefixes));
}

/** Lists keys under prefixes. */
export function listObjects(bucket: IBucket, prefixes: readonly string[]): PolicyStatement {
  return allow(['s3:ListBucket'], [bucket.bucketArn], {
    StringLike: { 's3:prefix': prefixes.map(prefix => `${prefix}*`) },
  });
}

/** Uses a key through one service, such as `s3` or `kinesis`, and for nothing else. */
export function useKey(key: IKey, service: string, actions = ['kms:Decrypt', 'kms:GenerateDataKey']): PolicyStatement {
  return allow(actions, [key.keyArn], {
    StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com` },
  });
}

function objects(bucket: IBucket, prefixes: readonly string[]): string[] {
  return prefixes.map(prefix => bucket.arnForObjects(`${prefix}*`));
}
