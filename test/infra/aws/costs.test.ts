/** `sluice cost` computes with values of the stacks without asking a deployment. */
import { beforeAll, expect, test } from 'vitest';
import { ASSUMED, DEPLOYED, MIB } from '../../../cli/commands/cost/units.ts';
import { onlyResource, resourcesOf, SYNTHESIS_TIMEOUT_MS, type Synthesized, trialDeployment } from './synth.ts';

let synthesized: Synthesized;
beforeAll(async () => {
  // With every optional setting.
  synthesized = await trialDeployment();
}, SYNTHESIS_TIMEOUT_MS);

function properties(type: string): Record<string, unknown>[] {
  return Object.values(synthesized.templates).flatMap(template =>
    Object.values(resourcesOf(template, type)).map(({ Properties }) => Properties),
  );
}

interface Destination {
  BufferingHints: { SizeInMBs: number; IntervalInSeconds: number };
  S3BackupConfiguration: Pick<Destination, 'BufferingHints'>;
  ProcessingConfiguration: { Processors: { Parameters: { ParameterName: string; ParameterValue: string }[] }[] };
}

test('the cost of the rule counts its actions', () => {
  const rule = onlyResource(synthesized.templates.ingest, 'AWS::IoT::TopicRule').Properties;
  expect((rule.TopicRulePayload as { Actions: unknown[] }).Actions).toHaveLength(DEPLOYED.ruleActions);
});

test('the cost of objects and of the transform uses the buffers of the delivery stream', () => {
  const { ExtendedS3DestinationConfiguration } = onlyResource(
    synthesized.templates.ingest,
    'AWS::KinesisFirehose::DeliveryStream',
  ).Properties;
  const destination = ExtendedS3DestinationConfiguration as Destination;
  const buffer = ({ BufferingHints }: Pick<Destination, 'BufferingHints'>) => ({
    seconds: BufferingHints.IntervalInSeconds,
    bytes: BufferingHints.SizeInMBs * MIB,
  });
  expect(buffer(destination)).toEqual(DEPLOYED.deliveryBuffer);
  expect(buffer(destination.S3BackupConfiguration)).toEqual(DEPLOYED.rawBuffer);
  const parameters = destination.ProcessingConfiguration.Processors[0]?.Parameters ?? [];
  const parameter = (name: string) =>
    Number(parameters.find(({ ParameterName }) => ParameterName === name)?.ParameterValue);
  expect({
    seconds: parameter('BufferIntervalInSeconds'),
    bytes: parameter('BufferSizeInMBs') * MIB,
  }).toEqual(DEPLOYED.transformBuffer);
});

test('the cost of storage uses the retention of the stream and of the logs', () => {
  expect(properties('AWS::Kinesis::Stream')).toMatchObject([{ RetentionPeriodHours: DEPLOYED.streamDays * 24 }]);
  const logs = properties('AWS::Logs::LogGroup');
  expect(logs.length).toBeGreaterThan(0);
  expect(logs.filter(({ RetentionInDays }) => RetentionInDays !== DEPLOYED.logDays)).toEqual([]);
});

test('the cost of KMS requests is that of buckets with bucket keys', () => {
  const rules = properties('AWS::S3::Bucket').map(
    ({ BucketEncryption }) =>
      (BucketEncryption as { ServerSideEncryptionConfiguration: Encryption[] }).ServerSideEncryptionConfiguration[0],
  );
  const byKms = rules.filter(rule => rule?.ServerSideEncryptionByDefault.SSEAlgorithm === 'aws:kms');
  expect(byKms).toHaveLength(2);
  expect(byKms.every(rule => rule?.BucketKeyEnabled === true)).toBe(true);
});

interface Encryption {
  BucketKeyEnabled?: boolean;
  ServerSideEncryptionByDefault: { SSEAlgorithm: string };
}

test('the cost of the consumer uses the batches of its event source', () => {
  const source = onlyResource(synthesized.templates.serving, 'AWS::Lambda::EventSourceMapping').Properties;
  expect(DEPLOYED.consumerBatch).toEqual({
    records: source.BatchSize,
    seconds: source.MaximumBatchingWindowInSeconds,
    perShard: source.ParallelizationFactor,
  });
});

test('the cost of durations uses the memory of the functions', () => {
  // The CDK's own function, which empties buckets if data is to be removed, runs once; its description is computed.
  const functions = properties('AWS::Lambda::Function').filter(({ Description }) => typeof Description === 'string');
  const memory = (description: RegExp) =>
    functions.filter(({ Description }) => description.test(String(Description))).map(({ MemorySize }) => MemorySize);
  const { transform, consume, api, report } = ASSUMED.overhead;
  expect(memory(/to rows/)).toEqual([transform.gib * 1_024]);
  expect(memory(/into the hot table/)).toEqual([consume.gib * 1_024]);
  expect(memory(/recent readings/)).toEqual([api.gib * 1_024]);
  expect(memory(/report of a day/)).toEqual([report.gib * 1_024]);
  expect(functions.every(({ Architectures }) => String(Architectures) === 'arm64')).toBe(true);
});

test('the fixed cost counts keys, streams, and the rules of the web ACL', () => {
  expect(properties('AWS::KMS::Key')).toHaveLength(1);
  expect(properties('AWS::Kinesis::Stream')).toMatchObject([{ StreamModeDetails: { StreamMode: 'ON_DEMAND' } }]);
  const [acl, ...more] = properties('AWS::WAFv2::WebACL');
  expect(more).toEqual([]);
  expect(acl?.Rules).toHaveLength(DEPLOYED.webAclRules);
  expect(properties('AWS::DynamoDB::Table')).toMatchObject([{ BillingMode: 'PAY_PER_REQUEST' }]);
});

/**
 * A Metrics Insights query is billed per metric that it finds: the rule has a `Failure` metric for each action, and for
 * its one error action.
 */
const FOUND_BY_QUERY: Record<string, number> = {
  'SELECT SUM(Failure)': DEPLOYED.ruleActions,
  'SELECT SUM(ErrorActionFailure)': 1,
};

test('the cost of the alarms counts their metrics', () => {
  const metrics = properties('AWS::CloudWatch::Alarm').map(({ MetricName, Metrics = [] }) => {
    if (MetricName !== undefined) return 1;
    const parts = Metrics as { MetricStat?: unknown; Expression?: string }[];
    const query = parts.find(({ Expression }) => Expression?.startsWith('SELECT'))?.Expression?.split(' FROM')[0];
    return query === undefined
      ? parts.filter(({ MetricStat }) => MetricStat !== undefined).length
      : FOUND_BY_QUERY[query];
  });
  expect(metrics.reduce((sum: number, count) => sum + (count ?? Number.NaN), 0)).toBe(DEPLOYED.alarms);
  expect(properties('AWS::CloudWatch::Dashboard')).toHaveLength(DEPLOYED.dashboards);
});
