/**
 * What each service may do in the roles that it assumes, permission by permission; iam-functions.test.ts has those of
 * the functions.
 */
import { beforeAll, expect, test } from 'vitest';
import {
  defaultDeployment,
  filledIn,
  type Resource,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  type Synthesized,
  type Template,
} from './synth.ts';

let main: Synthesized;
beforeAll(async () => {
  main = await defaultDeployment();
}, SYNTHESIS_TIMEOUT_MS);

interface Statement {
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string>>;
}

/**
 * For each role, by its stack and construct: the actions on each resource, and the service that a key is used through.
 */
function rights(): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(main.templates).flatMap(([room, template]) =>
      Object.entries(resourcesOf(template, 'AWS::IAM::Role'))
        .filter(([, { Properties }]) => !JSON.stringify(Properties).includes('lambda.amazonaws.com'))
        .map(([id, role]) => [`${room} ${id.replace(/Role[0-9A-F]{8}$/, '')}`, rightsOf(role, template)]),
    ),
  );
}

function rightsOf({ Properties }: Resource, template: Template): Record<string, string> {
  const [{ Ref: policy = '' } = {}] = Properties.ManagedPolicyArns as { Ref?: string }[];
  const document = filledIn(template.Resources[policy]?.Properties.PolicyDocument, main.templates);
  const found: Record<string, string[]> = {};
  // A policy document, by its property.
  for (const { Action, Resource, Condition } of (document as { Statement: Statement[] }).Statement)
    for (const resource of [Resource].flat()) {
      const place = `${inShort(resource)}${Condition === undefined ? '' : through(Condition)}`;
      found[place] = [...(found[place] ?? []), ...[Action].flat()];
    }
  return Object.fromEntries(Object.entries(found).map(([place, actions]) => [place, actions.sort().join(' ')]));
}

/** Without the account, and without the suffix that the CDK adds to construct names. */
function inShort(resource: string): string {
  return resource
    .replace(/^arn:aws:[a-z]+:eu-central-1:111122223333:/, '')
    .replace(/^([A-Za-z]+)[0-9A-F]{8}\.Arn/, '$1');
}

function through(condition: object): string {
  const { 1: service } =
    /^{"StringEquals":{"kms:ViaService":"(\w+)\.eu-central-1\.amazonaws\.com"}}$/.exec(JSON.stringify(condition)) ?? [];
  return ` through ${service ?? JSON.stringify(condition)}`;
}

/** The functions that schedules of the reports stack call. */
function scheduled(): string[] {
  const schedules = Object.values(resourcesOf(main.templates.reports, 'AWS::Scheduler::Schedule'));
  return schedules.map(({ Properties }) => {
    const { Arn } = filledIn(Properties.Target, main.templates) as { Arn: string };
    return inShort(Arn);
  });
}

const WRITES = 's3:AbortMultipartUpload s3:ListMultipartUploadParts s3:PutObject';
const READS_AND_WRITES = 's3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject';
const READS_TABLE = 'glue:GetTable glue:GetTableVersion glue:GetTableVersions';
const CALLS = 'lambda:GetFunctionConfiguration lambda:InvokeFunction';
const RUNS = 'states:DescribeExecution states:RedriveExecution states:StopExecution';
const USES_KEY = 'kms:Decrypt kms:GenerateDataKey';

test('a service may do what its task requires, on the resources of that task, and nothing else', () => {
  expect(rights()).toEqual({
    'ingest ToStream': { Readings: 'kinesis:PutRecord' },
    'ingest ToDelivery': { 'deliverystream/sluice-main-delivery': 'firehose:PutRecord' },
    'ingest ToErrors': { 'Lake/errors/topic-rule/*': 's3:PutObject', 'Key through s3': 'kms:GenerateDataKey' },
    'ingest Provisioning': {
      '*': 'iot:RegisterThing',
      'thing/*':
        'iot:AttachThingPrincipal iot:CreateThing iot:DescribeThing iot:ListThingGroupsForThing iot:UpdateThing',
      'cert/*':
        'iot:AttachPolicy iot:AttachPrincipalPolicy iot:AttachThingPrincipal iot:DescribeCertificate iot:UpdateCertificate',
      'policy/sluice-main-device': 'iot:GetPolicy',
    },
    'ingest DeliveryAccess': {
      Lake: 's3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads',
      ...{ 'Lake/readings/*': READS_AND_WRITES, 'Lake/raw/*': READS_AND_WRITES, 'Lake/errors/*': READS_AND_WRITES },
      'Key through s3': USES_KEY,
      ...{ catalog: READS_TABLE, 'database/Database': READS_TABLE, 'table/Database/Log': READS_TABLE },
      ...{ DeliveryTransformFunction: CALLS, 'DeliveryTransformFunction:$LATEST': CALLS },
      DeliveryLogs: 'logs:PutLogEvents',
    },
    'serving ApiLoggingAccount': {
      'log-group:*':
        'logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogGroups logs:DescribeLogStreams ' +
        'logs:FilterLogEvents logs:GetLogEvents logs:PutLogEvents',
    },
    'reports Call': {
      ...Object.fromEntries(scheduled().map(name => [name, 'lambda:InvokeFunction'])),
      ...{ Failures: 'sqs:SendMessage', 'Key through sqs': USES_KEY },
    },
    'backfill Access': {
      ...{ PlannerFunction: 'lambda:InvokeFunction', PublisherFunction: 'lambda:InvokeFunction' },
      WorkerFunction: 'lambda:InvokeFunction',
      // Each batch of a Distributed Map is an execution, which a redrive of the map redrives.
      'stateMachine:sluice-main-backfill': 'states:StartExecution',
      ...{ 'execution:sluice-main-backfill/*': RUNS, 'execution:sluice-main-backfill:*': RUNS },
      ...{ 'Lake/backfill/*': 's3:GetObject', 'Lake/backfill/map-runs/*': WRITES, 'Key through s3': USES_KEY },
      '*':
        'logs:CreateLogDelivery logs:DeleteLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies ' +
        'logs:GetLogDelivery logs:ListLogDeliveries logs:PutResourcePolicy logs:UpdateLogDelivery ' +
        'xray:GetSamplingRules xray:GetSamplingTargets xray:PutTelemetryRecords xray:PutTraceSegments',
    },
  });
});
