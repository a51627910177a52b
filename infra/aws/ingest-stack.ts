import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnPolicy, CfnProvisioningTemplate, CfnTopicRule } from 'aws-cdk-lib/aws-iot';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { iotRuleSql } from '../../contract/envelope.ts';
import { PREFIX } from '../../contract/table.ts';
import type { CatalogStack } from './catalog-stack.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { DeliveryStream } from './delivery-stream.ts';
import { type Deployment, stackProps } from './deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { allow, useKey } from './grants.ts';
import { devicePolicy, provisioningTemplate } from './iot-policy.ts';
import { ServiceRole } from './service-role.ts';

/** Covers a weekend; the hot path's consumer retries for the same time. */
export const STREAM_RETENTION = Duration.days(3);
/** The SQL version in which `encode(*, 'base64')` accepts a message with any bytes. */
const SQL_VERSION = '2016-03-23';

/**
 * From a device's message to the two streams: the topic rule sends each message to Kinesis (the hot path) and to
 * Firehose (the lake). Topics belong to the account: two stages with the same topic both get every message.
 */
export class IngestStack extends Stack {
  readonly stream: Stream;
  readonly delivery: DeliveryStream;
  readonly topicRule: CfnTopicRule;
  readonly devicePolicy: CfnPolicy;
  /** Failed asynchronous calls of the transform. Firehose calls synchronously, so such a call was made by hand. */
  readonly failures: Queue;
  readonly #deployment: Deployment;
  readonly #foundation: FoundationStack;

  constructor(scope: Construct, deployment: Deployment, foundation: FoundationStack, catalog: CatalogStack) {
    super(scope, 'ingest', stackProps(deployment, 'ingest', 'from the devices to the streams and the lake'));
    this.#deployment = deployment;
    this.#foundation = foundation;
    const { key, lake } = foundation;
    this.failures = deadLetterQueue(this, 'Failures', key);
    this.stream = new Stream(this, 'Readings', {
      streamName: deployment.names.stream,
      streamMode: StreamMode.ON_DEMAND,
      retentionPeriod: STREAM_RETENTION,
      // The AWS managed key of Kinesis: AWS Solutions asks for a customer managed key only if compliance requires it.
      encryption: StreamEncryption.MANAGED,
      // The stream only passes data on to the lake, which has it too.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.delivery = new DeliveryStream(this, 'Delivery', {
      deployment,
      key,
      lake,
      deadLetterQueue: this.failures,
      catalog,
    });
    this.topicRule = this.#topicRule();
    this.devicePolicy = new CfnPolicy(this, 'DevicePolicy', {
      policyName: deployment.names.devicePolicy,
      policyDocument: devicePolicy(deployment.contract, resource => this.#iotArn(resource)),
    });
    this.#provisioning();
  }

  /**
   * One message, two actions, each with its own role; messages that an action could not take go to the errors prefix.
   */
  #topicRule(): CfnTopicRule {
    const { contract, names, stage } = this.#deployment;
    const { key, lake } = this.#foundation;
    const toStream = this.#ruleRole('ToStream', 'put readings into the stream', [
      allow(['kinesis:PutRecord'], [this.stream.streamArn]),
    ]);
    const toDelivery = this.#ruleRole('ToDelivery', 'put readings into the delivery stream', [
      allow(['firehose:PutRecord'], [this.delivery.arn]),
    ]);
    const toErrors = this.#ruleRole('ToErrors', 'keep messages that an action could not take', [
      allow(['s3:PutObject'], [lake.arnForObjects(`${RULE_ERRORS}*`)]),
      useKey(key, 's3', ['kms:GenerateDataKey']),
    ]);
    return new CfnTopicRule(this, 'TopicRule', {
      ruleName: names.topicRule,
      topicRulePayload: {
        description: `Sluice (${stage}): every message, as it came, to the hot path and to the lake`,
        awsIotSqlVersion: SQL_VERSION,
        sql: iotRuleSql(contract),
        actions: [
          {
            kinesis: {
              streamName: this.stream.streamName,
              // Keeps the readings of a device in order.
              partitionKey: `\${topic()}`,
              roleArn: toStream.role.roleArn,
            },
          },
          {
            firehose: {
              deliveryStreamName: this.delivery.stream.ref,
              separator: '\n',
              roleArn: toDelivery.role.roleArn,
            },
          },
        ],
        errorAction: { s3: { bucketName: lake.bucketName, key: RULE_ERROR_KEY, roleArn: toErrors.role.roleArn } },
      },
    });
  }

  /**
   * Large fleets get their certificates by fleet provisioning: an installer's tool, signed in to AWS, requests a claim
   * that is valid for 5 minutes (`aws iot create-provisioning-claim`), and the device exchanges it for its own
   * certificate. The firmware contains no secret. A claim embedded in firmware would need a pre-provisioning hook
   * first: without one, whoever extracts it can take the name of any device.
   */
  #provisioning(): void {
    const { names, stage } = this.#deployment;
    const role = new ServiceRole(this, 'Provisioning', {
      service: 'iot.amazonaws.com',
      sourceArn: this.#iotArn('*'),
      // AWS IoT tests the role when the template is created, and its guide promises a source only for rules.
      sourceAlwaysKnown: false,
      description: `Sluice (${stage}): make things of devices, and give their certificates the device policy`,
      statements: [
        // The template ends in one RegisterThing call with this role; that action does not support resource-level
        // permissions.
        allow(['iot:RegisterThing'], ['*']),
        allow(
          ['iot:CreateThing', 'iot:DescribeThing', 'iot:ListThingGroupsForThing', 'iot:UpdateThing'],
          [this.#iotArn('thing/*')],
        ),
        allow(['iot:DescribeCertificate', 'iot:UpdateCertificate'], [this.#iotArn('cert/*')]),
        allow(['iot:AttachThingPrincipal'], [this.#iotArn('cert/*'), this.#iotArn('thing/*')]),
        // Old and new name of the same permission; the roles that AWS publishes have the old one.
        allow(['iot:AttachPolicy', 'iot:AttachPrincipalPolicy'], [this.#iotArn('cert/*')]),
        allow(['iot:GetPolicy'], [this.#iotArn(`policy/${names.devicePolicy}`)]),
      ],
    });
    const template = new CfnProvisioningTemplate(this, 'ProvisioningTemplate', {
      templateName: names.provisioningTemplate,
      templateType: 'FLEET_PROVISIONING',
      description: `Sluice (${stage}): a thing, its certificate and its policy for each device`,
      enabled: true,
      provisioningRoleArn: role.role.roleArn,
      templateBody: JSON.stringify(provisioningTemplate(names.devicePolicy)),
    });
    template.addResourceDependency(this.devicePolicy);
  }

  #ruleRole(id: string, purpose: string, statements: PolicyStatement[]): ServiceRole {
    const { names, stage } = this.#deployment;
    return new ServiceRole(this, id, {
      service: 'iot.amazonaws.com',
      sourceArn: this.#iotArn(`rule/${names.topicRule}`),
      description: `Sluice (${stage}): ${purpose}`,
      statements,
    });
  }

  #iotArn(resource: string): string {
    return `arn:${Aws.PARTITION}:iot:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
  }
}

/**
 * Objects of the topic rule's error action, one for each message that an action could not take: JSON with `topic`,
 * `clientId`, `base64OriginalPayload` and `failures` (AWS IoT Developer Guide, "Error handling"). The other action may
 * have taken the message. The date is the arrival date in UTC.
 */
const RULE_ERRORS = `${PREFIX.errors}topic-rule/`;
const RULE_ERROR_KEY = `${RULE_ERRORS}dt=\${parse_time("yyyy-MM-dd", timestamp(), "UTC")}/\${newuuid()}.json`;
