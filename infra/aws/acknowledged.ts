/**
 * Findings of the cdk-nag rule packs (AWS Solutions, Serverless, NIST 800-53 revision 5) that the stacks keep, each
 * with its reason. A test limits the list to 10 entries, and fails for a finding without an entry or an entry without a
 * finding.
 */

/** One decision: the rules that it overrides, in one place. */
export interface Acknowledged {
  /** Rule ids, with their pack. */
  rules: readonly string[];
  /** Paths of the constructs that it covers, starting with the stack. */
  at: RegExp;
  /** For a rule that names its findings: the findings that are allowed. Each occurs at least once. */
  findings?: readonly RegExp[];
  reason: string;
}

export const ACKNOWLEDGED: readonly Acknowledged[] = [
  {
    rules: ['AwsSolutions-IAM5'],
    at: /Policy\/Resource$/,
    findings: [
      // X-Ray, Step Functions log delivery and RegisterThing do not support resource-level permissions;
      // test/infra/aws/iam.test.ts lists the actions.
      /^Resource::\*$/,
      /^Resource::<Lake\w+\.Arn>\/(raw|readings|errors|errors\/topic-rule|reports|import|backfill|backfill\/map-runs)\/\*$/,
      /^Resource::<Results\w+\.Arn>\/results\/\*$/,
      /^Resource::arn:(aws|<AWS::Partition>):s3:::[a-z0-9.-]+\/\*$/,
      /^Resource::arn:[^/]+:(thing|cert)\/\*$/,
      /^Resource::arn:[^/]+:log-group:\*$/,
      /^Resource::arn:[^/]+:execution:sluice-\w+-backfill[:/]\*$/,
    ],
    reason:
      'The names of objects, devices, executions and API log groups are not known in advance: each permission on them ends in ' +
      '* after a prefix that belongs to Sluice. The deployer names the buckets that a backfill reads.',
  },
  {
    rules: ['AwsSolutions-APIG4', 'AwsSolutions-COG4'],
    at: /^serving\/Api\/Rest\/Default\/(datas\/\{deviceid\}\/)?GET\/Resource$/,
    reason:
      'Readings need an API key with a usage plan and a quota; the page at / contains no data. An authorizer, Cognito or ' +
      'another, would require users and a sign-in from a small team. A team that has them can put one before these two methods.',
  },
  {
    rules: ['Serverless-SQSRedrivePolicy'],
    at: /^(guard|ingest|serving|reports|backfill)\/Failures\/Resource$/,
    reason:
      'These queues are the last stop for failures: nothing consumes messages from them that could fail and be moved on.',
  },
  {
    rules: ['NIST.800.53.R5-S3BucketReplicationEnabled'],
    at: /^foundation\/(Lake|Results|AccessLogs)\/Resource$/,
    reason:
      'S3 keeps an object in at least three Availability Zones, and 30 days of old versions restore deleted objects. A copy ' +
      'in another Region doubles the storage bill, and some users may not move data out of their Region.',
  },
  {
    rules: ['NIST.800.53.R5-S3DefaultEncryptionKMS'],
    at: /^foundation\/AccessLogs\/Resource$/,
    reason:
      "S3 cannot deliver access logs to a bucket whose default encryption is a KMS key. This one uses S3's own (AES-256).",
  },
  {
    rules: ['NIST.800.53.R5-LambdaConcurrency'],
    at: /\/Function\/Resource$/,
    reason:
      'New accounts have 10 concurrent executions, none of which can be reserved: the deployment would fail. The callers of the ' +
      'functions have their own limits (API throttles, shards, Firehose, maxConcurrency of a backfill), and an alarm rings.',
  },
  {
    rules: ['NIST.800.53.R5-LambdaInsideVPC'],
    at: /\/Function\/Resource$/,
    reason:
      'The functions call AWS services over TLS, and nothing in a private network. A VPC needs an endpoint for each service in ' +
      'each zone, which costs more than the rest of a small deployment, and blocks nothing that the roles allow.',
  },
  {
    rules: ['NIST.800.53.R5-DynamoDBInBackupPlan'],
    at: /^serving\/HotTable\/Resource$/,
    reason:
      'The table can be restored to any second of the last 35 days, is protected from deletion, and holds only the newest ' +
      'readings: the lake has them all.',
  },
  {
    rules: ['NIST.800.53.R5-APIGWCacheEnabledAndEncrypted'],
    at: /^serving\/Api\/Rest\/DeploymentStage\.\w+\/Resource$/,
    reason:
      'The API serves the newest readings, which a cache does not have; the smallest costs about 15 dollars a month.',
  },
  {
    rules: ['Serverless-LambdaTracing', 'Serverless-APIGWXrayEnabled'],
    at: /\/(Function|DeploymentStage\.\w+)\/Resource$/,
    reason:
      'Tracing every batch of messages costs a twentieth to a tenth of the bill, and is only needed when something is slow: ' +
      '"tracing" in the stage file turns it on. Metrics and logs do not depend on it.',
  },
];
