import { Aws, Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { LOG_TABLE, PREFIX, VIEW } from '../../contract/table.ts';
import type { CatalogStack } from './catalog-stack.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { type Deployment, stackProps } from './deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { allow, listObjects, putObjects, readObjects, useKey, writeObjects } from './grants.ts';
import { ServiceRole } from './service-role.ts';
import { SluiceFunction } from './sluice-function.ts';

/**
 * When the report of the previous day is generated, in the deployment's time zone: after late readings have arrived,
 * and at a time that no clock change skips. EventBridge Scheduler would leave out such a day.
 */
const DUE = { hour: '5', minute: '15' } as const;

/** The daily report: a schedule, and the function that generates the report and puts it into the lake. */
export class ReportsStack extends Stack {
  readonly report: SluiceFunction<'report'>;
  /** Undelivered schedule events, days whose report failed three times, and alarm mails that could not be delivered. */
  readonly failures: Queue;

  constructor(scope: Construct, deployment: Deployment, foundation: FoundationStack, catalog: CatalogStack) {
    super(scope, 'reports', stackProps(deployment, 'reports', 'the daily report'));
    this.failures = deadLetterQueue(this, 'Failures', foundation.key);
    // Only a subscription imports it. Without this line, the export would be removed with the subscription.
    // CloudFormation does not remove an export before the stack that imports it is deployed, and that happens later.
    this.exportValue(this.failures.queueArn);
    this.report = this.#report(deployment, foundation, catalog);
    this.#schedule(deployment, foundation.key);
  }

  #report(deployment: Deployment, foundation: FoundationStack, catalog: CatalogStack): SluiceFunction<'report'> {
    return new SluiceFunction(this, 'Report', {
      deployment,
      key: foundation.key,
      handler: 'report',
      description: `Sluice (${deployment.stage}): makes the report of a day`,
      settings: {
        bucket: foundation.lake.bucketName,
        database: catalog.database.ref,
        workGroup: catalog.workGroup.ref,
        resultsLocation: catalog.resultsLocation,
        timezone: deployment.settings.timezone,
      },
      memoryMb: 1_024,
      timeoutSeconds: 300,
      deadLetterQueue: this.failures,
      statements: [...query(deployment, foundation, catalog), ...publish(foundation)],
    });
  }

  #schedule({ stage, settings }: Deployment, key: IKey): void {
    const scheduleGroup = new ScheduleGroup(this, 'Schedules', {
      scheduleGroupName: `sluice-${stage}`,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { role } = new ServiceRole(this, 'Call', {
      service: 'scheduler.amazonaws.com',
      sourceArn: scheduleGroup.scheduleGroupArn,
      description: `Sluice (${stage}): call the report function`,
      statements: [
        allow(['lambda:InvokeFunction'], [this.report.function.functionArn]),
        allow(['sqs:SendMessage'], [this.failures.queueArn]),
        useKey(key, 'sqs'),
      ],
    });
    new Schedule(this, 'Daily', {
      scheduleName: `sluice-${stage}-daily-report`,
      description: `Sluice (${stage}): the report of the day before`,
      scheduleGroup,
      schedule: ScheduleExpression.cron({ ...DUE, timeZone: TimeZone.of(settings.timezone) }),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(this.report.function, {
        role,
        deadLetterQueue: this.failures,
        // Retries of the call. Lambda retries the function's own failures, twice.
        retryAttempts: 10,
        maxEventAge: Duration.hours(6),
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
      }),
    });
  }
}

/**
 * Runs saved queries of the readings, only in the deployment's work group, which limits the scan and sets the output
 * location.
 */
function query(
  { names }: Deployment,
  { key, lake, results }: FoundationStack,
  { database, workGroup }: CatalogStack,
): PolicyStatement[] {
  const arn = (service: string, resource: string) =>
    `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
  const tables = [LOG_TABLE, VIEW].map(table => arn('glue', `table/${names.database}/${table}`));
  return [
    allow(
      ['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults', 'StopQueryExecution'].map(
        action => `athena:${action}`,
      ),
      [arn('athena', `workgroup/${workGroup.ref}`)],
    ),
    allow(
      ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'],
      [arn('glue', 'catalog'), arn('glue', `database/${database.ref}`), ...tables],
    ),
    // Athena requires these two, whatever database a query names (its User Guide, on the default database of a Region).
    allow(['glue:GetDatabase', 'glue:CreateDatabase'], [arn('glue', 'catalog'), arn('glue', 'database/default')]),
    allow(['s3:GetBucketLocation'], [lake.bucketArn, results.bucketArn]),
    // The AWS managed policy for Athena has it for the results bucket; it cannot be limited to a prefix.
    allow(['s3:ListBucketMultipartUploads'], [results.bucketArn]),
    listObjects(lake, [PREFIX.readings]),
    readObjects(lake, [PREFIX.readings]),
    listObjects(results, [RESULTS]),
    readObjects(results, [RESULTS]),
    writeObjects(results, [RESULTS]),
    useKey(key, 's3'),
  ];
}

/** The page, and the index of all pages, which needs to list them. */
function publish({ lake }: FoundationStack): PolicyStatement[] {
  return [putObjects(lake, [PREFIX.reports]), listObjects(lake, [PREFIX.reports])];
}

/** Suffix of `CatalogStack.resultsLocation`. */
const RESULTS = 'results/';
