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

/** A weekend: the consumer of the hot path tries as long. */
export const STREAM_RETENTION = Duration.days(3);
/** The version in which `encode(*, 'base64')` takes a message of any bytes. */
const SQL_VERSION = '2016-03-23';

/**
 * From a device's message to the two streams: the topic rule fans each message out to Kinesis (the hot path) and to Firehose
 * (the lake). Topics belong to the account: of two stages with one topic, each gets every message of both.
 */
export class IngestStack extends Stack {
  readonly stream: Stream;
  readonly delivery: DeliveryStream;
  readonly topicRule: CfnTopicRule;
  readonly devicePolicy: CfnPolicy;
  /** Calls of the transform that nobody waited for, and that failed. Firehose waits, so that such a call was made by hand. */
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
      // Kinesis's own key of the account: AWS Solutions' rules want a customer's only where compliance asks for it.
      encryption: StreamEncryption.MANAGED,
      // A stream is on the way to the lake, and what it carries is there too.
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

  /** One message, two actions, and a role for each; what an action could not take goes to the errors prefix. */
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
              // Readings of one device stay in order.
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
   * Devices by the thousand get their certificates by fleet provisioning: an installer's tool, signed in to AWS, asks for a
   * claim that lives 5 minutes (`aws iot create-provisioning-claim`), and the device trades it for its own certificate. No
   * secret is burnt into the firmware. A claim that is needs a pre-provisioning hook first: without one, whoever reads it
   * out can take the name of any device.
   */
  #provisioning(): void {
    const { names, stage } = this.#deployment;
    const role = new ServiceRole(this, 'Provisioning', {
      service: 'iot.amazonaws.com',
      sourceArn: this.#iotArn('*'),
      // AWS IoT tries the role when the template is made, and its guide promises a source for rules only.
      sourceAlwaysKnown: false,
      description: `Sluice (${stage}): make things of devices, and give their certificates the device policy`,
      statements: [
        // What the template comes to is one call of RegisterThing, with this role; AWS knows no resource of it.
        allow(['iot:RegisterThing'], ['*']),
        allow(
          ['iot:CreateThing', 'iot:DescribeThing', 'iot:ListThingGroupsForThing', 'iot:UpdateThing'],
          [this.#iotArn('thing/*')],
        ),
        allow(['iot:DescribeCertificate', 'iot:UpdateCertificate'], [this.#iotArn('cert/*')]),
        allow(['iot:AttachThingPrincipal'], [this.#iotArn('cert/*'), this.#iotArn('thing/*')]),
        // One right by its old name and its new; the roles that AWS publishes have the old.
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
 * `clientId`, `base64OriginalPayload` and `failures` (AWS IoT Developer Guide, "Error handling"). The other action may have
 * taken the message. The date is that of its arrival, UTC.
 */
const RULE_ERRORS = `${PREFIX.errors}topic-rule/`;
const RULE_ERROR_KEY = `${RULE_ERRORS}dt=\${parse_time("yyyy-MM-dd", timestamp(), "UTC")}/\${newuuid()}.json`;
