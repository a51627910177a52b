/** What each function gets and may do, compared with what its code calls: the AWS SDK commands in its bundle. */
import { readdirSync } from 'node:fs';
import { CfnElement, FileSystem } from 'aws-cdk-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageFile } from '../../../contract/package-root.ts';
import type { Bundle } from '../../../infra/aws/bundle.ts';
import { SluiceFunction } from '../../../infra/aws/sluice-function.ts';
import { HANDLER_SETTINGS, type HandlerName, handlerEnvironment, type Setting } from '../../../infra/settings.ts';
import { bundled, HANDLERS } from './handlers/bundled.ts';
import { FUNCTIONS } from './handlers/functions.ts';
import {
  defaultDeployment,
  filledIn,
  type Resource,
  type Stacks,
  SYNTHESIS_TIMEOUT_MS,
  type Synthesized,
  type Template,
} from './synth.ts';

/** Actions whose IAM name differs from the API's. */
const OTHERWISE_NAMED: Record<string, string> = { 's3:ListObjectsV2': 's3:ListBucket' };
/** Commands that the SDK includes by itself: for custom endpoints, and for directory buckets. */
const BROUGHT_ALONG = ['dynamodb:DescribeEndpoints', 's3:CreateSession'];

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** Lambda puts failed events into the function's dead-letter queue with the function's role; the queue is encrypted. */
const DEAD_LETTERS = ['sqs:SendMessage', 'kms:Decrypt via sqs', 'kms:GenerateDataKey via sqs'];
let main: Synthesized;
let bundles: Map<HandlerName, Bundle>;
beforeAll(async () => {
  main = await defaultDeployment();
  bundles = bundled(HANDLERS);
}, SYNTHESIS_TIMEOUT_MS);

interface Right {
  /** The action, and the only service through which a key may be used. */
  action: string;
  /** For a list permission, the prefixes that it is limited to. */
  resource: string;
}

/** Every function of the deployment. */
function functions(): SluiceFunction[] {
  return Object.values(main.stacks).flatMap(({ node }) =>
    node.findAll().filter(each => each instanceof SluiceFunction),
  );
}

function functionOf(handler: HandlerName): SluiceFunction {
  const found = functions().find(each => each.handler === handler);
  if (found === undefined) throw new Error(`no stack has the function ${handler}`);
  return found;
}

test('every handler is one function of the deployment', () => {
  expect(
    functions()
      .map(({ handler }) => handler)
      .sort(),
  ).toEqual([...HANDLERS].sort());
  const files = readdirSync(packageFile('infra', 'aws', 'handlers')).filter(file => !file.endsWith('.d.ts'));
  expect(files.sort()).toEqual(HANDLERS.map(handler => `${handler}.ts`).sort());
});

/** The function in its template, and the resources next to it. */
function deployed(handler: HandlerName): { made: Resource['Properties']; Resources: Template['Resources'] } {
  const { stack, node } = functionOf(handler).function;
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

/** The actions that the bundle's code can request. */
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

test.each(HANDLERS)('%s may do what its code calls, what services do on its behalf, and nothing else', handler => {
  const needed = [...LOGS, ...DEAD_LETTERS, ...callsOf(handler), ...FUNCTIONS[handler].inItsName];
  const granted = rightsOf(handler).map(({ action }) => action);
  expect([...new Set(granted)].sort()).toEqual([...new Set(needed)].sort());
});

/** A function's value for a setting: a name of its own stage, never of another. */
const TOLD: Partial<Record<Setting, string>> = {
  stage: 'main',
  timezone: 'UTC',
  corsOrigins: '',
  bucket: 'Lake',
  database: 'Database',
  workGroup: 'WorkGroup',
  resultsLocation: 's3://Results/results/',
  hotTable: 'sluice-main-hot',
};

/** Without the suffix that the CDK adds to construct names. */
function withoutDigests(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value.replace(/\b([A-Z][a-z]+)[0-9A-F]{8}\b/, '$1')]),
  );
}

test.each(HANDLERS)('%s gets the names of its stage, and logs source lines to its own, encrypted log', handler => {
  const { made, Resources } = deployed(handler);
  const told = handlerEnvironment(
    handler,
    // Each one checks its own settings.
    Object.fromEntries(HANDLER_SETTINGS[handler].map(setting => [setting, TOLD[setting]])) as never,
  );
  const { Variables } = filledIn(made.Environment, main.templates) as { Variables: Record<string, string> };
  expect(withoutDigests(Variables)).toEqual({
    ...told,
    NODE_OPTIONS: '--enable-source-maps',
  });
  expect(made).toMatchObject({
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: FUNCTIONS[handler].timeoutSeconds,
  });
  const { LogGroup } = made.LoggingConfig as { LogGroup: { Ref: string } };
  expect(Resources[LogGroup.Ref]?.Properties).toMatchObject({ KmsKeyId: expect.anything(), RetentionInDays: 90 });
});

test('each function has the code of its own handler', () => {
  const keys = HANDLERS.map(handler => (deployed(handler).made.Code as { S3Key: string }).S3Key);
  expect(keys).toEqual(HANDLERS.map(handler => `${FileSystem.fingerprint(bundles.get(handler)?.folder ?? '')}.zip`));
});

describe('where data is,', () => {
  /** Resources of the data stores that a function has a permission on. */
  const dataOf = (handler: HandlerName) => {
    const data = rightsOf(handler).filter(({ action }) =>
      /^(s3:(\w+Object|ListBucket$)|dynamodb|kinesis)/.test(action),
    );
    const short = data.map(({ action, resource }) => `${action} ${resource.replace(/^([A-Z][a-z]+)\w*\.Arn/, '$1')}`);
    return [...new Set(short)].sort();
  };

  test('the transform sees only what Firehose passes to it', () => {
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

  test('a backfill reads sources, only its worker writes readings, and the sources stay unchanged', () => {
    const memory = ['s3:GetObject Lake/backfill/*', 's3:ListBucket Lake', 's3:PutObject Lake/backfill/*'];
    const sources = ['s3:GetObject Lake/import/*', 's3:GetObject Lake/raw/*'];
    expect(dataOf('backfill-plan')).toEqual([...sources, ...memory].sort());
    expect(dataOf('backfill-publish')).toEqual(memory);
    const written = ['s3:PutObject Lake/errors/*', 's3:PutObject Lake/readings/*'];
    expect(dataOf('backfill-work')).toEqual([...sources, ...memory, ...written].sort());
  });

  test('nobody deletes, changes a bucket, or passes permissions on', () => {
    const actions = HANDLERS.flatMap(rightsOf).map(({ action }) => action);
    expect(
      actions.filter(action => /:(Delete|Put\w*(Policy|Acl)|PassRole|AssumeRole)|^(iam|sts):/.test(action)),
    ).toEqual([]);
  });
});
