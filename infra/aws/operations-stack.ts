import { Aws, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { contractKey } from '../../contract/contract-key.ts';
import { alarmProps, alarmRules } from './alarms.ts';
import type { CatalogStack } from './catalog-stack.ts';
import { DeploymentDashboard } from './dashboard.ts';
import { type Deployment, stackProps } from './deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { metricsOf, type Watched } from './metrics.ts';
import { deploymentParameter, type PublishedDeployment } from './published-deployment.ts';

export interface OperationsProps extends Watched {
  foundation: FoundationStack;
  catalog: CatalogStack;
}

/**
 * The last stack: the alarms and their topic, the dashboard, and the parameter by which `sluice … --aws` finds the
 * stage.
 */
export class OperationsStack extends Stack {
  readonly topic: Topic;

  constructor(scope: Construct, props: OperationsProps) {
    const { deployment, foundation } = props;
    super(
      scope,
      'operations',
      stackProps(deployment, 'operations', 'alarms, a dashboard, and what the command looks up'),
    );
    const { alarmEmail } = deployment.settings;
    this.topic = this.#topic(deployment, foundation.key);
    const mails = this.#mails(deployment, foundation.key);
    if (alarmEmail !== undefined) this.#subscribe(alarmEmail, mails, props);
    const metrics = metricsOf(props);
    const alarms = Object.entries(alarmRules(deployment.settings)).map(([name, rule]) => {
      const alarm = new Alarm(this, name, {
        alarmName: `sluice-${deployment.stage}-${name}`,
        ...alarmProps(rule, metrics[rule.metric]),
      });
      const action = new SnsAction(this.topic);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    new DeploymentDashboard(this, 'Dashboard', { deployment, metrics, alarms });
    new StringParameter(this, 'Published', {
      parameterName: deploymentParameter(deployment.stage),
      description: `Sluice (${deployment.stage}): what sluice --aws looks up`,
      stringValue: this.toJsonString(publishedDeployment(props)),
    });
  }

  #topic({ stage }: Deployment, key: IKey): Topic {
    const topic = new Topic(this, 'Alarms', {
      displayName: `Sluice (${stage})`,
      masterKey: key,
      enforceSSL: true,
    });
    // Only the alarms of this stage, not everyone who knows the topic's name.
    const service = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: onlyFor(`cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:sluice-${stage}-*`),
    });
    // Not grantPublish, which also lets the service use the key for `kms:GenerateDataKey*`.
    topic.addToResourcePolicy(
      new PolicyStatement({ principals: [service], actions: ['sns:Publish'], resources: [topic.topicArn] }),
    );
    letUse(key, service);
    return topic;
  }

  /**
   * SNS may use the key with or without an address: the key is deployed before the guard can refuse to remove the
   * address.
   */
  #mails({ stage }: Deployment, key: IKey): ServicePrincipal {
    const service = new ServicePrincipal('sns.amazonaws.com', {
      // CloudFormation names the topic after this stack.
      conditions: onlyFor(`sns:${Aws.REGION}:${Aws.ACCOUNT_ID}:sluice-${stage}-operations-*`),
    });
    letUse(key, service);
    return service;
  }

  /** Mails that SNS could not deliver share the queue of failed reports: in both cases, somebody was not notified. */
  #subscribe(email: string, service: ServicePrincipal, { reports }: OperationsProps): void {
    reports.failures.addToResourcePolicy(
      new PolicyStatement({
        principals: [service],
        actions: ['sqs:SendMessage'],
        resources: [reports.failures.queueArn],
      }),
    );
    new CfnSubscription(this, 'Email', {
      topicArn: this.topic.topicArn,
      protocol: 'email',
      endpoint: email,
      redrivePolicy: { deadLetterTargetArn: reports.failures.queueArn },
    });
  }
}

/** Prevents the confused deputy problem: a service acts only for resources of this account. */
function onlyFor(source: string) {
  return {
    StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:${source}` },
  };
}

function letUse(key: IKey, service: ServicePrincipal): void {
  key.addToResourcePolicy(
    new PolicyStatement({ principals: [service], actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }),
  );
}

function publishedDeployment(props: OperationsProps): PublishedDeployment {
  const { deployment, foundation, catalog, serving, backfill } = props;
  const { database, workGroup, hotTable, stream, deliveryStream } = deployment.names;
  return {
    version: 1,
    stage: deployment.stage,
    names: {
      bucket: foundation.lake.bucketName,
      database,
      workGroup,
      resultsLocation: catalog.resultsLocation,
      hotTable,
      stream,
      deliveryStream,
    },
    apiUrl: serving.api.api.url,
    apiKeyId: serving.api.apiKey.keyId,
    devicePolicy: deployment.names.devicePolicy,
    backfillStateMachineArn: backfill.stateMachine.stateMachineArn,
    contractKey: contractKey(deployment.contract),
  };
}
