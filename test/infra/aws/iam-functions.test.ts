/** What each function is told, and may do, against what its code calls: the commands of AWS's SDK that are in its bundle. */
import { CfnElement, FileSystem } from 'aws-cdk-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bundle } from '../../../infra/aws/bundle.ts';
import type { SluiceFunction } from '../../../infra/aws/sluice-function.ts';
import type { HandlerName } from '../../../infra/settings.ts';
import { bundled, HANDLERS } from './handlers/bundled.ts';
import {
  defaultDeployment,
  filledIn,
  type Resource,
  type Stacks,
  SYNTHESIS_TIMEOUT_MS,
  type Synthesized,
  type Template,
} from './synth.ts';

/** The actions that IAM knows by other names than the API. */
const OTHERWISE_NAMED: Record<string, string> = { 's3:ListObjectsV2': 's3:ListBucket' };
/** Commands that the SDK brings along: for endpoints of one's own choice, and for directory buckets. */
const BROUGHT_ALONG = ['dynamodb:DescribeEndpoints', 's3:CreateSession'];

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** Lambda puts what failed into the function's dead-letter queue in the function's name; the queue is encrypted. */
const DEAD_LETTERS = ['sqs:SendMessage', 'kms:Decrypt via sqs', 'kms:GenerateDataKey via sqs'];
const OBJECTS_ENCRYPTED = ['kms:Decrypt via s3', 'kms:GenerateDataKey via s3'];
/** Without it S3 says 403 of an object that is not there. */
const KNOWS_ABSENCE = ['s3:ListBucket'];

/** What a service does in the function's name, beside its code's own calls. */
const IN_ITS_NAME: Record<HandlerName, string[]> = {
  guard: [],
  transform: [],
  consume: [
    // The event source mapping reads the stream.
    ...['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'].map(
      action => `kinesis:${action}`,
    ),
    ...['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'].map(
      action => `kms:${action} via dynamodb`,
    ),
  ],
  api: ['kms:Decrypt via dynamodb', 'kms:DescribeKey via dynamodb'],
  report: [
    ...OBJECTS_ENCRYPTED,
    // Athena looks at the tables, reads the readings and writes results, all in the name of who asks it.
    ...['CreateDatabase', 'GetDatabase', 'GetPartitions', 'GetTable', 'GetTables'].map(action => `glue:${action}`),
    ...[
      ...['AbortMultipartUpload', 'GetBucketLocation', 'GetObject'],
      ...['ListBucketMultipartUploads', 'ListMultipartUploadParts'],
    ].map(action => `s3:${action}`),
  ],
  'backfill-plan': OBJECTS_ENCRYPTED,
  'backfill-work': [...OBJECTS_ENCRYPTED, ...KNOWS_ABSENCE],
  'backfill-publish': [...OBJECTS_ENCRYPTED, ...KNOWS_ABSENCE],
};

const FUNCTIONS: Record<HandlerName, (stacks: Stacks) => SluiceFunction> = {
  guard: ({ guard }) => guard.check,
  transform: ({ ingest }) => ingest.delivery.transform,
  consume: ({ serving }) => serving.consumer,
  api: ({ serving }) => serving.api.function,
  report: ({ reports }) => reports.report,
  'backfill-plan': ({ backfill }) => backfill.planner,
  'backfill-work': ({ backfill }) => backfill.worker,
  'backfill-publish': ({ backfill }) => backfill.publisher,
};

let main: Synthesized;
let bundles: Map<HandlerName, Bundle>;
beforeAll(async () => {
  main = await defaultDeployment();
  bundles = bundled(HANDLERS);
}, SYNTHESIS_TIMEOUT_MS);

interface Right {
  /** The action, and through which service alone a key may be used. */
  action: string;
  /** Of a right to list, with the prefixes that it is held to. */
  resource: string;
}

/** The function in its template, and the resources beside it. */
function deployed(handler: HandlerName): { made: Resource['Properties']; Resources: Template['Resources'] } {
  const { stack, node } = FUNCTIONS[handler](main.stacks).function;
  const template = Object.entries(main.stacks).find(([, candidate]) => candidate === stack)?.[0] as keyof Stacks; // it is one of them
  const { Resources }: Template = main.templates[template];
  const child = node.defaultChild;
  if (!CfnElement.isCfnElement(child)) throw new Error(`${handler} is no function of a template`);
  return { made: Resources[stack.getLogicalId(child)]?.Properties ?? {}, Resources };
}

function rightsOf(handler: HandlerName): Right[] {
  const { made, Resources } = deployed(handler);
  const follow = (id: unknown) => Resources[String(id)]?.Properties ?? {};
  const { Role } = made as { Role: { 'Fn::GetAtt': [string, string] } };
  const policies = follow(Role['Fn::GetAtt'][0]).ManagedPolicyArns as { Ref: string }[];
  return policies.flatMap(({ Ref }) => {
    const { Statement } = filledIn(follow(Ref).PolicyDocument, main.templates) as {
      Statement: {
        Action: string | string[];
        Resource: string | string[];
        Condition?: { StringEquals?: Record<string, string>; StringLike?: Record<string, string | string[]> };
      }[];
    };
    return Statement.flatMap(({ Action, Resource, Condition }) => {
      const service = Condition?.StringEquals?.['kms:ViaService']?.split('.')[0];
      const prefixes = [Condition?.StringLike?.['s3:prefix'] ?? []].flat().map(prefix => `/${prefix}`);
      return [Action].flat().flatMap(action =>
        [Resource].flat().map(resource => ({
          action: service === undefined ? action : `${action} via ${service}`,
          resource: `${resource}${prefixes.join(' ')}`,
        })),
      );
    });
  });
}

/** The actions that the bundle's code can ask for. */
function callsOf(handler: HandlerName): string[] {
  const inputs = Object.entries(bundles.get(handler)?.metafile.outputs['index.mjs']?.inputs ?? {});
  expect(inputs.length).toBeGreaterThan(5);
  return inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => {
      const { 1: service, 2: command } = /@aws-sdk\/client-([\w-]+)\/.*\/commands\/(\w+)Command\.js$/.exec(file) ?? [];
      return command === undefined ? [] : [`${service}:${command}`];
    })
    .filter(call => !BROUGHT_ALONG.includes(call))
    .map(call => OTHERWISE_NAMED[call] ?? call);
}

test.each(HANDLERS)('%s may do what its code calls, what services do in its name, and nothing else', handler => {
  const needed = [...LOGS, ...DEAD_LETTERS, ...callsOf(handler), ...IN_ITS_NAME[handler]];
  const granted = rightsOf(handler).map(({ action }) => action);
  expect([...new Set(granted)].sort()).toEqual([...new Set(needed)].sort());
});

/** The longest that a function may take, in seconds, and what it is told: names of the stage, none of them another's. */
const RUNS: Record<HandlerName, [timeout: number, told: Record<string, unknown>]> = {
  guard: [30, { SLUICE_STAGE: 'main' }],
  transform: [60, { SLUICE_STAGE: 'main' }],
  consume: [60, { SLUICE_HOT_TABLE: 'sluice-main-hot' }],
  api: [10, { SLUICE_HOT_TABLE: 'sluice-main-hot', SLUICE_CORS_ORIGINS: '' }],
  report: [
    300,
    {
      SLUICE_BUCKET: expect.stringMatching(/^Lake[0-9A-F]{8}$/),
      ...{ SLUICE_DATABASE: 'Database', SLUICE_WORK_GROUP: 'WorkGroup', SLUICE_TIMEZONE: 'UTC' },
      SLUICE_RESULTS_LOCATION: expect.stringMatching(/^s3:\/\/Results[0-9A-F]{8}\/results\/$/),
    },
  ],
  'backfill-plan': [900, { SLUICE_BUCKET: expect.stringMatching(/^Lake[0-9A-F]{8}$/) }],
  'backfill-work': [900, { SLUICE_BUCKET: expect.stringMatching(/^Lake[0-9A-F]{8}$/) }],
  'backfill-publish': [900, { SLUICE_BUCKET: expect.stringMatching(/^Lake[0-9A-F]{8}$/) }],
};

test.each(HANDLERS)(
  '%s is told the names of its stage, and says lines of the sources in its own, encrypted log',
  handler => {
    const { made, Resources } = deployed(handler);
    const [Timeout, told] = RUNS[handler];
    expect(filledIn(made.Environment, main.templates)).toEqual({
      Variables: { ...told, NODE_OPTIONS: '--enable-source-maps' },
    });
    expect(made).toMatchObject({ Handler: 'index.handler', Runtime: 'nodejs24.x', Timeout });
    const { LogGroup } = made.LoggingConfig as { LogGroup: { Ref: string } };
    expect(Resources[LogGroup.Ref]?.Properties).toMatchObject({ KmsKeyId: expect.anything(), RetentionInDays: 90 });
  },
);

test('each function has the code of its own handler', () => {
  const keys = HANDLERS.map(handler => (deployed(handler).made.Code as { S3Key: string }).S3Key);
  expect(keys).toEqual(HANDLERS.map(handler => `${FileSystem.fingerprint(bundles.get(handler)?.folder ?? '')}.zip`));
});

describe('where data is,', () => {
  /** Resources of the data's stores that a function has a right on. */
  const dataOf = (handler: HandlerName) => {
    const data = rightsOf(handler).filter(({ action }) =>
      /^(s3:(\w+Object|ListBucket$)|dynamodb|kinesis)/.test(action),
    );
    const short = data.map(({ action, resource }) => `${action} ${resource.replace(/^([A-Z][a-z]+)\w*\.Arn/, '$1')}`);
    return [...new Set(short)].sort();
  };

  test('the transform sees nothing but what Firehose hands it', () => {
    expect(callsOf('transform')).toEqual([]);
    expect(dataOf('transform')).toEqual([]);
  });

  test('the API reads the hot table, and the consumer fills it', () => {
    expect(dataOf('api')).toEqual(['dynamodb:Query Hot']);
    expect(dataOf('consume').filter(right => right.startsWith('dynamodb'))).toEqual([
      'dynamodb:BatchWriteItem Hot',
      'dynamodb:PutItem Hot',
    ]);
  });

  test('the report reads readings, and writes results and reports', () => {
    expect(dataOf('report')).toEqual([
      's3:GetObject Lake/readings/*',
      's3:GetObject Results/results/*',
      ...['s3:ListBucket Lake/readings/*', 's3:ListBucket Lake/reports/*', 's3:ListBucket Results/results/*'],
      's3:PutObject Lake/reports/*',
      's3:PutObject Results/results/*',
    ]);
  });

  test('a backfill reads sources, its worker alone writes readings, and what came in stays as it is', () => {
    const memory = ['s3:GetObject Lake/backfill/*', 's3:ListBucket Lake', 's3:PutObject Lake/backfill/*'];
    const sources = ['s3:GetObject Lake/import/*', 's3:GetObject Lake/raw/*'];
    expect(dataOf('backfill-plan')).toEqual([...sources, ...memory].sort());
    expect(dataOf('backfill-publish')).toEqual(memory);
    const written = ['s3:PutObject Lake/errors/*', 's3:PutObject Lake/readings/*'];
    expect(dataOf('backfill-work')).toEqual([...sources, ...memory, ...written].sort());
  });

  test('nobody deletes, changes a bucket, or hands rights on', () => {
    const actions = HANDLERS.flatMap(rightsOf).map(({ action }) => action);
    expect(
      actions.filter(action => /:(Delete|Put\w*(Policy|Acl)|PassRole|AssumeRole)|^(iam|sts):/.test(action)),
    ).toEqual([]);
  });
});
