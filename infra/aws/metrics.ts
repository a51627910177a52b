/** The metrics of a deployment in CloudWatch, for the alarms and the dashboard. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { BackfillStack } from './backfill-stack.ts';
import type { Deployment } from './deployment.ts';
import type { GuardStack } from './guard-stack.ts';
import type { IngestStack } from './ingest-stack.ts';
import type { ReportsStack } from './reports-stack.ts';
import type { ServingStack } from './serving-stack.ts';
import type { SluiceFunction } from './sluice-function.ts';

/** What a deployment runs. */
export interface Watched {
  deployment: Deployment;
  guard: GuardStack;
  ingest: IngestStack;
  serving: ServingStack;
  reports: ReportsStack;
  backfill: BackfillStack;
}

export type MetricName = keyof ReturnType<typeof metricsOf>;

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
const HOUR = Duration.hours(1);

/**
 * Devices that AWS IoT Core rejected (its Developer Guide, "AWS IoT metrics and dimensions"): for an unknown
 * certificate, or a policy that does not let them connect or publish. The metrics cover the whole account in the
 * region.
 */
const REFUSALS = ['Connection.AuthNError', 'Connect.AuthError', 'PublishIn.AuthError'];

/** Every metric by name. Counts are sums over 5 minutes unless stated otherwise. */
export function metricsOf({ deployment, guard, ingest, serving, reports, backfill }: Watched) {
  const { names, stage } = deployment;
  const kinesis = (metricName: string) => sum('AWS/Kinesis', metricName, { StreamName: names.stream });
  const firehose = (metricName: string) =>
    sum('AWS/Firehose', metricName, { DeliveryStreamName: names.deliveryStream });
  const table = (metricName: string) => sum('AWS/DynamoDB', metricName, { TableName: names.hotTable });
  const sluice = (metricName: string) => sum('Sluice', metricName, { Stage: stage });
  const { api } = serving.api;
  const rest = (metricName: string, statistic: string = Stats.SUM) =>
    metric('AWS/ApiGateway', metricName, { ApiName: api.restApiName, Stage: stage }, { statistic });
  const functions = [ingest.delivery.transform, serving.consumer, serving.api.function, reports.report];
  const messages = sum('AWS/IoT', 'TopicMatch', { RuleName: names.topicRule });
  return {
    messages,
    // If data is missing, CloudWatch also evaluates data older than the alarm's periods, which would delay the alarm.
    heard: math('FILL(messages, 0)', { messages }),
    refusedDevices: total(REFUSALS.map(name => sum('AWS/IoT', name, { Protocol: 'MQTT' }))),
    ruleFailures: ofRule('Failure', names.topicRule),
    ruleLosses: ofRule('ErrorActionFailure', names.topicRule),
    ruleThrottled: sum('AWS/IoT', 'RuleMessageThrottled', { RuleName: names.topicRule }),
    streamRecords: kinesis('IncomingRecords'),
    streamThrottled: kinesis('WriteProvisionedThroughputExceeded'),
    iteratorAgeMs: kinesis('GetRecords.IteratorAgeMilliseconds').with({ statistic: Stats.MAXIMUM, period: MINUTE }),
    deliveryRecords: firehose('IncomingRecords'),
    deliveryThrottled: firehose('ThrottledRecords'),
    freshnessSeconds: firehose('DeliveryToS3.DataFreshness').with({ statistic: Stats.MAXIMUM }),
    backupFreshnessSeconds: firehose('BackupToS3.DataFreshness').with({ statistic: Stats.MAXIMUM }),
    partitions: firehose('PartitionCount').with({ statistic: Stats.MAXIMUM }),
    unconverted: firehose('FailedConversion.Records'),
    accepted: sluice('Accepted'),
    rejected: sluice('Rejected'),
    rejectedPercent: math('100 * rejected / (accepted + rejected)', {
      accepted: sluice('Accepted'),
      rejected: sluice('Rejected'),
    }),
    // Firehose retries a call that Lambda refuses no more often than one that fails.
    transformErrors: total([errorsOf(ingest.delivery.transform), throttlesOf(ingest.delivery.transform)]),
    consumerErrors: errorsOf(serving.consumer),
    unread: unreadOf(kinesis('IncomingRecords'), callsOf(serving.consumer)),
    hotFailures: depthOf(serving.failures),
    tableWrites: table('ConsumedWriteCapacityUnits'),
    tableReads: table('ConsumedReadCapacityUnits'),
    tableThrottled: total([table('ReadThrottleEvents'), table('WriteThrottleEvents')]),
    apiCalls: rest('Count'),
    apiRefusals: rest('4XXError'),
    apiErrors: rest('5XXError'),
    apiLatencyMs: rest('Latency', Stats.percentile(99)),
    functionsThrottled: total(functions.map(throttlesOf)),
    backfillFailures: total([
      backfill.stateMachine.metricFailed({ period: FIVE_MINUTES }),
      backfill.stateMachine.metricTimedOut({ period: FIVE_MINUTES }),
      backfill.stateMachine.metricAborted({ period: FIVE_MINUTES }),
    ]),
    backfillsDone: backfill.stateMachine.metricSucceeded({ period: FIVE_MINUTES }),
    reportErrors: errorsOf(reports.report),
    reportsMade: math(
      // If data is missing, CloudWatch also evaluates data older than the alarm's periods, and would find yesterday's
      // report.
      'FILL(calls, 0) - FILL(errors, 0)',
      {
        calls: callsOf(reports.report).with({ period: HOUR }),
        errors: errorsOf(reports.report).with({ period: HOUR }),
      },
      HOUR,
    ),
    reportFailures: depthOf(reports.failures),
    callFailures: total([depthOf(ingest.failures), depthOf(backfill.failures), depthOf(guard.failures)]),
  } satisfies Record<string, IMetric>;
}

function metric(
  namespace: string,
  metricName: string,
  dimensionsMap: Record<string, string>,
  { statistic = Stats.SUM as string, period = FIVE_MINUTES } = {},
): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, statistic, period });
}

function sum(namespace: string, metricName: string, dimensionsMap: Record<string, string>): Metric {
  return metric(namespace, metricName, dimensionsMap);
}

function math(expression: string, usingMetrics: Record<string, IMetric>, period = FIVE_MINUTES): MathExpression {
  return new MathExpression({ expression, usingMetrics, period });
}

/**
 * The sum of metrics of which some may have no data. `+` would then give none, and FILL does not help for a metric
 * without any data.
 */
function total(metrics: IMetric[]): MathExpression {
  const named = Object.fromEntries(metrics.map((each, index) => [`m${index}`, each]));
  return math(`SUM([${Object.keys(named).join(', ')}])`, named);
}

/**
 * 1 if records arrived while the consumer was not called, otherwise 0: its event source mapping is disabled or may not
 * read. A function that is not called has no data at all, so the zero is derived from the records.
 */
function unreadOf(records: IMetric, calls: IMetric): MathExpression {
  const zero = math('records * 0', { records });
  return math('IF(SUM([zero, calls]) < 1 AND records > 0, 1, 0)', { records, calls, zero });
}

/** Over all actions of the rule: CloudWatch has a metric per action type, and Metrics Insights adds them up. */
function ofRule(metricName: string, rule: string): MathExpression {
  return math(`SELECT SUM(${metricName}) FROM "AWS/IoT" WHERE RuleName = '${rule}'`, {});
}

/** Messages in a queue; SQS reports nothing for a queue that has been idle for hours. */
export function depthOf(queue: Queue): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: FIVE_MINUTES });
}

function errorsOf({ function: made }: SluiceFunction): Metric {
  return made.metricErrors({ period: FIVE_MINUTES });
}

function throttlesOf({ function: made }: SluiceFunction): Metric {
  return made.metricThrottles({ period: FIVE_MINUTES });
}

function callsOf({ function: made }: SluiceFunction): Metric {
  return made.metricInvocations({ period: FIVE_MINUTES });
}
