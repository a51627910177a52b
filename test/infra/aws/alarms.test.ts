/** When each alarm rings, with its exact numbers. An alarm on an unknown metric name never rings. */
import { beforeAll, expect, test } from 'vitest';
import { defaultDeployment, resourcesOf, SYNTHESIS_TIMEOUT_MS, type Template, trialDeployment } from './synth.ts';

/** A string, or an export of another stack. */
type Value = string | { 'Fn::ImportValue': string };

interface Metric {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: Value }[];
}

/** An alarm on a single metric has the metric's members among its own. */
interface Alarm extends Metric {
  AlarmName: string;
  ComparisonOperator: string;
  Threshold: number;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  Period: number;
  Statistic: string;
  Metrics?: { Id: string; Expression?: string; Period?: number; MetricStat?: Stat; ReturnData: boolean }[];
}

interface Stat {
  Metric: Metric;
  Period: number;
  Stat: string;
}

let operations: Template;
beforeAll(async () => {
  operations = (await defaultDeployment()).templates.operations;
}, SYNTHESIS_TIMEOUT_MS);

/** By alarm: the comparison, its metrics, and how long it must last. The names come from the services' guides. */
const RINGS: Record<string, string[]> = {
  'message-lost': [
    `SELECT SUM(ErrorActionFailure) FROM "AWS/IoT" WHERE RuleName = 'sluice_main_readings' > 0`,
    '1 × 300 s',
  ],
  'rule-failing': [`SELECT SUM(Failure) FROM "AWS/IoT" WHERE RuleName = 'sluice_main_readings' > 0`, '1 × 300 s'],
  'rule-throttled': ['Sum AWS/IoT RuleMessageThrottled, sluice_main_readings > 0', '1 × 300 s'],
  'ingest-throttled': ['Sum AWS/Kinesis WriteProvisionedThroughputExceeded, sluice-main-readings > 0', '3 × 300 s'],
  'delivery-throttled': ['Sum AWS/Firehose ThrottledRecords, sluice-main-delivery > 0', '3 × 300 s'],
  'delivery-late': ['Maximum AWS/Firehose DeliveryToS3.DataFreshness, sluice-main-delivery > 1800', '3 × 300 s'],
  'backup-late': ['Maximum AWS/Firehose BackupToS3.DataFreshness, sluice-main-delivery > 1800', '3 × 300 s'],
  silence: ['FILL(messages, 0) < 1', 'messages: Sum AWS/IoT TopicMatch, sluice_main_readings', '12 × 300 s'],
  'devices-refused': [
    'SUM([m0, m1, m2]) > 10',
    ...['Connection.AuthNError', 'Connect.AuthError', 'PublishIn.AuthError'].map(
      (name, index) => `m${index}: Sum AWS/IoT ${name}, MQTT`,
    ),
    '3 × 300 s',
  ],
  // Firehose keeps 500 open.
  'partitions-near-limit': ['Maximum AWS/Firehose PartitionCount, sluice-main-delivery > 400', '1 × 300 s'],
  'rejects-high': [
    '100 * rejected / (accepted + rejected) > 5',
    ...['accepted: Sum Sluice Accepted, main', 'rejected: Sum Sluice Rejected, main', '3 × 300 s'],
  ],
  'rows-unconverted': ['Sum AWS/Firehose FailedConversion.Records, sluice-main-delivery > 0', '1 × 300 s'],
  'transform-failing': [
    'SUM([m0, m1]) > 0',
    'm0: Sum AWS/Lambda Errors, ingest DeliveryTransformFunction',
    'm1: Sum AWS/Lambda Throttles, ingest DeliveryTransformFunction',
    '1 × 300 s',
  ],
  'hot-path-behind': [
    'Maximum AWS/Kinesis GetRecords.IteratorAgeMilliseconds, sluice-main-readings > 120000',
    '5 × 60 s',
  ],
  'hot-path-stopped': [
    'IF(SUM([zero, calls]) < 1 AND records > 0, 1, 0) > 0',
    ...['records: Sum AWS/Kinesis IncomingRecords, sluice-main-readings', 'zero: records * 0'],
    ...['calls: Sum AWS/Lambda Invocations, serving ConsumerFunction', '3 × 300 s'],
  ],
  'hot-path-failures': ['Maximum AWS/SQS ApproximateNumberOfMessagesVisible, serving Failures > 0', '1 × 300 s'],
  'hot-table-throttled': [
    'SUM([m0, m1]) > 0',
    ...[
      'm0: Sum AWS/DynamoDB ReadThrottleEvents, sluice-main-hot',
      'm1: Sum AWS/DynamoDB WriteThrottleEvents, sluice-main-hot',
    ],
    '3 × 300 s',
  ],
  'functions-throttled': [
    'SUM([m0, m1, m2, m3]) > 0',
    ...[
      'ingest DeliveryTransformFunction',
      'serving ConsumerFunction',
      'serving ApiFunction',
      'reports ReportFunction',
    ].map((name, index) => `m${index}: Sum AWS/Lambda Throttles, ${name}`),
    '3 × 300 s',
  ],
  'api-failing': ['Sum AWS/ApiGateway 5XXError, sluice-main, main > 5', '1 × 300 s'],
  'backfill-failed': [
    'SUM([m0, m1, m2]) > 0',
    ...['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'].map(
      (name, index) => `m${index}: Sum AWS/States ${name}, backfill StateMachine`,
    ),
    '1 × 300 s',
  ],
  'report-failing': ['Sum AWS/Lambda Errors, reports ReportFunction > 0', '1 × 300 s'],
  'report-missing': [
    'FILL(calls, 0) - FILL(errors, 0) < 1',
    ...[
      'calls: Sum AWS/Lambda Invocations, reports ReportFunction',
      'errors: Sum AWS/Lambda Errors, reports ReportFunction',
    ],
    '26 × 3600 s',
  ],
  'report-undelivered': ['Maximum AWS/SQS ApproximateNumberOfMessagesVisible, reports Failures > 0', '1 × 300 s'],
  'call-failed': [
    'SUM([m0, m1, m2]) > 0',
    ...['ingest', 'backfill', 'guard'].map(
      (room, index) => `m${index}: Maximum AWS/SQS ApproximateNumberOfMessagesVisible, ${room} Failures`,
    ),
    '1 × 300 s',
  ],
};

test('each alarm rings under its documented condition, on metrics that the services have', () => {
  const alarms = Object.values(resourcesOf(operations, 'AWS::CloudWatch::Alarm')).map(
    // Of this type, in the members that are read.
    ({ Properties }) => Properties as unknown as Alarm,
  );
  const rings = alarms.map(alarm => [alarm.AlarmName.replace('sluice-main-', ''), inWords(alarm).sort()]);
  const expected = Object.entries(RINGS).map(([name, words]) => [name, words.sort()]);
  expect(Object.fromEntries(rings)).toEqual(Object.fromEntries(expected));
});

test('silence rings after the time in the stage file, also if there is no metric at all', async () => {
  const { templates } = await trialDeployment();
  const alarms = Object.values(resourcesOf(templates.operations, 'AWS::CloudWatch::Alarm'));
  const silence = alarms.find(({ Properties }) => Properties.AlarmName === 'sluice-trial-silence')?.Properties;
  expect(silence).toMatchObject({ EvaluationPeriods: 6, TreatMissingData: 'breaching' });
});

const SIGNS: Record<string, string> = { GreaterThanThreshold: '>', LessThanThreshold: '<' };

function inWords(alarm: Alarm): string[] {
  const { ComparisonOperator, Threshold, EvaluationPeriods, DatapointsToAlarm, Metrics = [] } = alarm;
  const rule = `${SIGNS[ComparisonOperator] ?? ComparisonOperator} ${Threshold}`;
  const periods = Metrics.map(({ Period, MetricStat }) => MetricStat?.Period ?? Period).filter(Boolean);
  const seconds = [...new Set(Metrics.length === 0 ? [alarm.Period] : periods)].join(' and ');
  const times = DatapointsToAlarm === undefined ? EvaluationPeriods : `${DatapointsToAlarm} of ${EvaluationPeriods}`;
  const looked = `${times} × ${seconds} s`;
  if (Metrics.length === 0) return [`${metricInWords(alarm.Statistic, alarm)} ${rule}`, looked];
  const lines = Metrics.map(({ Id, Expression, MetricStat, ReturnData }) => {
    const what = MetricStat === undefined ? String(Expression) : metricInWords(MetricStat.Stat, MetricStat.Metric);
    return ReturnData ? `${what} ${rule}` : `${Id}: ${what}`;
  });
  return [...lines, looked];
}

function metricInWords(statistic: string, { Namespace, MetricName, Dimensions }: Metric): string {
  return [`${statistic} ${Namespace} ${MetricName}`, ...Dimensions.map(({ Value }) => valueInWords(Value))].join(', ');
}

/** For an export of another stack: the stack and the construct. */
function valueInWords(value: Value): string {
  if (typeof value === 'string') return value;
  const { 1: room, 2: id } =
    /^sluice-main-(\w+):ExportsOutput(?:Ref|FnGetAtt)([A-Za-z]+?)[0-9A-F]{8}/.exec(value['Fn::ImportValue']) ?? [];
  return `${room} ${id}`;
}
