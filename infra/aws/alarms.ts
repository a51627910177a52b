/** The alarms of a deployment, each with its threshold and the description that its reader sees. */
import { ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from './metrics.ts';

export interface AlarmRule {
  /** A key of `metricsOf`. */
  metric: MetricName;
  /** Rings above this … */
  above?: number;
  /** … or below this. */
  below?: number;
  /** Number of consecutive periods of the metric. */
  periods: number;
  missing: TreatMissingData;
  /** What has happened, the consequence, and where to look first. */
  reason: string;
}

/** No data means no problem: services report these metrics only when they have something to count. */
const QUIET = TreatMissingData.NOT_BREACHING;

/** Firehose's quota of partitions open at the same time; records beyond it go to the errors prefix. */
const ACTIVE_PARTITIONS = 500;

/** Period of the metric that the silence alarm watches. */
const SILENCE_PERIOD_MINUTES = 5;

/** The alarms, by the suffix of their name. The stage file sets what a stage can change. */
export function alarmRules({ silenceMinutes }: { silenceMinutes: number }): Record<string, AlarmRule> {
  return {
    silence: {
      metric: 'heard',
      below: 1,
      periods: silenceMinutes / SILENCE_PERIOD_MINUTES,
      missing: TreatMissingData.BREACHING,
      reason:
        `No message has arrived for ${silenceMinutes} minutes. If devices-refused rings too, AWS IoT refuses the devices: ` +
        'compare their policy and topic with the last deployment. Otherwise look at one device, and at the topic of the ' +
        'rule. After the first deployment, this alarm rings until the first message.',
    },
    ...ALARM_RULES,
  };
}

const ALARM_RULES: Record<string, AlarmRule> = {
  'devices-refused': {
    metric: 'refusedDevices',
    above: 10,
    periods: 3,
    missing: QUIET,
    reason:
      'AWS IoT refused devices more than 10 times in 5 minutes, three times in a row: an unknown or inactive ' +
      "certificate, or a policy that does not allow the topic. The metrics cover all devices of the account. AWS IoT's " +
      'log (switch it on in its settings) names the devices.',
  },
  'message-lost': {
    metric: 'ruleLosses',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'AWS IoT accepted a message from a device, but neither the actions of the topic rule nor its error action could ' +
      "store it. It is lost, unless the device still has it. Check the rights of the ingest stack's roles and of the key.",
  },
  'rule-failing': {
    metric: 'ruleFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'The topic rule could not put messages into the stream or the delivery stream. They are under errors/topic-rule/ ' +
      'in the lake, with the reason. One of the two paths may have them anyway. sluice reprocess errors --aws reads ' +
      'them into the lake.',
  },
  'rule-throttled': {
    metric: 'ruleThrottled',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'AWS IoT had no capacity for messages, and passed them to neither path. It calls no error action for them. The ' +
      'account evaluates more rules a second than its quota allows. Ask for more in Service Quotas (AWS IoT Core).',
  },
  'ingest-throttled': {
    metric: 'streamThrottled',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      'The stream rejected records for 15 minutes: traffic more than doubled in that time, or one topic exceeds a shard ' +
      '(1 MB or 1,000 records a second). AWS IoT retries for a while, then rule-failing rings.',
  },
  'delivery-throttled': {
    metric: 'deliveryThrottled',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      'The delivery stream rejected records for 15 minutes: its quota in this Region is too small for the traffic. Ask ' +
      'for more in Service Quotas (Data Firehose).',
  },
  'delivery-late': {
    metric: 'freshnessSeconds',
    above: 1_800,
    periods: 3,
    missing: QUIET,
    reason:
      'The oldest record in the delivery stream has waited for more than 30 minutes; 9 minutes is the normal maximum. ' +
      "Queries and reports lack it. Look at the delivery stream's log group, and at the errors of the transform.",
  },
  'backup-late': {
    metric: 'backupFreshnessSeconds',
    above: 1_800,
    periods: 3,
    missing: QUIET,
    reason:
      'The oldest record that is not yet under raw/ has waited for more than 30 minutes; 9 minutes is the normal maximum. ' +
      "Records lost now cannot be read again. Look at the delivery stream's log group (backup), at the bucket, and at " +
      'the key.',
  },
  'partitions-near-limit': {
    metric: 'partitions',
    above: 0.8 * ACTIVE_PARTITIONS,
    periods: 1,
    missing: QUIET,
    reason:
      `More than 400 event dates are being written at the same time. Firehose keeps at most ${ACTIVE_PARTITIONS} open; ` +
      'further records go to errors/. Load old readings of a fleet with sluice backfill instead.',
  },
  'rejects-high': {
    metric: 'rejectedPercent',
    above: 5,
    periods: 3,
    missing: QUIET,
    reason:
      'More than 5 % of the messages were rejected for 15 minutes: new firmware, a wrong clock, or a contract that does ' +
      'not fit. The log of the transform counts the reasons, and errors/processing-failed/ has the messages. Fix the ' +
      'contract, deploy, and run sluice reprocess errors --aws.',
  },
  'rows-unconverted': {
    metric: 'unconverted',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'Firehose could not write rows of the transform as Parquet, because the Glue table does not match the deployed ' +
      'contract. The rows are under errors/format-conversion-failed/. Run sluice catalog --aws, deploy, and run sluice ' +
      'reprocess errors --aws.',
  },
  'transform-failing': {
    metric: 'transformErrors',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'The transform failed as a whole, which no message should cause, or Lambda refused to call it. Firehose retries ' +
      "three times, then the batch goes to errors/processing-failed/. Look at the function's log, and at " +
      'functions-throttled. Fix the cause, and run sluice reprocess errors --aws.',
  },
  'hot-path-behind': {
    metric: 'iteratorAgeMs',
    above: 120_000,
    periods: 5,
    missing: QUIET,
    reason:
      'The hot path has been more than 2 minutes behind for 5 minutes. The live page and the API answer with old ' +
      "readings. Look at the consumer's errors and throttles, and at the table's.",
  },
  'hot-path-stopped': {
    metric: 'unread',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      'Records arrived for 15 minutes, and the consumer was not called once. Its event source mapping is switched off, ' +
      'or may not read the stream.',
  },
  'hot-path-failures': {
    metric: 'hotFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'The hot path gave up on records, or the API on a call. The queue of the serving stack shows which part of the ' +
      'stream. The lake has the readings; sluice put --only hot brings them back. Fix the cause, then empty the queue.',
  },
  'hot-table-throttled': {
    metric: 'tableThrottled',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      "The hot table refused requests for 15 minutes: one device exceeds 1,000 writes a second, or the account's quota " +
      'for on-demand tables is too small. Readings wait in the stream for three days, then the consumer gives up on ' +
      'them.',
  },
  'functions-throttled': {
    metric: 'functionsThrottled',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      "Lambda refused calls for 15 minutes: the account's functions use all of its concurrent executions (10 in a new " +
      'account). Ask for more in Service Quotas (Lambda, concurrent executions).',
  },
  'api-failing': {
    metric: 'apiErrors',
    above: 5,
    periods: 1,
    missing: QUIET,
    reason:
      'The API answered more than 5 requests within 5 minutes with a 5xx. The execution log shows which ones; the log ' +
      'of its function shows why.',
  },
  'backfill-failed': {
    metric: 'backfillFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'A backfill failed, timed out, or was stopped. What it has read stays in the lake. Its execution in Step ' +
      'Functions shows why it failed. Redrive it there, or run the same sluice backfill again.',
  },
  'report-failing': {
    metric: 'reportErrors',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'The daily report failed. Lambda retries twice; then the day is in the queue of the reports stack. Look at the ' +
      "function's log, and make the report by hand with sluice report daily --aws --date D.",
  },
  'report-missing': {
    metric: 'reportsMade',
    below: 1,
    // A 25-hour day, when clocks go back, plus time for the report itself.
    periods: 26,
    // An hour without a call has no data, and those hours are the ones to catch.
    missing: TreatMissingData.BREACHING,
    reason:
      'No report was made in the last 26 hours. The schedule is off, may not call the function, or each call failed. ' +
      'After the first deployment, this alarm rings until the first report.',
  },
  'report-undelivered': {
    metric: 'reportFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'The queue of the reports stack has a call that failed for good, or an alarm that could not be mailed. Its ' +
      'attributes show why. Make the report by hand with sluice report daily --aws --date D, and empty the queue.',
  },
  'call-failed': {
    metric: 'callFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'An asynchronous call failed three times: somebody called the transform or a backfill function by hand, or a ' +
      'deployment called its guard. The queue of the ingest, backfill or guard stack has the event and the error. Find ' +
      'out who called, then empty the queue.',
  },
};

/** CDK properties of the alarm for a rule. */
export function alarmProps({ above, below, periods, missing, reason }: AlarmRule, metric: IMetric) {
  const threshold = above ?? below;
  if (threshold === undefined) throw new Error('an alarm needs a threshold, above or below');
  return {
    metric,
    threshold,
    comparisonOperator:
      above === undefined ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: missing,
    alarmDescription: reason,
  };
}
