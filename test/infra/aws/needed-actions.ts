/**
 * What CloudFormation calls for each resource type, and on what: the permissions of the type's create, read, update and
 * delete handlers in the CloudFormation registry schemas (as of August 2026), without those for properties that the
 * stacks do not set. Types without handlers there (`AWS::Glue::Table`) follow their API. The names have the form that
 * CloudFormation would give.
 */
import type { Target } from '../../../infra/aws/deployer-policy.ts';

export interface Need {
  actions: string[];
  arn: (target: Target) => string;
  /** Condition keys of the request. */
  context?: (target: Target) => Record<string, string>;
}

type Arn = Need['arn'];

/** `regional('sqs', stage => …)`: an ARN with region and account. */
function regional(service: string, resource: (stage: string) => string): Arn {
  return ({ account, region, stage }) => `arn:aws:${service}:${region}:${account}:${resource(stage)}`;
}

function need(service: string, actions: string, arn: Arn, context?: Need['context']): Need {
  const all = actions
    .trim()
    .split(/\s+/)
    .map(action => `${service}:${action}`);
  return { actions: all, arn, ...(context === undefined ? {} : { context }) };
}

const TAGS = 'ListTagsForResource TagResource UntagResource';
const anything: Arn = () => '*';
const key = regional('kms', () => 'key/8e2f6d3c-0000-4000-8000-000000000000');
const bucket: Arn = ({ stage }) => `arn:aws:s3:::sluice-${stage}-foundation-lake2f0c1b7d-abc123`;
const role: Arn = ({ account, stage }) => `arn:aws:iam::${account}:role/sluice-${stage}-ingest-AccessRole-AbC123`;
const policy: Arn = ({ account, stage }) => `arn:aws:iam::${account}:policy/sluice-${stage}-ingest-AccessPolicy-AbC`;
const lambda = regional('lambda', stage => `function:sluice-${stage}-serving-Function-AbC123`);
const topicRule = regional('iot', stage => `rule/sluice_${stage}_readings`);
const devicePolicy = regional('iot', stage => `policy/sluice-${stage}-device`);
const template = regional('iot', stage => `provisioningtemplate/sluice-${stage}-devices`);
const stream = regional('kinesis', stage => `stream/sluice-${stage}-readings`);
const delivery = regional('firehose', stage => `deliverystream/sluice-${stage}-delivery`);
const table = regional('dynamodb', stage => `table/sluice-${stage}-hot`);
const queue = regional('sqs', stage => `sluice-${stage}-serving-Failures-AbC123`);
const workGroup = regional('athena', stage => `workgroup/sluice-${stage}`);
const webAcl = regional('wafv2', stage => `regional/webacl/sluice-${stage}/0123abcd`);
const topic = regional('sns', stage => `sluice-${stage}-operations-Topic-AbC123`);
const alarm = regional('cloudwatch', stage => `alarm:sluice-${stage}-operations-Alarm-AbC123`);
const dashboard: Arn = ({ account, region, stage }) =>
  `arn:aws:cloudwatch::${account}:dashboard/sluice-${stage}-${region}`;
const machine = regional('states', stage => `stateMachine:sluice-${stage}-backfill-AbC123`);
const schedule = regional('scheduler', stage => `schedule/default/sluice-${stage}-reports-Daily-AbC123`);
const parameter = regional('ssm', stage => `parameter/sluice/${stage}/deployment`);
const api =
  (path: string): Arn =>
  ({ region }) =>
    `arn:aws:apigateway:${region}::${path}`;

function pass(service: string): Need {
  return need('iam', 'PassRole', role, () => ({ 'iam:PassedToService': `${service}.amazonaws.com` }));
}

function keyThrough(service: string, actions: string): Need {
  return need('kms', actions, key, ({ region }) => ({ 'kms:ViaService': `${service}.${region}.amazonaws.com` }));
}

const LOG_GROUP = `CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey
  GetDataProtectionPolicy ${TAGS}`;
const LOG_DELIVERY = 'CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries';
const CRUD = 'POST GET PUT PATCH DELETE';

const API_PARTS = {
  Deployment: 'deployments/d1',
  Stage: 'stages/main',
  Resource: 'resources/r1',
  Method: 'resources/r1/methods/GET',
  RequestValidator: 'requestvalidators/v1',
  GatewayResponse: 'gatewayresponses/DEFAULT_4XX',
};

/** By resource type. */
export const NEEDED: Record<string, Need[]> = {
  'AWS::KMS::Key': [
    need('kms', 'CreateKey', anything),
    need(
      'kms',
      `DescribeKey EnableKeyRotation DisableKeyRotation GetKeyPolicy GetKeyRotationStatus ListResourceTags PutKeyPolicy
      ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription`,
      key,
    ),
  ],
  'AWS::KMS::Alias': [
    need('kms', 'ListAliases', anything),
    need('kms', 'CreateAlias DeleteAlias UpdateAlias', key),
    need(
      'kms',
      'CreateAlias DeleteAlias UpdateAlias',
      regional('kms', stage => `alias/sluice-${stage}-0123abcd`),
    ),
  ],
  'AWS::S3::Bucket': [
    need(
      's3',
      `CreateBucket DeleteBucket ListBucket GetBucketAcl GetBucketTagging PutBucketTagging GetBucketVersioning
      PutBucketVersioning GetEncryptionConfiguration PutEncryptionConfiguration GetLifecycleConfiguration
      PutLifecycleConfiguration GetBucketPublicAccessBlock PutBucketPublicAccessBlock GetBucketOwnershipControls
      PutBucketOwnershipControls GetBucketLogging PutBucketLogging GetBucketNotification GetBucketCORS GetBucketWebsite
      GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketObjectLockConfiguration
      GetIntelligentTieringConfiguration GetInventoryConfiguration GetMetricsConfiguration GetReplicationConfiguration
      ${TAGS}`,
      bucket,
    ),
  ],
  'AWS::S3::BucketPolicy': [need('s3', 'GetBucketPolicy PutBucketPolicy DeleteBucketPolicy', bucket)],
  'AWS::Glue::Database': ['catalog', 'database/sluice_'].map(place =>
    need('glue', 'CreateDatabase DeleteDatabase GetDatabase UpdateDatabase', glue(place)),
  ),
  'AWS::Glue::Table': ['catalog', 'database/sluice_', 'table/sluice_'].map(place =>
    need('glue', 'CreateTable DeleteTable GetTable UpdateTable', glue(place)),
  ),
  'AWS::Athena::WorkGroup': [
    need('athena', `CreateWorkGroup DeleteWorkGroup GetWorkGroup UpdateWorkGroup ${TAGS}`, workGroup),
    need('s3', 'GetBucketLocation ListBucket', bucket),
  ],
  'AWS::Athena::NamedQuery': [
    need('athena', 'CreateNamedQuery DeleteNamedQuery GetNamedQuery UpdateNamedQuery', workGroup),
  ],
  'AWS::IoT::TopicRule': [
    need('iot', `CreateTopicRule DeleteTopicRule GetTopicRule ReplaceTopicRule ${TAGS}`, topicRule),
    pass('iot'),
  ],
  'AWS::IoT::Policy': [
    need(
      'iot',
      `CreatePolicy DeletePolicy GetPolicy CreatePolicyVersion DeletePolicyVersion ListPolicyVersions
      SetDefaultPolicyVersion ${TAGS}`,
      devicePolicy,
    ),
  ],
  'AWS::IoT::ProvisioningTemplate': [
    need(
      'iot',
      `CreateProvisioningTemplate DeleteProvisioningTemplate DescribeProvisioningTemplate UpdateProvisioningTemplate
      CreateProvisioningTemplateVersion DeleteProvisioningTemplateVersion ListProvisioningTemplateVersions ${TAGS}`,
      template,
    ),
    pass('iot'),
    need('iam', 'GetRole', role),
  ],
  'AWS::Kinesis::Stream': [
    need(
      'kinesis',
      `CreateStream DeleteStream DescribeStream DescribeStreamSummary AddTagsToStream ListTagsForStream
      RemoveTagsFromStream StartStreamEncryption StopStreamEncryption IncreaseStreamRetentionPeriod
      DecreaseStreamRetentionPeriod ${TAGS}`,
      stream,
    ),
  ],
  'AWS::KinesisFirehose::DeliveryStream': [
    need(
      'firehose',
      `CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream UpdateDestination StartDeliveryStreamEncryption
      StopDeliveryStreamEncryption ListTagsForDeliveryStream TagDeliveryStream UntagDeliveryStream`,
      delivery,
    ),
    pass('firehose'),
    keyThrough('firehose', 'CreateGrant RevokeGrant'),
    need('kms', 'DescribeKey', key),
    need('iam', 'GetRole', role),
  ],
  'AWS::Lambda::Function': [
    need(
      'lambda',
      `CreateFunction DeleteFunction GetFunction GetFunctionConfiguration UpdateFunctionCode UpdateFunctionConfiguration
      GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetFunctionScalingConfig GetRuntimeManagementConfig
      PutFunctionConcurrency DeleteFunctionConcurrency ListTags TagResource UntagResource`,
      lambda,
    ),
    pass('lambda'),
    need('s3', 'GetObject GetObjectVersion', ({ account, region }) => {
      return `arn:aws:s3:::cdk-hnb659fds-assets-${account}-${region}/0123abcd.zip`;
    }),
  ],
  'AWS::Lambda::Permission': [need('lambda', 'AddPermission RemovePermission GetPolicy', lambda)],
  'AWS::Lambda::EventSourceMapping': [
    need('lambda', 'CreateEventSourceMapping', anything, target => ({ 'lambda:FunctionArn': lambda(target) })),
    need(
      'lambda',
      'DeleteEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping ListTags TagResource UntagResource',
      regional('lambda', () => 'event-source-mapping:0123abcd'),
    ),
  ],
  // If data is to be removed, a CDK function empties the buckets; CloudFormation calls it.
  'Custom::S3AutoDeleteObjects': [
    need('lambda', 'InvokeFunction', lambda),
    need('iam', 'AttachRolePolicy', role, () => ({
      'iam:PolicyARN': 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    })),
  ],
  'Custom::SluiceContract': [need('lambda', 'InvokeFunction', lambda)],
  'AWS::IAM::Role': [
    need(
      'iam',
      `CreateRole DeleteRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole
      ListRolePolicies ListAttachedRolePolicies GetRolePolicy`,
      role,
    ),
    need('iam', 'AttachRolePolicy DetachRolePolicy', role, target => ({ 'iam:PolicyARN': policy(target) })),
  ],
  'AWS::IAM::ManagedPolicy': [
    need(
      'iam',
      `CreatePolicy DeletePolicy GetPolicy CreatePolicyVersion DeletePolicyVersion GetPolicyVersion ListPolicyVersions
      ListEntitiesForPolicy`,
      policy,
    ),
    need('iam', 'AttachRolePolicy DetachRolePolicy', role, target => ({ 'iam:PolicyARN': policy(target) })),
  ],
  'AWS::Logs::LogGroup': [
    ...[
      ...['sluice-main-ingest-Logs-AbC', 'aws-waf-logs-sluice-main', 'API-Gateway-Execution-Logs_a1b2c3/main'],
      '/aws/vendedlogs/states/sluice-main-backfill',
    ].map(name => need('logs', LOG_GROUP, logGroup(name))),
    need('logs', 'DescribeLogGroups DescribeIndexPolicies DescribeResourcePolicies', anything),
  ],
  'AWS::Logs::LogStream': [
    need('logs', 'CreateLogStream DeleteLogStream DescribeLogStreams', logGroup('sluice-main-ingest-Logs-AbC:*')),
  ],
  'AWS::DynamoDB::Table': [
    need(
      'dynamodb',
      `CreateTable DeleteTable DescribeTable UpdateTable DescribeContinuousBackups UpdateContinuousBackups
      DescribeTimeToLive UpdateTimeToLive DescribeContributorInsights DescribeKinesisStreamingDestination
      GetResourcePolicy ListTagsOfResource TagResource UntagResource`,
      table,
    ),
    keyThrough('dynamodb', 'CreateGrant RevokeGrant Decrypt Encrypt GenerateDataKey'),
    need('kms', 'DescribeKey', key),
  ],
  'AWS::SQS::Queue': [
    need(
      'sqs',
      `CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl SetQueueAttributes ListQueueTags TagQueue UntagQueue`,
      queue,
    ),
  ],
  'AWS::SQS::QueuePolicy': [need('sqs', 'SetQueueAttributes', queue)],
  'AWS::ApiGateway::Account': [
    need('apigateway', 'GET PATCH', api('/account')),
    pass('apigateway'),
    need('iam', 'GetRole', role),
  ],
  'AWS::ApiGateway::RestApi': [
    need('apigateway', 'POST', api('/restapis')),
    need('apigateway', 'GET PUT PATCH DELETE UpdateRestApiPolicy', api('/restapis/a1b2c3')),
    need('apigateway', 'PUT', api('/tags/arn%3Aaws%3Aapigateway%3Aeu-central-1%3A%3A%2Frestapis%2Fa1b2c3')),
    need('iam', 'CreateServiceLinkedRole', ({ account }) => {
      const name = 'ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway';
      return `arn:aws:iam::${account}:role/aws-service-role/${name}`;
    }),
  ],
  'AWS::ApiGateway::ApiKey': [
    need('apigateway', 'POST', api('/apikeys')),
    need('apigateway', CRUD, api('/apikeys/k1')),
  ],
  'AWS::ApiGateway::ClientCertificate': [
    need('apigateway', 'POST', api('/clientcertificates')),
    need('apigateway', CRUD, api('/clientcertificates/c1')),
  ],
  'AWS::ApiGateway::UsagePlan': [
    need('apigateway', 'POST', api('/usageplans')),
    need('apigateway', CRUD, api('/usageplans/u1')),
  ],
  'AWS::ApiGateway::UsagePlanKey': [need('apigateway', 'POST GET DELETE', api('/usageplans/u1/keys/k1'))],
  ...Object.fromEntries(
    Object.entries(API_PARTS).map(([type, part]) => [
      `AWS::ApiGateway::${type}`,
      [need('apigateway', CRUD, api(`/restapis/a1b2c3/${part}`))],
    ]),
  ),
  'AWS::WAFv2::WebACL': [need('wafv2', `CreateWebACL DeleteWebACL GetWebACL UpdateWebACL ${TAGS}`, webAcl)],
  'AWS::WAFv2::WebACLAssociation': [
    need('wafv2', 'AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource', webAcl),
    need('wafv2', 'AssociateWebACL DisassociateWebACL GetWebACLForResource', api('/restapis/a1b2c3/stages/main')),
    need('apigateway', 'SetWebACL', api('/restapis/a1b2c3/stages/main')),
  ],
  'AWS::WAFv2::LoggingConfiguration': [
    need('wafv2', 'PutLoggingConfiguration GetLoggingConfiguration DeleteLoggingConfiguration', webAcl),
    need('logs', `${LOG_DELIVERY} DescribeLogGroups DescribeResourcePolicies PutResourcePolicy`, anything),
  ],
  'AWS::Scheduler::Schedule': [
    need('scheduler', 'CreateSchedule DeleteSchedule GetSchedule UpdateSchedule', schedule),
    pass('scheduler'),
  ],
  'AWS::Scheduler::ScheduleGroup': [
    need(
      'scheduler',
      `CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup ${TAGS}`,
      regional('scheduler', stage => `schedule-group/sluice-${stage}`),
    ),
  ],
  'AWS::StepFunctions::StateMachine': [
    need('states', `CreateStateMachine DeleteStateMachine DescribeStateMachine UpdateStateMachine ${TAGS}`, machine),
    pass('states'),
    need('logs', `${LOG_DELIVERY} PutResourcePolicy DescribeResourcePolicies DescribeLogGroups`, anything),
  ],
  'AWS::CloudWatch::Alarm': [need('cloudwatch', `PutMetricAlarm DeleteAlarms DescribeAlarms ${TAGS}`, alarm)],
  'AWS::CloudWatch::Dashboard': [need('cloudwatch', `PutDashboard GetDashboard DeleteDashboards ${TAGS}`, dashboard)],
  'AWS::SNS::Topic': [
    need(
      'sns',
      `CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes ListSubscriptionsByTopic GetDataProtectionPolicy
      ${TAGS}`,
      topic,
    ),
  ],
  'AWS::SNS::TopicPolicy': [need('sns', 'SetTopicAttributes', topic)],
  'AWS::SNS::Subscription': [
    need('sns', 'Subscribe Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes', topic),
  ],
  'AWS::SSM::Parameter': [
    need(
      'ssm',
      'PutParameter DeleteParameter GetParameters ListTagsForResource AddTagsToResource RemoveTagsFromResource',
      parameter,
    ),
    // A parameter of every template that the CDK generates.
    need(
      'ssm',
      'GetParameters',
      regional('ssm', () => 'parameter/cdk-bootstrap/hnb659fds/version'),
    ),
  ],
};

function glue(place: string): Arn {
  const rest = place.startsWith('table') ? '/readings' : '';
  return regional('glue', stage => (place.endsWith('_') ? `${place}${stage}${rest}` : place));
}

/** A log group's name with `main` in it, for any stage. */
function logGroup(name: string): Arn {
  return regional('logs', stage => `log-group:${name.replace('main', stage)}`);
}
