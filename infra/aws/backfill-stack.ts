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

/** Objects of the lake's own bucket that a backfill reads: what Firehose backed up, and what a user put there for it. */
const OWN_SOURCES = [PREFIX.raw, 'import/'];
/** The ledger, the plans and the reports of runs. */
const MEMORY = 'backfill/';
/** The longest that Lambda lets a function run. */
const LONGEST_SECONDS = 900;
/**
 * Of each function, and the most that a young account allows. An object that unpacks to 512 MiB needs 1.3 GB, measured with
 * its 2.3 million readings; one that is stored as 512 MiB twice that. Beyond 1,769 MB there is a second core for zlib.
 */
const MEMORY_MB = 3_008;

/** The backfill: a state machine that plans what to read, reads it in many functions at a time, and sums up what was read. */
export class BackfillStack extends Stack {
  readonly planner: SluiceFunction<'backfill-plan'>;
  readonly worker: SluiceFunction<'backfill-work'>;
  readonly publisher: SluiceFunction<'backfill-publish'>;
  readonly stateMachine: StateMachine;
  /** Calls of the functions that nobody waited for, and that failed. The state machine waits: they were made by hand. */
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
    this.planner = make('Planner', 'backfill-plan', 'plans what a backfill reads', sources);
    this.worker = make('Worker', 'backfill-work', 'reads a batch of a backfill', [
      ...sources,
      putObjects(lake, [PREFIX.readings, PREFIX.errors]),
    ]);
    this.publisher = make('Publisher', 'backfill-publish', 'sums up a backfill', []);
    this.stateMachine = this.#stateMachine(deployment, foundation);
  }

  #stateMachine({ names, stage, settings }: Deployment, { key, lake }: FoundationStack): StateMachine {
    const arn = (resource: string) => `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
    const functions = [this.planner, this.worker, this.publisher].map(step => step.function.functionArn);
    const access = new ServiceRole(this, 'Access', {
      service: 'states.amazonaws.com',
      // Known before the state machine is made; the executions of a Distributed Map come after a slash.
      sourceArn: arn(`stateMachine:${names.backfill}*`),
      description: `Sluice (${stage}): what the backfill's state machine may do`,
      statements: [
        allow(['lambda:InvokeFunction'], functions),
        // A Distributed Map starts, watches and redrives executions of its own state machine, one for each batch.
        allow(['states:StartExecution'], [arn(`stateMachine:${names.backfill}`)]),
        allow(
          ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
          [arn(`execution:${names.backfill}/*`), arn(`execution:${names.backfill}:*`)],
        ),
        readObjects(lake, [MEMORY]),
        writeObjects(lake, [MAP_RUNS]),
        useKey(key, 's3'),
        // Neither knows resources.
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
        // By another name the group would need room in a policy of 5,120 characters that the account has for such logs.
        destination: encryptedLogGroup(this, 'Logs', { key, name: `/aws/vendedlogs/states/${names.backfill}` }),
        level: LogLevel.ALL,
      },
      // Whatever the stage says of traces: a run has one for each batch at most, and no message has.
      tracingEnabled: true,
    });
    // What it allows is in the managed policy above, and an inline policy is in no list of the account's.
    stateMachine.node.tryRemoveChild('DistributedMapPolicy');
    // The role alone would be there before its rights are, and the state machine tries its log when it is made.
    stateMachine.node.addDependency(access);
    return stateMachine;
  }
}

/** Reads and lists what is to be backfilled. */
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

/** Decrypts the objects of the sources, through S3 alone: what is read of S3 the statements beside this one say. */
function readKeys({ backfillKeys }: Deployment['settings']): PolicyStatement[] {
  const keys = [...new Set(Object.values(backfillKeys).flat())];
  // A bucket and its key may be in another region than the function; the key's ARN says in which.
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
 * The run's own files and the ledger. Listing is not held to prefixes: S3 then answers 403 rather than 404 where an object is
 * not there, and a function could not tell a batch that is not done from one that it may not see.
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
