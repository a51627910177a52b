import { beforeAll, describe, expect, test } from 'vitest';
import { contractKey } from '../../../contract/contract-key.ts';
import { parseDeployment } from '../../../infra/aws/published-deployment.ts';
import { HANDLER_SETTINGS } from '../../../infra/settings.ts';
import { batchMetric } from '../../../transform/metric.ts';
import {
  defaultDeployment,
  filledIn,
  onlyResource,
  type Resource,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  type Synthesized,
  synthesize,
  type Template,
  trialDeployment,
} from './synth.ts';

interface MetricStat {
  Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] };
  Period: number;
  Stat: string;
}

interface Alarm {
  AlarmName: string;
  AlarmDescription: string;
  AlarmActions: unknown[];
  OKActions: unknown[];
  EvaluationPeriods: number;
  TreatMissingData?: string;
  Metrics?: { Expression?: string; MetricStat?: MetricStat; Period?: number }[];
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value: string }[];
  Period?: number;
}

let main: Synthesized;
let operations: Template;
let alarms: Record<string, Alarm>;
beforeAll(async () => {
  main = await defaultDeployment();
  operations = main.templates.operations;
  // Filled-in template values have the shape of CloudFormation's AWS::CloudWatch::Alarm.
  const found = Object.values(resourcesOf(operations, 'AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => filledIn(Properties, main.templates) as Alarm,
  );
  alarms = Object.fromEntries(found.map(alarm => [alarm.AlarmName.replace('sluice-main-', ''), alarm]));
}, SYNTHESIS_TIMEOUT_MS);

/** The metrics of an alarm, each with its dimensions. */
function metricsOf(alarm: Alarm): { name: string; dimensions: Record<string, string>; period: number }[] {
  const single: MetricStat[] =
    alarm.MetricName === undefined
      ? []
      : [
          {
            Metric: {
              Namespace: alarm.Namespace ?? '',
              MetricName: alarm.MetricName,
              Dimensions: alarm.Dimensions ?? [],
            },
            Period: alarm.Period ?? 0,
            Stat: '',
          },
        ];
  const stats = [...single, ...(alarm.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat ?? [])];
  return stats.map(({ Metric, Period }) => ({
    name: `${Metric.Namespace} ${Metric.MetricName}`,
    dimensions: Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value])),
    period: Period,
  }));
}

/** Every resource of a type in all stacks, by the value that `Ref` gives in `filledIn`. */
function deployed(type: string): Record<string, Resource> {
  return Object.assign({}, ...Object.values(main.templates).map(template => resourcesOf(template, type)));
}

function propertiesOf(type: string, property: string): unknown[] {
  return Object.values(deployed(type)).map(({ Properties }) => filledIn(Properties[property], main.templates));
}

describe('the alarms', () => {
  test.each([
    ['iterator age', 'hot-path-behind', 'AWS/Kinesis GetRecords.IteratorAgeMilliseconds'],
    ['freshness of the delivery', 'delivery-late', 'AWS/Firehose DeliveryToS3.DataFreshness'],
    ['number of partitions', 'partitions-near-limit', 'AWS/Firehose PartitionCount'],
    ['share of rejects', 'rejects-high', 'Sluice Rejected'],
    ['records given up', 'hot-path-failures', 'AWS/SQS ApproximateNumberOfMessagesVisible'],
    ['reports that fail', 'report-failing', 'AWS/Lambda Errors'],
    ['reports that are missing', 'report-missing', 'AWS/Lambda Invocations'],
    ['reports that were not asked for', 'report-undelivered', 'AWS/SQS ApproximateNumberOfMessagesVisible'],
    ['errors of the transform', 'transform-failing', 'AWS/Lambda Errors'],
    ['errors of the API', 'api-failing', 'AWS/ApiGateway 5XXError'],
    ['backfills that fail', 'backfill-failed', 'AWS/States ExecutionsFailed'],
  ])('watch the %s', (_what, name, metric) => {
    expect(metricsOf(alarms[name] as Alarm).map(watched => watched.name)).toContain(metric);
  });

  test.each([
    [
      'the transform is refused, after which Firehose files the batch as failed',
      'transform-failing',
      'AWS/Lambda Throttles',
    ],
    [
      'the rule has no capacity for a message, which no error action keeps',
      'rule-throttled',
      'AWS/IoT RuleMessageThrottled',
    ],
  ])('ring where %s', (_what, name, metric) => {
    expect(metricsOf(alarms[name] as Alarm).map(watched => watched.name)).toContain(metric);
  });

  test('add up metrics that may have no data with SUM, which skips them', () => {
    // `m0 + m1` has no value if either has none, and AWS does not document whether FILL helps a metric without any
    // data.
    for (const [name, { Metrics = [] }] of Object.entries(alarms))
      for (const { Expression = '' } of Metrics) expect(Expression, name).not.toMatch(/FILL\(.*\+/);
  });

  test("count an hour without a report as none; otherwise the previous day's report would count for more than a day", () => {
    // If data is missing, CloudWatch looks back further than the alarm's periods.
    const [expression] = alarms['report-missing']?.Metrics ?? [];
    expect(expression?.Expression).toBe('FILL(calls, 0) - FILL(errors, 0)');
  });

  test('notify the one topic when they ring and when they clear', () => {
    const [topicId] = Object.keys(resourcesOf(operations, 'AWS::SNS::Topic'));
    for (const { AlarmActions, OKActions } of Object.values(alarms))
      expect([AlarmActions, OKActions]).toEqual([[topicId], [topicId]]);
  });

  test('say what has happened and where to look, within the limit of CloudWatch', () => {
    for (const { AlarmDescription } of Object.values(alarms)) {
      expect(AlarmDescription.split('. ').length).toBeGreaterThan(1);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1_024);
    }
  });

  test('stay silent without data, except for silence and the missing report', () => {
    const loud = Object.entries(alarms).filter(([, { TreatMissingData }]) => TreatMissingData !== 'notBreaching');
    expect(loud.map(([name, { TreatMissingData }]) => [name, TreatMissingData])).toEqual([
      ['silence', 'breaching'],
      ['report-missing', 'breaching'],
    ]);
  });

  test('look back no further than CloudWatch does', () => {
    for (const [name, alarm] of Object.entries(alarms)) {
      const ofInsights = (alarm.Metrics ?? []).filter(({ Expression }) => Expression?.startsWith('SELECT'));
      const periods = [...metricsOf(alarm).map(({ period }) => period), ...ofInsights.map(({ Period = 0 }) => Period)];
      const seconds = Math.max(...periods) * alarm.EvaluationPeriods;
      expect(Math.min(...periods), name).toBeGreaterThan(0);
      // PutMetricAlarm: a week for periods of an hour or more, otherwise a day; Metrics Insights: 3 hours.
      const most = ofInsights.length > 0 ? 3 * 3_600 : Math.min(...periods) >= 3_600 ? 7 * 86_400 : 86_400;
      expect(seconds, name).toBeLessThanOrEqual(most);
    }
  });

  test('expect a report even on a day of 25 hours', () => {
    const { EvaluationPeriods = 0 } = alarms['report-missing'] ?? {};
    const [{ period } = { period: 0 }] = metricsOf(alarms['report-missing'] as Alarm);
    expect(EvaluationPeriods * period).toBeGreaterThan(25 * 3_600);
  });

  test('watch deployed resources', () => {
    const known: Record<string, unknown[]> = {
      FunctionName: Object.keys(deployed('AWS::Lambda::Function')),
      QueueName: Object.keys(deployed('AWS::SQS::Queue')).map(id => `${id}.QueueName`),
      StateMachineArn: Object.keys(deployed('AWS::StepFunctions::StateMachine')),
      StreamName: propertiesOf('AWS::Kinesis::Stream', 'Name'),
      DeliveryStreamName: propertiesOf('AWS::KinesisFirehose::DeliveryStream', 'DeliveryStreamName'),
      TableName: propertiesOf('AWS::DynamoDB::Table', 'TableName'),
      ApiName: propertiesOf('AWS::ApiGateway::RestApi', 'Name'),
      Stage: propertiesOf('AWS::ApiGateway::Stage', 'StageName'),
      RuleName: propertiesOf('AWS::IoT::TopicRule', 'RuleName'),
      // Metrics of the message broker, which belongs to the account; devices speak MQTT.
      Protocol: ['MQTT'],
    };
    for (const [name, alarm] of Object.entries(alarms))
      for (const { dimensions } of metricsOf(alarm))
        for (const [dimension, value] of Object.entries(dimensions))
          expect(known[dimension], `${name}: ${dimension}`).toContain(value);
    const [rule] = propertiesOf('AWS::IoT::TopicRule', 'RuleName');
    for (const name of ['rule-failing', 'message-lost'])
      expect(alarms[name]?.Metrics?.[0]?.Expression).toMatch(new RegExp(`FROM "AWS/IoT" WHERE RuleName = '${rule}'$`));
  });

  test('cover every dead-letter queue', () => {
    const watched = Object.values(alarms).flatMap(alarm =>
      metricsOf(alarm).map(({ dimensions }) => dimensions.QueueName),
    );
    // Each stack has its own `Failures`, so the queues are counted instead of named.
    const queues = Object.values(main.templates).flatMap(template =>
      Object.keys(resourcesOf(template, 'AWS::SQS::Queue')),
    );
    expect(watched.filter(name => name !== undefined)).toHaveLength(queues.length);
  });

  test('cover every function, directly or through its dead-letter queue', () => {
    const dimensions = Object.values(alarms).flatMap(alarm => metricsOf(alarm).map(watched => watched.dimensions));
    // The description of the CDK's own function, which empties buckets, is computed.
    const functions = Object.entries(deployed('AWS::Lambda::Function')).filter(
      ([, { Properties }]) => typeof Properties.Description === 'string',
    );
    const forgotten = functions.filter(([id, { Properties }]) => {
      const { TargetArn } = (filledIn(Properties.DeadLetterConfig, main.templates) ?? {}) as { TargetArn?: string };
      const queue = TargetArn?.replace(/\.Arn$/, '.QueueName');
      return !dimensions.some(
        ({ FunctionName, QueueName }) => FunctionName === id || (queue !== undefined && QueueName === queue),
      );
    });
    expect(functions).toHaveLength(Object.keys(HANDLER_SETTINGS).length);
    expect(forgotten.map(([id]) => id)).toEqual([]);
  });

  test('read the metrics that the transform writes', () => {
    const { _aws, ...line } = JSON.parse(batchMetric([], 'main', Date.UTC(2026, 10, 21)));
    const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
    const watched = metricsOf(alarms['rejects-high'] as Alarm);
    expect(watched.map(({ name }) => name).sort()).toEqual(
      Metrics.map(({ Name }: { Name: string }) => `${Namespace} ${Name}`).sort(),
    );
    for (const { dimensions } of watched)
      expect(dimensions).toEqual(Object.fromEntries(Dimensions[0].map((name: string) => [name, line[name]])));
  });

  test('use the stage that the transform gets', async () => {
    const { templates } = await trialDeployment();
    const told = onlyResource(templates.ingest, 'AWS::Lambda::Function').Properties.Environment;
    expect(told).toMatchObject({ Variables: { SLUICE_STAGE: 'trial' } });
  });
});

/**
 * The services that may encrypt and decrypt with the deployment's key, each with its source. CloudWatch Logs has none.
 */
function usersOfKey({ templates }: Synthesized): string[] {
  const { KeyPolicy } = onlyResource(templates.foundation, 'AWS::KMS::Key').Properties;
  const { Statement } = filledIn(KeyPolicy, templates) as {
    Statement: { Action: string | string[]; Principal: { Service?: string }; Condition?: Condition }[];
  };
  return Statement.flatMap(({ Action, Principal: { Service }, Condition }) => {
    const source = Condition?.ArnLike?.['aws:SourceArn'];
    const mayUse = ['kms:Decrypt', 'kms:GenerateDataKey'].every(action => Action.includes(action));
    return Service !== undefined && source !== undefined && mayUse ? [`${Service} ${source}`] : [];
  });
}

interface Condition {
  ArnLike?: Record<string, string>;
}

describe('the topic', () => {
  test('is encrypted, refuses calls without TLS, and accepts only the alarms of this stage', () => {
    expect(onlyResource(operations, 'AWS::SNS::Topic').Properties).toHaveProperty('KmsMasterKeyId');
    const policy = filledIn(
      onlyResource(operations, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument,
      main.templates,
    );
    const { Statement } = policy as { Statement: Record<string, unknown>[] };
    expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toMatchObject([
      {
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:sluice-main-*' },
        },
      },
    ]);
    expect(Statement.filter(({ Effect }) => Effect === 'Deny')).toMatchObject([
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
  });

  test('gets messages from alarms with its encryption key, which also encrypts its undelivered mails', async () => {
    const account = 'eu-central-1:111122223333';
    const alarmsOf = (stage: string) =>
      `cloudwatch.amazonaws.com arn:aws:cloudwatch:${account}:alarm:sluice-${stage}-*`;
    const mailsOf = (stage: string) => `sns.amazonaws.com arn:aws:sns:${account}:sluice-${stage}-operations-*`;
    for (const synthesized of [main, await trialDeployment()]) {
      const { stage } = synthesized.deployment;
      expect(usersOfKey(synthesized)).toEqual([alarmsOf(stage), mailsOf(stage)]);
    }
  });

  test('has no subscription without an address', () => {
    expect(resourcesOf(operations, 'AWS::SNS::Subscription')).toEqual({});
  });

  test('sends mail to the address, and keeps what could not be delivered', {
    timeout: SYNTHESIS_TIMEOUT_MS,
  }, async () => {
    const { templates } = await synthesize({ alarmEmail: 'ops@example.com' });
    const mail = filledIn(onlyResource(templates.operations, 'AWS::SNS::Subscription').Properties, templates);
    const [queueId] = Object.keys(resourcesOf(templates.reports, 'AWS::SQS::Queue'));
    expect(mail).toMatchObject({
      Protocol: 'email',
      Endpoint: 'ops@example.com',
      RedrivePolicy: { deadLetterTargetArn: `${queueId}.Arn` },
    });
    const policy = onlyResource(templates.reports, 'AWS::SQS::QueuePolicy').Properties.PolicyDocument;
    expect(filledIn(policy, templates)).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' } }),
      ]),
    });
  });
});

test('the dashboard has the region in its name, because dashboards of an account have no region', () => {
  const { DashboardName } = onlyResource(operations, 'AWS::CloudWatch::Dashboard').Properties;
  expect(filledIn(DashboardName, main.templates)).toBe('sluice-main-eu-central-1');
});

test('the dashboard shows every alarm, and graphs of existing metrics', () => {
  const body = filledIn(
    onlyResource(operations, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody,
    main.templates,
  );
  const { widgets } = JSON.parse(String(body)) as { widgets: { type: string; properties: Record<string, unknown> }[] };
  const shown = widgets.filter(({ type }) => type === 'alarm').flatMap(({ properties }) => properties.alarms);
  expect(shown).toHaveLength(Object.keys(alarms).length);
  const graphs = widgets.filter(({ type }) => type === 'metric');
  expect(graphs.length).toBeGreaterThan(10);
  for (const { properties } of graphs) expect(JSON.stringify(properties.metrics)).toContain('"label"');
});

test('the parameter of the stage tells the command its names, its API and its contract', () => {
  const { Name, Value } = onlyResource(operations, 'AWS::SSM::Parameter').Properties;
  expect(Name).toBe('/sluice/main/deployment');
  const [stateMachine = ''] = Object.keys(deployed('AWS::StepFunctions::StateMachine'));
  // Values that only AWS knows are logical ids here; for the state machine it is an ARN.
  const machineArn = 'arn:aws:states:::stateMachine:x';
  const text = String(filledIn(Value, main.templates)).replace(stateMachine, machineArn);
  const published = parseDeployment(text, 'main');
  expect(published).toMatchObject({
    stage: 'main',
    devicePolicy: onlyResource(main.templates.ingest, 'AWS::IoT::Policy').Properties.PolicyName,
    contractKey: contractKey(main.deployment.contract),
    backfillStateMachineArn: machineArn,
    names: {
      ...{ database: 'sluice_main', workGroup: 'sluice-main', hotTable: 'sluice-main-hot' },
      ...{ stream: 'sluice-main-readings', deliveryStream: 'sluice-main-delivery' },
    },
  });
  const [bucket, results] = ['Lake', 'Results'].map(name =>
    Object.keys(deployed('AWS::S3::Bucket')).find(id => id.startsWith(name)),
  );
  expect([published.names.bucket, published.names.resultsLocation]).toEqual([bucket, `s3://${results}/results/`]);
  const [api] = Object.keys(deployed('AWS::ApiGateway::RestApi'));
  const [stage] = Object.keys(deployed('AWS::ApiGateway::Stage'));
  expect(published.apiUrl).toBe(`https://${api}.execute-api.eu-central-1.amazonaws.com/${stage}/`);
  expect(Object.keys(deployed('AWS::ApiGateway::ApiKey'))).toEqual([published.apiKeyId]);
});
