/** When somebody is called, and what they are told: each alarm of a deployment with its threshold and its reason. */
import { ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from './metrics.ts';

export interface AlarmRule {
  /** Of `metricsOf`. */
  metric: MetricName;
  /** Rings above this … */
  above?: number;
  /** … or below this. */
  below?: number;
  /** How many of the metric's periods in a row. */
  periods: number;
  missing: TreatMissingData;
  /** What has happened, what comes of it, and where to look first. */
  reason: string;
}

/** Nothing is wrong while nothing happens: services report these metrics only when they have something to count. */
const QUIET = TreatMissingData.NOT_BREACHING;

/** Firehose's quota of partitions that are open at a time; what exceeds it goes to the errors prefix. */
const ACTIVE_PARTITIONS = 500;

/** Of the metric that the alarm of silence watches. */
const SILENCE_PERIOD_MINUTES = 5;

/** The alarms by the ends of their names; what the stage decides of them is in its file. */
export function alarmRules({ silenceMinutes }: { silenceMinutes: number }): Record<string, AlarmRule> {
  return {
    silence: {
      metric: 'heard',
      below: 1,
      periods: silenceMinutes / SILENCE_PERIOD_MINUTES,
      missing: TreatMissingData.BREACHING,
      reason:
        `No message has come for ${silenceMinutes} minutes. If devices-refused rings too, they are sent away: compare their policy and ` +
        'topic with the last deployment. Else look at one device, and at the topic of the rule. It also rings from the ' +
        'deployment on until the first message.',
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
      'AWS IoT refused devices more than 10 times in 5 minutes, three times in a row: an unknown or inactive certificate, or a ' +
      "policy that does not allow the topic. The metrics are those of all devices of the account. AWS IoT's log (switch it on " +
      'in its settings) names the devices.',
  },
  'message-lost': {
    metric: 'ruleLosses',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'A message was taken from a device, and neither the actions of the topic rule nor its error action could keep it. ' +
      'It is lost but for the device. Look at the rights of the roles of the ingest stack, and of the key.',
  },
  'rule-failing': {
    metric: 'ruleFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'The topic rule could not put messages into the stream or the delivery stream. They are under errors/topic-rule/ in ' +
      'the lake, with the reason, though one of the two paths may have them; sluice reprocess errors --aws reads them into the lake.',
  },
  'rule-throttled': {
    metric: 'ruleThrottled',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'AWS IoT had no room for messages, and handed them to neither of the two paths; no error action is called for them. ' +
      'The account evaluates more rules in a second than its quota has. Ask for more in Service Quotas (AWS IoT Core).',
  },
  'ingest-throttled': {
    metric: 'streamThrottled',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      'The stream took no more records for 15 minutes: traffic more than doubled within them, or one topic is above what a ' +
      'shard takes (1 MB or 1,000 records a second). AWS IoT tries again for a time, then rule-failing rings.',
  },
  'delivery-throttled': {
    metric: 'deliveryThrottled',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      'The delivery stream took no more records for 15 minutes: its quota in this Region is too small for the traffic. Ask ' +
      'for more in Service Quotas (Data Firehose).',
  },
  'delivery-late': {
    metric: 'freshnessSeconds',
    above: 1_800,
    periods: 3,
    missing: QUIET,
    reason:
      'The oldest record in the delivery stream has waited for more than 30 minutes; it should be 9 at most. Queries and ' +
      "reports lack it. Look at the delivery stream's log group, and at the errors of the transform.",
  },
  'backup-late': {
    metric: 'backupFreshnessSeconds',
    above: 1_800,
    periods: 3,
    missing: QUIET,
    reason:
      'The oldest record that is not under raw/ has waited for more than 30 minutes; it should be 9 at most. What is lost now ' +
      "cannot be read again. Look at the delivery stream's log group (backup), at the bucket, and at the key.",
  },
  'partitions-near-limit': {
    metric: 'partitions',
    above: 0.8 * ACTIVE_PARTITIONS,
    periods: 1,
    missing: QUIET,
    reason:
      `More than 400 event dates are being written at once, of the ${ACTIVE_PARTITIONS} that Firehose keeps open. Beyond them records go ` +
      'to errors/. A fleet that sends old readings is better loaded with sluice backfill.',
  },
  'rejects-high': {
    metric: 'rejectedPercent',
    above: 5,
    periods: 3,
    missing: QUIET,
    reason:
      'More than 5 % of the messages were rejected for 15 minutes: a new firmware, a clock that is wrong, or a contract that ' +
      'does not fit. The log of the transform counts the reasons, errors/processing-failed/ has the messages. Fix the ' +
      'contract, deploy, and run sluice reprocess errors --aws.',
  },
  'rows-unconverted': {
    metric: 'unconverted',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'Firehose could not write rows of the transform as Parquet: the Glue table is not that of the deployed contract. They ' +
      'are under errors/format-conversion-failed/. Run sluice catalog --aws, deploy, and run sluice reprocess ' +
      'errors --aws.',
  },
  'transform-failing': {
    metric: 'transformErrors',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'The transform failed as a whole, which no message should bring about, or Lambda refused to call it. Firehose calls it three ' +
      "times more, then the batch goes to errors/processing-failed/. Look at the function's log, and at functions-throttled; fix " +
      'that, and run sluice reprocess errors --aws.',
  },
  'hot-path-behind': {
    metric: 'iteratorAgeMs',
    above: 120_000,
    periods: 5,
    missing: QUIET,
    reason:
      'The hot path has been more than 2 minutes behind for 5 minutes: the live page and the API answer with old readings. ' +
      "Look at the consumer's errors and throttles, and at the table's.",
  },
  'hot-path-stopped': {
    metric: 'unread',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      'Records came in for 15 minutes, and the consumer was not called once. Its event source mapping is switched off, or ' +
      'may not read the stream.',
  },
  'hot-path-failures': {
    metric: 'hotFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'The hot path gave up on records, or the API on a call. The queue of the serving stack says which part of the stream; ' +
      'the lake has the readings, and sluice put --only hot brings them back. Empty the queue once the cause is gone.',
  },
  'hot-table-throttled': {
    metric: 'tableThrottled',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      'The hot table refused requests for 15 minutes: one device is above 1,000 writes a second, or the quota of the ' +
      'account for on-demand tables is too small. Readings wait in the stream for three days, then the consumer gives them up.',
  },
  'functions-throttled': {
    metric: 'functionsThrottled',
    above: 0,
    periods: 3,
    missing: QUIET,
    reason:
      'Lambda refused calls for 15 minutes: the functions of the account are as many as they may be at once (10 in a new account). Ask for ' +
      'more in Service Quotas (Lambda, concurrent executions).',
  },
  'api-failing': {
    metric: 'apiErrors',
    above: 5,
    periods: 1,
    missing: QUIET,
    reason:
      'The API answered more than 5 requests within 5 minutes with a 5xx. The execution log says which, the log of its ' +
      'function says why.',
  },
  'backfill-failed': {
    metric: 'backfillFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'A backfill failed, ran out of time, or was stopped. What it had read is in the lake, and stays. Its execution in Step ' +
      'Functions says why; redrive it there, or run the same sluice backfill again.',
  },
  'report-failing': {
    metric: 'reportErrors',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      "The daily report failed. Lambda tries twice more; then the day is in the queue of the reports stack. Look at the function's " +
      'log, and make the report by hand with sluice report daily --aws --date D.',
  },
  'report-missing': {
    metric: 'reportsMade',
    below: 1,
    // A day of 25 hours, when clocks go back, and time for the report itself.
    periods: 26,
    // An hour without a call has no data, and the hours that matter are those.
    missing: TreatMissingData.BREACHING,
    reason:
      'No report was made in the last 26 hours. The schedule is off, may not call the function, or each call failed. It also ' +
      'rings from the deployment on until the first report is made.',
  },
  'report-undelivered': {
    metric: 'reportFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'The queue of the reports stack has a call that failed for good, or an alarm that could not be mailed. Its attributes say ' +
      'why. Make the report by hand with sluice report daily --aws --date D, and empty the queue.',
  },
  'call-failed': {
    metric: 'callFailures',
    above: 0,
    periods: 1,
    missing: QUIET,
    reason:
      'Somebody called the transform, or a function of the backfill, by hand and without waiting, or a deployment asked its guard, ' +
      'and it failed three times. The queue of the ingest, the backfill or the guard stack has the event and the error. Empty it ' +
      'once it is clear who called.',
  },
};

/** The CDK's properties of an alarm of a rule. */
export function alarmProps({ above, below, periods, missing, reason }: AlarmRule, metric: IMetric) {
  const threshold = above ?? below;
  if (threshold === undefined) throw new Error('an alarm rings above or below something');
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
