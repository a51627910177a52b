/**
 * What the rule packs of cdk-nag (AWS Solutions, Serverless, NIST 800-53 revision 5) find in the stacks and what stays as it
 * is, each with its reason. A test holds the list to 10, fails for a finding that is not in it, and for an entry without one.
 */

/** One decision: the rules that it stands against, at one place. */
export interface Acknowledged {
  /** The rules' ids, with their pack. */
  rules: readonly string[];
  /** Paths of the constructs that it stands for: the stack, and on. */
  at: RegExp;
  /** Of a rule that names what it found: what it may find. Each of these is found somewhere. */
  findings?: readonly RegExp[];
  reason: string;
}

export const ACKNOWLEDGED: readonly Acknowledged[] = [
  {
    rules: ['AwsSolutions-IAM5'],
    at: /Policy\/Resource$/,
    findings: [
      // X-Ray, the delivery of Step Functions' logs and RegisterThing know no resources; test/infra/aws/iam.test.ts lists the actions.
      /^Resource::\*$/,
      /^Resource::<Lake\w+\.Arn>\/(raw|readings|errors|errors\/topic-rule|reports|import|backfill|backfill\/map-runs)\/\*$/,
      /^Resource::<Results\w+\.Arn>\/results\/\*$/,
      /^Resource::arn:(aws|<AWS::Partition>):s3:::[a-z0-9.-]+\/\*$/,
      /^Resource::arn:[^/]+:(thing|cert)\/\*$/,
      /^Resource::arn:[^/]+:log-group:\*$/,
      /^Resource::arn:[^/]+:execution:sluice-\w+-backfill[:/]\*$/,
    ],
    reason:
      'Objects have names that nobody knows beforehand, and so have devices, executions and the log groups of the APIs of an ' +
      'account: each right on them ends in * behind a prefix that is ours. Buckets that a backfill reads are named by the deployer.',
  },
  {
    rules: ['AwsSolutions-APIG4', 'AwsSolutions-COG4'],
    at: /^serving\/Api\/Rest\/Default\/(datas\/\{deviceid\}\/)?GET\/Resource$/,
    reason:
      'Readings take an API key, of a usage plan with a quota; the page at / holds no data. An authorizer, Cognito or ' +
      'another, would ask a small team for users and a sign-in. Who has them puts one before these two methods.',
  },
  {
    rules: ['Serverless-SQSRedrivePolicy'],
    at: /^(guard|ingest|serving|reports|backfill)\/Failures\/Resource$/,
    reason: 'These queues are where failures end: nothing takes messages from them that could fail and be moved on.',
  },
  {
    rules: ['NIST.800.53.R5-S3BucketReplicationEnabled'],
    at: /^foundation\/(Lake|Results|AccessLogs)\/Resource$/,
    reason:
      'S3 keeps an object in at least three Availability Zones, and 30 days of old versions bring back what was deleted. A copy ' +
      'in another Region doubles the bill of storage, and some may not take data out of theirs.',
  },
  {
    rules: ['NIST.800.53.R5-S3DefaultEncryptionKMS'],
    at: /^foundation\/AccessLogs\/Resource$/,
    reason:
      "S3 delivers access logs to no bucket whose default encryption is a KMS key. This one has S3's own (AES-256).",
  },
  {
    rules: ['NIST.800.53.R5-LambdaConcurrency'],
    at: /\/Function\/Resource$/,
    reason:
      'New accounts have 10 concurrent executions, none of which can be reserved: the deployment would fail. What calls the ' +
      'functions has limits of its own (throttles of the API, shards, Firehose, maxConcurrency of a backfill), and an alarm rings.',
  },
  {
    rules: ['NIST.800.53.R5-LambdaInsideVPC'],
    at: /\/Function\/Resource$/,
    reason:
      'The functions call AWS services over TLS and nothing in a private network. A VPC takes an endpoint for each service in ' +
      'each zone, which costs more than all else of a small deployment, and holds back nothing that the roles allow.',
  },
  {
    rules: ['NIST.800.53.R5-DynamoDBInBackupPlan'],
    at: /^serving\/HotTable\/Resource$/,
    reason:
      'The table can be restored to any second of the last 35 days, is protected from deletion, and holds the newest readings ' +
      'alone: the lake has them all.',
  },
  {
    rules: ['NIST.800.53.R5-APIGWCacheEnabledAndEncrypted'],
    at: /^serving\/Api\/Rest\/DeploymentStage\.\w+\/Resource$/,
    reason:
      'The API is asked for what came in just now, which a cache does not have; the smallest costs about 15 dollars a month.',
  },
  {
    rules: ['Serverless-LambdaTracing', 'Serverless-APIGWXrayEnabled'],
    at: /\/(Function|DeploymentStage\.\w+)\/Resource$/,
    reason:
      'Traces of every batch of messages cost a twentieth to a tenth of the bill, and are looked at when something is slow: ' +
      'tracing in the stage file switches them on. The metrics and logs are there without them.',
  },
];
