import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { packageFile } from '../../../contract/package-root.ts';
import { operatorPolicy } from '../../../infra/aws/deployer-policy.ts';
import { decide } from './iam-decision.ts';
import { defaultDeployment, resourcesOf, SYNTHESIS_TIMEOUT_MS, type Synthesized } from './synth.ts';

const TARGET = { account: '123456789012', region: 'eu-central-1', stage: 'main' };
const policies = [operatorPolicy(TARGET)];
const can = (action: string, resource: string, context: Record<string, string> = {}) =>
  decide(policies, { action, resource, context });

const SERVICES: Record<string, string> = { 'api-gateway': 'apigateway', sfn: 'states' };
/** Calls that are authorized by an action of another name. */
const AUTHORIZED_AS: Record<string, string> = {
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:DeleteObjects': 's3:DeleteObject',
  'apigateway:GetApiKey': 'apigateway:GET',
};

/** The IAM actions of all AWS calls in the rooms that the command uses. */
function calls(): string[] {
  const rooms = ['cli', 'queries', 'reports', 'lake', 'device'];
  const files = rooms.flatMap(room =>
    readdirSync(packageFile(room), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => path.join(packageFile(room), name)),
  );
  const found = files.flatMap(file => {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(
      ([, names = '', client = '']) =>
        [...names.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g)].map(
          ([, paginated, sent]) => `${SERVICES[client] ?? client}:${paginated ?? sent}`,
        ),
    );
  });
  return [...new Set(found.map(action => AUTHORIZED_AS[action] ?? action))].sort();
}

test('every call of the command is allowed, and everything allowed is needed by a call, or by AWS on its behalf', () => {
  const allowed = policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
  expect(calls().length).toBeGreaterThan(15);
  expect(calls().filter(action => !allowed.includes(action))).toEqual([]);
  // Athena reads the catalog and the bucket on behalf of its caller; S3 uses the key the same way.
  const onBehalf = [
    ...['GetDatabase', 'CreateDatabase', 'GetTables', 'GetPartitions'].map(action => `glue:${action}`),
    ...['GetBucketLocation', 'AbortMultipartUpload', 'ListBucketMultipartUploads', 'ListMultipartUploadParts'].map(
      action => `s3:${action}`,
    ),
    ...['kms:Decrypt', 'kms:GenerateDataKey'],
  ];
  expect(allowed.filter(action => !calls().includes(action) && !onBehalf.includes(action))).toEqual([]);
});

test('the names of another stage, its lake and its queries are out of reach', () => {
  for (const [stage, expected] of [
    ['main', true],
    ['other', false],
  ] as const) {
    expect(can('ssm:GetParameter', `arn:aws:ssm:eu-central-1:123456789012:parameter/sluice/${stage}/deployment`)).toBe(
      expected,
    );
    expect(can('s3:GetObject', `arn:aws:s3:::sluice-${stage}-foundation-lake2f0c-abc/raw/x.gz`)).toBe(expected);
    expect(
      can('athena:StartQueryExecution', `arn:aws:athena:eu-central-1:123456789012:workgroup/sluice-${stage}`),
    ).toBe(expected);
    expect(can('glue:GetTable', `arn:aws:glue:eu-central-1:123456789012:table/sluice_${stage}/readings`)).toBe(
      expected,
    );
    const machine = `arn:aws:states:eu-central-1:123456789012:stateMachine:sluice-${stage}-backfill`;
    expect(can('states:StartExecution', machine)).toBe(expected);
    const key = 'arn:aws:kms:eu-central-1:123456789012:key/0123';
    const context = {
      'kms:ViaService': 's3.eu-central-1.amazonaws.com',
      'kms:ResourceAliases': `alias/sluice-${stage}-0123abcd`,
    };
    expect(can('kms:Decrypt', key, context)).toBe(expected);
  }
});

let templates: Synthesized['templates'];
beforeAll(async () => {
  templates = (await defaultDeployment()).templates;
}, SYNTHESIS_TIMEOUT_MS);

test('the lake and the results are in reach, and their access log is not', () => {
  // CloudFormation's name for a bucket: the stack's name, the id in lower case, and a suffix.
  const ids = Object.keys(resourcesOf(templates.foundation, 'AWS::S3::Bucket'));
  const reached = ids.filter(id => {
    const bucket = `arn:aws:s3:::sluice-main-foundation-${id.toLowerCase()}-1a2b3c`;
    const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
    return can('s3:ListBucket', bucket) || actions.some(action => can(action, `${bucket}/a/b`));
  });
  expect(reached.map(id => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['Lake', 'Results']);
});

test('no action has a wildcard, and only the statement for the device gateway has the resource *', () => {
  const statements = policies.flatMap(({ Statement }) => Statement);
  expect(statements.flatMap(({ Action }) => Action).filter(action => /[*?]/.test(action))).toEqual([]);
  expect(statements.filter(({ Resource }) => Resource.includes('*')).map(({ Sid }) => Sid)).toEqual([
    'GatewayOfDevices',
  ]);
});

test('the key can be used only through S3', () => {
  const context = { 'kms:ResourceAliases': 'alias/sluice-main-0123abcd' };
  expect(can('kms:Decrypt', 'arn:aws:kms:eu-central-1:123456789012:key/0123', context)).toBe(false);
});
