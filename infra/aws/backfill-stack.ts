import { Aws, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { PREFIX } from '../../contract/table.ts';
import type { HandlerName } from '../settings.ts';
import { backfillSteps, MAP_RUNS } from './backfill-steps.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { type Deployment, stackProps } from './deployment.ts';
import { encryptedLogGroup } from './encrypted-log-group.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { allow, putObjects, readObjects, useKey, writeObjects } from './grants.ts';
import { ServiceRole } from './service-role.ts';
import { SluiceFunction } from './sluice-function.ts';

type Step = Extract<HandlerName, `backfill-${string}`>;

/** Objects of the lake's own bucket that a backfill reads: Firehose's backup, and what users upload for it. */
const OWN_SOURCES = [PREFIX.raw, 'import/'];
/** The ledger, the plans and the run reports. */
const MEMORY = 'backfill/';
/** Lambda's maximum timeout. */
const LONGEST_SECONDS = 900;
/**
 * Memory of each function, and the maximum that a new account allows. An object that unpacks to 512 MiB needs 1.3 GB
 * (measured with its 2.3 million readings); one that is stored as 512 MiB needs twice that. Above 1,769 MB, zlib gets a
 * second core.
 */
const MEMORY_MB = 3_008;

/** The backfill: a state machine that plans what to read, reads it in parallel functions, and summarizes the result. */
export class BackfillStack extends Stack {
  readonly planner: SluiceFunction<'backfill-plan'>;
  readonly worker: SluiceFunction<'backfill-work'>;
  readonly publisher: SluiceFunction<'backfill-publish'>;
  readonly stateMachine: StateMachine;
  /** Failed asynchronous calls of the functions. The state machine calls synchronously, so these were made by hand. */
  readonly failures: Queue;

  constructor(scope: Construct, deployment: Deployment, foundation: FoundationStack) {
    super(scope, 'backfill', stackProps(deployment, 'backfill', 'reading old objects into the lake'));
    this.failures = deadLetterQueue(this, 'Failures', foundation.key);
    const sources = readSources(deployment, foundation);
    const { lake } = foundation;
    const make = <Name extends Step>(id: string, handler: Name, what: string, statements: PolicyStatement[]) =>
      new SluiceFunction<Step>(this, id, {
        deployment,
        key: foundation.key,
        handler,
        description: `Sluice (${deployment.stage}): ${what}`,
        settings: { bucket: lake.bucketName },
        memoryMb: MEMORY_MB,
        timeoutSeconds: LONGEST_SECONDS,
        deadLetterQueue: this.failures,
        statements: [...remember(foundation), ...statements],
      }) as SluiceFunction<Name>;
    this.planner = make('Planner', 'backfill-plan', 'plans a backfill', sources);
    this.worker = make('Worker', 'backfill-work', 'reads a batch of a backfill', [
      ...sources,
      putObjects(lake, [PREFIX.readings, PREFIX.errors]),
    ]);
    this.publisher = make('Publisher', 'backfill-publish', 'summarizes a backfill', []);
    this.stateMachine = this.#stateMachine(deployment, foundation);
  }

  #stateMachine({ names, stage, settings }: Deployment, { key, lake }: FoundationStack): StateMachine {
    const arn = (resource: string) => `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
    const functions = [this.planner, this.worker, this.publisher].map(step => step.function.functionArn);
    const access = new ServiceRole(this, 'Access', {
      service: 'states.amazonaws.com',
      // Known before the state machine is created; the executions of a Distributed Map follow a slash.
      sourceArn: arn(`stateMachine:${names.backfill}*`),
      description: `Sluice (${stage}): what the backfill's state machine may do`,
      statements: [
        allow(['lambda:InvokeFunction'], functions),
        // A Distributed Map starts, watches and redrives executions of its own state machine, one per batch.
        allow(['states:StartExecution'], [arn(`stateMachine:${names.backfill}`)]),
        allow(
          ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
          [arn(`execution:${names.backfill}/*`), arn(`execution:${names.backfill}:*`)],
        ),
        readObjects(lake, [MEMORY]),
        writeObjects(lake, [MAP_RUNS]),
        useKey(key, 's3'),
        // Neither supports resource-level permissions.
        allow(LOG_DELIVERY, ['*']),
        allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords', ...XRAY_SAMPLING], ['*']),
      ],
    });
    const stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: names.backfill,
      comment: `Sluice (${stage}): reads old objects into the lake`,
      role: access.role,
      definitionBody: DefinitionBody.fromChainable(
        backfillSteps(this, {
          plan: this.planner.function,
          read: this.worker.function,
          publish: this.publisher.function,
          bucket: lake,
          workers: settings.backfillWorkers,
        }),
      ),
      logs: {
        // Any other name would take space in a policy for such logs, of which the account has one with 5,120
        // characters.
        destination: encryptedLogGroup(this, 'Logs', { key, name: `/aws/vendedlogs/states/${names.backfill}` }),
        level: LogLevel.ALL,
      },
      // Independent of the stage's tracing setting: a run has at most one trace per batch, and messages have none.
      tracingEnabled: true,
    });
    // Its permissions are in the managed policy above; account-wide lists of policies do not show inline policies.
    stateMachine.node.tryRemoveChild('DistributedMapPolicy');
    // The role alone exists before its permissions do, and the state machine tests its log when it is created.
    stateMachine.node.addDependency(access);
    return stateMachine;
  }
}

/** Reads and lists the objects to backfill. */
function readSources({ settings }: Deployment, { lake }: FoundationStack): PolicyStatement[] {
  const buckets = settings.backfillSources.map(name => `arn:${Aws.PARTITION}:s3:::${name}`);
  const foreign = [
    allow(['s3:ListBucket'], buckets),
    allow(
      ['s3:GetObject'],
      buckets.map(bucket => `${bucket}/*`),
    ),
  ];
  return [readObjects(lake, OWN_SOURCES), ...(buckets.length === 0 ? [] : foreign), ...readKeys(settings)];
}

/** Decrypts the objects of the sources, through S3 only; the statements next to this one decide what S3 may read. */
function readKeys({ backfillKeys }: Deployment['settings']): PolicyStatement[] {
  const keys = [...new Set(Object.values(backfillKeys).flat())];
  // A bucket and its key may be in a different region from the function; the key's ARN contains that region.
  const regionOf = (key: string) => key.split(':')[3] ?? '';
  return [...new Set(keys.map(regionOf))].map(region =>
    allow(
      ['kms:Decrypt'],
      keys.filter(key => regionOf(key) === region),
      { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
    ),
  );
}

/**
 * The run's own files and the ledger. Listing is not limited to prefixes: with limited listing, S3 answers 403 instead
 * of 404 for a missing object, and a function could not tell an unfinished batch from one that it may not read.
 */
function remember({ key, lake }: FoundationStack): PolicyStatement[] {
  return [
    readObjects(lake, [MEMORY]),
    putObjects(lake, [MEMORY]),
    allow(['s3:ListBucket'], [lake.bucketArn]),
    useKey(key, 's3'),
  ];
}

const LOG_DELIVERY = [
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'],
  ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
].map(action => `logs:${action}`);

const XRAY_SAMPLING = ['xray:GetSamplingRules', 'xray:GetSamplingTargets'];
