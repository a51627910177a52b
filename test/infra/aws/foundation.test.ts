import { beforeAll, describe, expect, test } from 'vitest';
import {
  defaultDeployment,
  onlyResource,
  type Resource,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  synthesize,
  type Template,
  trialDeployment,
} from './synth.ts';

let foundation: Template;
beforeAll(async () => {
  foundation = (await defaultDeployment()).templates.foundation;
}, SYNTHESIS_TIMEOUT_MS);

function bucket(name: 'Lake' | 'Results' | 'AccessLogs'): Resource {
  const [, found] =
    Object.entries(resourcesOf(foundation, 'AWS::S3::Bucket')).find(([id]) => id.startsWith(name)) ?? [];
  if (found === undefined) throw new Error(`no bucket ${name}`);
  return found;
}

const BUCKETS = ['Lake', 'Results', 'AccessLogs'] as const;

describe.each(BUCKETS)('the bucket %s', name => {
  test('is private, owned by the account, and keeps old versions for a limited time', () => {
    expect(bucket(name).Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });
  test('expires incomplete uploads and old versions', () => {
    expect(bucket(name).Properties).toMatchObject({
      LifecycleConfiguration: {
        Rules: expect.arrayContaining([
          expect.objectContaining({
            Status: 'Enabled',
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          }),
        ]),
      },
    });
  });
  test('stays when the stack is deleted', () => {
    expect(bucket(name)).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });
  test('has no explicit name, so that stages and accounts do not collide', () => {
    expect(bucket(name).Properties).not.toHaveProperty('BucketName');
  });
});

test('does not change with the alarm address: it is deployed before the guard can refuse', {
  timeout: SYNTHESIS_TIMEOUT_MS,
}, async () => {
  const other = await synthesize({ alarmEmail: 'ops@example.com' });
  expect(other.templates.foundation).toEqual(foundation);
});

test('the lake keeps its objects except backfill plans; results and access logs expire', () => {
  const expirations = BUCKETS.map(name => {
    const { Rules } = bucket(name).Properties.LifecycleConfiguration as {
      Rules: { ExpirationInDays?: number; Prefix?: string }[];
    };
    const expiring = Rules.filter(rule => rule.ExpirationInDays !== undefined);
    return [name, expiring.map(({ Prefix = '', ExpirationInDays }) => [Prefix, ExpirationInDays])];
  });
  expect(Object.fromEntries(expirations)).toEqual({
    Lake: [
      ['backfill/plans/', 30],
      ['backfill/map-runs/', 30],
    ],
    Results: [['', 30]],
    AccessLogs: [['', 365]],
  });
});

test("the lake and the results are encrypted with the deployment's key, and log their readers", () => {
  const [keyId] = Object.keys(resourcesOf(foundation, 'AWS::KMS::Key'));
  const [accessLogs] = Object.keys(resourcesOf(foundation, 'AWS::S3::Bucket')).filter(id =>
    id.startsWith('AccessLogs'),
  );
  for (const name of ['Lake', 'Results'] as const)
    expect(bucket(name).Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': [keyId, 'Arn'] },
            },
          },
        ],
      },
      LoggingConfiguration: { DestinationBucketName: { Ref: accessLogs }, LogFilePrefix: `${name.toLowerCase()}/` },
    });
});

test('every bucket refuses calls without TLS', () => {
  const policies = Object.values(resourcesOf(foundation, 'AWS::S3::BucketPolicy'));
  expect(policies).toHaveLength(BUCKETS.length);
  for (const policy of policies)
    expect(policy.Properties.PolicyDocument).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    });
});

test('the key rotates, stays with the data, and serves only the log groups of this stage', () => {
  const key = onlyResource(foundation, 'AWS::KMS::Key');
  expect(key).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', Properties: { EnableKeyRotation: true } });
  const statements = (key.Properties.KeyPolicy as { Statement: Record<string, unknown>[] }).Statement;
  const ofServices = statements.filter(({ Principal }) => JSON.stringify(Principal).includes('Service'));
  expect(JSON.stringify(ofServices)).toContain(':log-group:sluice-main-*');
  for (const { Condition } of ofServices) expect(Condition).toBeDefined();
});

test('CloudWatch Logs may use the key as its User Guide requires', () => {
  const { KeyPolicy } = onlyResource(foundation, 'AWS::KMS::Key').Properties;
  const { Statement } = KeyPolicy as { Statement: { Principal: unknown; Action: string[] }[] };
  const ofLogs = Statement.filter(({ Principal }) => JSON.stringify(Principal).includes('logs.'));
  expect(ofLogs.length).toBeGreaterThan(1);
  // `Encrypt*`, `Decrypt*`, `ReEncrypt*`, `GenerateDataKey*` and `Describe*`, in the actions that a symmetric key has.
  for (const { Action } of ofLogs)
    expect(Action).toEqual([
      ...['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      ...['kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    ]);
});

test('data is removed only on request', { timeout: SYNTHESIS_TIMEOUT_MS }, async () => {
  const { templates } = await trialDeployment();
  const kept = Object.values(templates.foundation.Resources).filter(({ DeletionPolicy }) =>
    DeletionPolicy?.startsWith('Retain'),
  );
  expect(kept).toEqual([]);
  // A bucket must be empty before it can be removed, so something has to empty it.
  expect(Object.keys(resourcesOf(templates.foundation, 'Custom::S3AutoDeleteObjects'))).toHaveLength(BUCKETS.length);
  expect(resourcesOf(foundation, 'Custom::S3AutoDeleteObjects')).toEqual({});
});
