import { beforeAll, describe, expect, test } from 'vitest';
import { wrapMessage } from '../../../contract/envelope.ts';
import { createTransform } from '../../../transform/firehose.ts';
import { contract } from '../../workshop-contract.ts';
import {
  defaultDeployment,
  filledIn,
  onlyResource,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  type Template,
} from './synth.ts';

interface Hints {
  SizeInMBs: number;
  IntervalInSeconds: number;
}

/** The part of the delivery stream's destination that the tests read; the rest is compared as it is. */
interface Destination {
  BufferingHints: Hints;
  S3BackupConfiguration: { BufferingHints: Hints };
  ProcessingConfiguration: {
    Processors: { Type: string; Parameters: { ParameterName: string; ParameterValue: unknown }[] }[];
  };
}

let templates: Record<string, Template>;
let ingest: Template;
beforeAll(async () => {
  const deployed = await defaultDeployment();
  templates = deployed.templates;
  ingest = deployed.templates.ingest;
}, SYNTHESIS_TIMEOUT_MS);

function only(type: string): Record<string, unknown> {
  return filledIn(onlyResource(ingest, type).Properties, templates) as Record<string, unknown>; // of an object, an object
}

/** The role ARN of a construct. */
function roleOf(construct: string) {
  return expect.stringMatching(new RegExp(`^${construct}Role[0-9A-F]{8}\\.Arn$`));
}

describe('the topic rule', () => {
  test('sends every message, unchanged, to the stream and to the delivery stream', () => {
    expect(only('AWS::IoT::TopicRule')).toMatchObject({
      RuleName: 'sluice_main_readings',
      TopicRulePayload: {
        AwsIotSqlVersion: '2016-03-23',
        Sql: "SELECT encode(*, 'base64') AS payload_base64, timestamp() AS received_at, topic() AS mqtt_topic FROM 'data/+'",
        Actions: [
          {
            Kinesis: {
              StreamName: expect.stringMatching(/^Readings/),
              PartitionKey: `\${topic()}`,
              RoleArn: roleOf('ToStream'),
            },
          },
          {
            Firehose: {
              DeliveryStreamName: expect.stringMatching(/^DeliveryStream/),
              Separator: '\n',
              RoleArn: roleOf('ToDelivery'),
            },
          },
        ],
      },
    });
    expect(only('AWS::IoT::TopicRule').TopicRulePayload).not.toMatchObject({ RuleDisabled: true });
  });
  test('keeps what an action could not take under errors/, by arrival date', () => {
    expect(only('AWS::IoT::TopicRule')).toMatchObject({
      TopicRulePayload: {
        ErrorAction: {
          S3: {
            BucketName: expect.stringMatching(/^Lake/),
            Key: `errors/topic-rule/dt=\${parse_time("yyyy-MM-dd", timestamp(), "UTC")}/\${newuuid()}.json`,
            RoleArn: roleOf('ToErrors'),
          },
        },
      },
    });
  });
  test('has a role for each of its actions, which may do that and nothing else', () => {
    const policies = Object.entries(resourcesOf(ingest, 'AWS::IAM::ManagedPolicy')).filter(([id]) =>
      id.startsWith('To'),
    );
    const actions = policies.map(([id, { Properties }]) => {
      const { Statement } = Properties.PolicyDocument as { Statement: { Action: string | string[] }[] };
      return [id.replace(/Policy\w+$/, ''), Statement.flatMap(({ Action }) => Action)];
    });
    expect(Object.fromEntries(actions)).toEqual({
      ToStream: ['kinesis:PutRecord'],
      ToDelivery: ['firehose:PutRecord'],
      ToErrors: ['s3:PutObject', 'kms:GenerateDataKey'],
    });
  });
});

test('the stream accepts the load, encrypted, and keeps it over a weekend', () => {
  expect(only('AWS::Kinesis::Stream')).toMatchObject({
    Name: 'sluice-main-readings',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
    RetentionPeriodHours: 72,
  });
});

describe('the delivery stream', () => {
  const destination = () =>
    only('AWS::KinesisFirehose::DeliveryStream').ExtendedS3DestinationConfiguration as Destination;

  test('is written to directly, and encrypted', () => {
    expect(only('AWS::KinesisFirehose::DeliveryStream')).toMatchObject({
      DeliveryStreamName: 'sluice-main-delivery',
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK' },
    });
  });
  test('puts Parquet under the event date, sources under raw/ and failures under errors/', () => {
    const errors = 'errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/';
    expect(destination()).toMatchObject({
      Prefix: 'readings/dt=!{partitionKeyFromLambda:dt}/',
      FileExtension: '.parquet',
      ErrorOutputPrefix: errors,
      CompressionFormat: 'UNCOMPRESSED',
      DynamicPartitioningConfiguration: { Enabled: true },
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: {
        Prefix: 'raw/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
        ErrorOutputPrefix: errors,
        CompressionFormat: 'GZIP',
      },
    });
  });
  test('sends each record through the transform, and converts its rows to the Parquet of the table, with its own role', () => {
    const role = roleOf('DeliveryAccess');
    expect(destination()).toMatchObject({
      RoleARN: role,
      ProcessingConfiguration: { Enabled: true },
      DataFormatConversionConfiguration: {
        Enabled: true,
        // The transform writes `YYYY-MM-DD HH:MM:SS.mmm`, which Hive's reader accepts as is.
        InputFormatConfiguration: { Deserializer: { HiveJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
        SchemaConfiguration: { RoleARN: role },
      },
    });
    expect(Object.fromEntries(processorParameters(destination()))).toMatchObject({ RoleArn: role });
    expect(JSON.stringify(destination())).toContain('"Deserializer":{"HiveJsonSerDe":{}}');
  });
  test("writes only to the lake, with the deployment's key, and logs failures", () => {
    const where = {
      BucketARN: expect.stringMatching(/^Lake[0-9A-F]{8}\.Arn$/),
      EncryptionConfiguration: {
        KMSEncryptionConfig: { AWSKMSKeyARN: expect.stringMatching(/^Key[0-9A-F]{8}\.Arn$/) },
      },
      CloudWatchLoggingOptions: { Enabled: true, LogGroupName: expect.stringMatching(/^DeliveryLogs/) },
    };
    expect(destination()).toMatchObject({ ...where, CustomTimeZone: 'UTC', S3BackupConfiguration: where });
    expect(destination()).toMatchObject({
      DynamicPartitioningConfiguration: { RetryOptions: { DurationInSeconds: 300 } },
    });
  });
  test('buffers within the limits of Firehose for dynamic partitions, and delivers within a few minutes', () => {
    const { BufferingHints, S3BackupConfiguration } = destination();
    for (const { SizeInMBs, IntervalInSeconds } of [BufferingHints, S3BackupConfiguration.BufferingHints]) {
      expect(SizeInMBs).toBeGreaterThanOrEqual(64);
      expect(SizeInMBs).toBeLessThanOrEqual(128);
      expect(IntervalInSeconds).toBeGreaterThanOrEqual(60);
      expect(IntervalInSeconds).toBeLessThanOrEqual(300);
    }
  });
  test('never passes the transform more of the shortest messages than it can answer', async () => {
    const parameters = Object.fromEntries(processorParameters(destination()));
    expect(parameters).toMatchObject({
      LambdaArn: expect.stringMatching(/^DeliveryTransformFunction\w+\.Arn$/),
      NumberOfRetries: '3',
      BufferIntervalInSeconds: '60',
    });
    const at = Date.UTC(2026, 10, 21, 12);
    const message = Buffer.from('{"DEVICE_NAME":"a","TIMESTAMP":"2026-11-21T12:00:00","TEMPERATURE":1}');
    const record = Buffer.from(`${wrapMessage('data/a', message, at)}\n`);
    const count = Math.floor((Number(parameters.BufferSizeInMBs) * 1024 * 1024) / record.length);
    const records = Array.from({ length: count }, (_, index) => ({
      // The same as Firehose's own.
      recordId: String(index).padStart(56, '0'),
      data: record.toString('base64'),
      approximateArrivalTimestamp: at,
    }));
    const event = { invocationId: '1', deliveryStreamArn: 'arn', region: 'eu-central-1', records };
    const answer = await createTransform(contract)(event);
    expect(new Set(answer.records.map(({ result }) => result))).toEqual(new Set(['Ok']));
    expect(JSON.stringify(answer).length).toBeLessThan(6_000_000);
  });
});

function processorParameters({ ProcessingConfiguration }: Destination): [string, unknown][] {
  const { Processors } = ProcessingConfiguration;
  expect(Processors.map(({ Type }) => Type)).toEqual(['Lambda']);
  return (Processors[0]?.Parameters ?? []).map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]);
}

test('a device is provisioned as the thing of its name, with the one device policy of the stage', () => {
  const template = only('AWS::IoT::ProvisioningTemplate');
  expect(template).toMatchObject({
    TemplateName: 'sluice-main-devices',
    TemplateType: 'FLEET_PROVISIONING',
    Enabled: true,
    ProvisioningRoleArn: roleOf('Provisioning'),
  });
  const { Parameters, Resources } = JSON.parse(String(template.TemplateBody));
  expect(Object.keys(Parameters)).toEqual(['ThingName', 'AWS::IoT::Certificate::Id']);
  expect(Resources).toMatchObject({
    thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'ThingName' } } },
    certificate: { Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'Active' } },
    policy: { Properties: { PolicyName: only('AWS::IoT::Policy').PolicyName } },
  });
});

test('fleet provisioning may register a thing, which is what it does with the role', () => {
  const policies = Object.entries(resourcesOf(ingest, 'AWS::IAM::ManagedPolicy'));
  const [, policy] = policies.find(([id]) => id.startsWith('ProvisioningPolicy')) ?? [];
  const { Statement } = filledIn(policy?.Properties.PolicyDocument, templates) as {
    Statement: { Action: string | string[]; Resource: string | string[] }[];
  };
  const on = (action: string) =>
    Statement.filter(({ Action }) => [Action].flat().includes(action))
      .flatMap(({ Resource }) => [Resource].flat())
      .map(resource => resource.replace(/^arn:aws:iot:eu-central-1:111122223333:/, ''));
  // The permissions that AWS's own solution gives such a role (Connected Mobility Solution on AWS,
  // `IoTClaimProvisioningStack`).
  for (const action of ['AttachPrincipalPolicy', 'AttachThingPrincipal', 'DescribeCertificate', 'UpdateCertificate'])
    expect(on(`iot:${action}`), action).toContain('cert/*');
  for (const action of ['CreateThing', 'DescribeThing', 'ListThingGroupsForThing', 'UpdateThing'])
    expect(on(`iot:${action}`), action).toContain('thing/*');
  expect(on('iot:RegisterThing')).toEqual(['*']);
});
