/**
 * What CloudFormation may do for a stage. The actions are those that the resource type handlers require (CloudFormation
 * registry schemas, `handlers.*.permissions`), without those for properties that the stacks do not use.
 */

/** One statement of an IAM policy. */
export interface Statement {
  Sid: string;
  Effect: 'Allow';
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** ARNs of the stage's resources. */
export interface Names {
  /** `arn:aws:<service>:<region>:<account>:<resource>` */
  arn: (service: string, resource: string) => string;
  /** For a service whose ARNs have no region or no account. */
  global: (service: string, resource: string, account?: boolean) => string;
  /** API Gateway's ARNs have no account. */
  api: (path: string) => string;
  stage: string;
  region: string;
  partition: string;
  assets: string;
  bootstrapVersion: string;
}

/** Allows actions of one service on resources. The actions are separated by spaces and have no service prefix. */
export function allow(
  Sid: string,
  service: string,
  actions: string,
  resources: string[],
  Condition?: Statement['Condition'],
): Statement {
  const Action = actions
    .trim()
    .split(/\s+/)
    .map(action => `${service}:${action}`);
  return { Sid, Effect: 'Allow', Action, Resource: resources, ...(Condition === undefined ? {} : { Condition }) };
}

/** The resources that hold data, and the key. Keys have no names, so this covers all keys of the account. */
export function dataStatements({ arn, global, stage, assets, bootstrapVersion }: Names): Statement[] {
  return [
    allow('Keys', 'kms', 'CreateKey ListAliases', ['*']),
    allow(
      'KeysOfTheAccount',
      'kms',
      `DescribeKey EnableKeyRotation DisableKeyRotation GetKeyPolicy GetKeyRotationStatus ListResourceTags PutKeyPolicy
      ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription CreateAlias DeleteAlias UpdateAlias`,
      [arn('kms', 'key/*')],
    ),
    // When a table or a stream gets a key, the service checks that its creator can use the key.
    allow(
      'KeysThroughServices',
      'kms',
      'CreateGrant RevokeGrant Decrypt Encrypt GenerateDataKey',
      [arn('kms', 'key/*')],
      {
        StringLike: { 'kms:ViaService': '*.amazonaws.com' },
      },
    ),
    allow('AliasOfTheKey', 'kms', 'CreateAlias DeleteAlias UpdateAlias', [arn('kms', `alias/sluice-${stage}-*`)]),
    allow(
      'Buckets',
      's3',
      `CreateBucket DeleteBucket ListBucket GetBucketAcl GetBucketTagging PutBucketTagging GetBucketVersioning
      PutBucketVersioning GetEncryptionConfiguration PutEncryptionConfiguration GetLifecycleConfiguration
      PutLifecycleConfiguration GetBucketPublicAccessBlock PutBucketPublicAccessBlock GetBucketOwnershipControls
      PutBucketOwnershipControls GetBucketLogging PutBucketLogging GetBucketPolicy PutBucketPolicy DeleteBucketPolicy
      GetBucketLocation GetBucketNotification GetBucketCORS GetBucketWebsite GetAccelerateConfiguration
      GetAnalyticsConfiguration GetBucketObjectLockConfiguration GetIntelligentTieringConfiguration
      GetInventoryConfiguration GetMetricsConfiguration GetReplicationConfiguration ListTagsForResource TagResource
      UntagResource`,
      [global('s3', `sluice-${stage}-*`, false)],
    ),
    allow('CodeOfFunctions', 's3', 'GetObject GetObjectVersion', [assets]),
    allow(
      'Catalog',
      'glue',
      `CreateDatabase DeleteDatabase GetDatabase UpdateDatabase CreateTable DeleteTable GetTable UpdateTable`,
      [arn('glue', 'catalog'), arn('glue', `database/sluice_${stage}`), arn('glue', `table/sluice_${stage}/*`)],
    ),
    allow(
      'WorkGroup',
      'athena',
      `CreateWorkGroup DeleteWorkGroup GetWorkGroup UpdateWorkGroup ListTagsForResource TagResource UntagResource
      CreateNamedQuery DeleteNamedQuery GetNamedQuery UpdateNamedQuery`,
      [arn('athena', `workgroup/sluice-${stage}`)],
    ),
    allow(
      'Published',
      'ssm',
      'PutParameter DeleteParameter GetParameters ListTagsForResource AddTagsToResource RemoveTagsFromResource',
      [arn('ssm', `parameter/sluice/${stage}/*`)],
    ),
    allow('VersionOfTheBootstrap', 'ssm', 'GetParameters', [bootstrapVersion]),
  ];
}

/** The resources that move messages: the rule, the streams, the functions, and their roles. */
export function movingStatements({ arn, global, stage, partition }: Names): Statement[] {
  const roles = [global('iam', `role/sluice-${stage}-*`)];
  const policies = [global('iam', `policy/sluice-${stage}-*`)];
  return [
    // No role has an inline policy, so none is put or deleted.
    allow(
      'Roles',
      'iam',
      `CreateRole DeleteRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole
      GetRolePolicy ListRolePolicies ListAttachedRolePolicies`,
      roles,
    ),
    allow('AttachOwnPolicies', 'iam', 'AttachRolePolicy DetachRolePolicy', roles, {
      // The AWS managed policy belongs to the function that empties buckets if data is to be removed.
      ArnLike: {
        'iam:PolicyARN': [...policies, `arn:${partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`],
      },
    }),
    allow(
      'Policies',
      'iam',
      `CreatePolicy DeletePolicy GetPolicy CreatePolicyVersion DeletePolicyVersion GetPolicyVersion ListPolicyVersions
      ListEntitiesForPolicy`,
      policies,
    ),
    allow('GiveRolesToServices', 'iam', 'PassRole', roles, {
      StringEquals: {
        'iam:PassedToService': ['apigateway', 'firehose', 'iot', 'lambda', 'scheduler', 'states'].map(
          service => `${service}.amazonaws.com`,
        ),
      },
    }),
    allow(
      'TopicRule',
      'iot',
      'CreateTopicRule DeleteTopicRule GetTopicRule ReplaceTopicRule ListTagsForResource TagResource UntagResource',
      [arn('iot', `rule/sluice_${stage}_*`)],
    ),
    allow(
      'Devices',
      'iot',
      `CreatePolicy DeletePolicy GetPolicy CreatePolicyVersion DeletePolicyVersion ListPolicyVersions
      SetDefaultPolicyVersion CreateProvisioningTemplate DeleteProvisioningTemplate DescribeProvisioningTemplate
      UpdateProvisioningTemplate CreateProvisioningTemplateVersion DeleteProvisioningTemplateVersion
      ListProvisioningTemplateVersions ListTagsForResource TagResource UntagResource`,
      [arn('iot', `policy/sluice-${stage}-*`), arn('iot', `provisioningtemplate/sluice-${stage}-*`)],
    ),
    allow(
      'Stream',
      'kinesis',
      `CreateStream DeleteStream DescribeStream DescribeStreamSummary AddTagsToStream ListTagsForResource
      ListTagsForStream RemoveTagsFromStream TagResource UntagResource StartStreamEncryption StopStreamEncryption
      IncreaseStreamRetentionPeriod DecreaseStreamRetentionPeriod`,
      [arn('kinesis', `stream/sluice-${stage}-*`)],
    ),
    allow(
      'DeliveryStream',
      'firehose',
      `CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream UpdateDestination StartDeliveryStreamEncryption
      StopDeliveryStreamEncryption ListTagsForDeliveryStream TagDeliveryStream UntagDeliveryStream`,
      [arn('firehose', `deliverystream/sluice-${stage}-*`)],
    ),
    allow(
      'Functions',
      'lambda',
      `CreateFunction DeleteFunction GetFunction GetFunctionConfiguration UpdateFunctionCode UpdateFunctionConfiguration
      GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetFunctionScalingConfig GetRuntimeManagementConfig
      PutFunctionConcurrency DeleteFunctionConcurrency AddPermission RemovePermission GetPolicy InvokeFunction
      ListTags TagResource UntagResource`,
      [arn('lambda', `function:sluice-${stage}-*`)],
    ),
    allow('MakeEventSources', 'lambda', 'CreateEventSourceMapping', ['*'], {
      ArnLike: { 'lambda:FunctionArn': arn('lambda', `function:sluice-${stage}-*`) },
    }),
    allow(
      'EventSources',
      'lambda',
      `DeleteEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping ListTags TagResource UntagResource`,
      [arn('lambda', 'event-source-mapping:*')],
    ),
  ];
}

/**
 * The resources that answer, report and monitor. API Gateway generates the ids of its resources, so policies cannot
 * name them.
 */
export function servingStatements({ arn, global, api, stage, region }: Names): Statement[] {
  return [
    allow(
      'HotTable',
      'dynamodb',
      `CreateTable DeleteTable DescribeTable UpdateTable DescribeContinuousBackups UpdateContinuousBackups
      DescribeTimeToLive UpdateTimeToLive DescribeContributorInsights DescribeKinesisStreamingDestination
      GetResourcePolicy ListTagsOfResource TagResource UntagResource`,
      [arn('dynamodb', `table/sluice-${stage}-*`)],
    ),
    allow(
      'Queues',
      'sqs',
      'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl SetQueueAttributes ListQueueTags TagQueue UntagQueue',
      [arn('sqs', `sluice-${stage}-*`)],
    ),
    allow(
      'Apis',
      'apigateway',
      'GET POST PUT PATCH DELETE UpdateRestApiPolicy SetWebACL',
      ['restapis', 'apikeys', 'usageplans', 'clientcertificates', 'tags'].flatMap(root => [
        api(`/${root}`),
        api(`/${root}/*`),
      ]),
    ),
    allow('ApiLogsOfTheAccount', 'apigateway', 'GET PATCH', [api('/account')]),
    allow('RoleOfApiGateway', 'iam', 'CreateServiceLinkedRole', [
      global('iam', 'role/aws-service-role/ops.apigateway.amazonaws.com/*'),
    ]),
    allow(
      'WebAcl',
      'wafv2',
      `CreateWebACL DeleteWebACL GetWebACL UpdateWebACL AssociateWebACL DisassociateWebACL GetWebACLForResource
      PutLoggingConfiguration GetLoggingConfiguration DeleteLoggingConfiguration ListTagsForResource TagResource
      UntagResource`,
      [arn('wafv2', `regional/webacl/sluice-${stage}/*`), api('/restapis/*')],
    ),
    allow(
      'Logs',
      'logs',
      `CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey
      CreateLogStream DeleteLogStream DescribeLogStreams GetDataProtectionPolicy ListTagsForResource TagResource
      UntagResource`,
      [
        ...[`sluice-${stage}-*`, `/aws/vendedlogs/states/sluice-${stage}-*`],
        // CloudWatch Logs authorizes a group with and without `:*`. A bare `*` would include stages whose names start
        // the same.
        ...[`aws-waf-logs-sluice-${stage}`, `API-Gateway-Execution-Logs_*/${stage}`].flatMap(name => [
          name,
          `${name}:*`,
        ]),
      ].map(group => arn('logs', `log-group:${group}`)),
    ),
    allow(
      'LogsOfTheAccount',
      'logs',
      `DescribeLogGroups DescribeIndexPolicies DescribeResourcePolicies PutResourcePolicy CreateLogDelivery
      GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries`,
      ['*'],
    ),
    allow(
      'Reports',
      'scheduler',
      `CreateSchedule DeleteSchedule GetSchedule UpdateSchedule CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup
      ListTagsForResource TagResource UntagResource`,
      [arn('scheduler', `schedule/*/sluice-${stage}-*`), arn('scheduler', `schedule-group/sluice-${stage}`)],
    ),
    allow(
      'Backfill',
      'states',
      `CreateStateMachine DeleteStateMachine DescribeStateMachine UpdateStateMachine ListTagsForResource TagResource
      UntagResource`,
      [arn('states', `stateMachine:sluice-${stage}-*`)],
    ),
    allow(
      'Alarms',
      'cloudwatch',
      `PutMetricAlarm DeleteAlarms DescribeAlarms PutDashboard GetDashboard DeleteDashboards
      ListTagsForResource TagResource UntagResource`,
      [arn('cloudwatch', `alarm:sluice-${stage}-*`), global('cloudwatch', `dashboard/sluice-${stage}-${region}`)],
    ),
    allow(
      'Notifications',
      'sns',
      `CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes ListSubscriptionsByTopic ListTagsForResource
      TagResource UntagResource Subscribe Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes
      GetDataProtectionPolicy`,
      [arn('sns', `sluice-${stage}-*`)],
    ),
  ];
}
