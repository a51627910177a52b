import { Aws, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type Deployment, removalPolicy, stackProps } from './deployment.ts';
import { forLogGroups } from './encrypted-log-group.ts';

const RESULTS_DAYS = 30;
const ACCESS_LOG_DAYS = 365;
/** Files of a backfill: one object per source, and one per batch. */
const PLAN_DAYS = 30;
/** How long a replaced or deleted object can be restored: compaction and repeated backfills replace objects. */
const OLD_VERSION_DAYS = 30;

/** The key and the buckets that all other stacks use: the lake, Athena's results, and access logs. */
export class FoundationStack extends Stack {
  /** Encrypts the buckets, the delivery stream, the table, the queues, the topic and the log groups of a deployment. */
  readonly key: Key;
  readonly lake: IBucket;
  readonly results: IBucket;
  readonly accessLogs: IBucket;

  constructor(scope: Construct, deployment: Deployment) {
    super(scope, 'foundation', stackProps(deployment, 'foundation', 'the key and the buckets'));
    this.key = this.#key(deployment);
    const base = this.#bucketProps(deployment);
    this.accessLogs = this.#bucket('AccessLogs', {
      ...base,
      // S3 cannot deliver access logs to a bucket whose default encryption is a customer managed key.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [...tidy(), { id: 'expire', expiration: Duration.days(ACCESS_LOG_DAYS) }],
    });
    const encrypted = {
      ...base,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: this.accessLogs,
    };
    this.lake = this.#bucket('Lake', {
      ...encrypted,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: [
        ...tidy(),
        // Not the ledger or the run reports. A run can be redriven for 14 days.
        ...['plans', 'map-runs'].map(what => ({
          id: `expire-${what}`,
          prefix: `backfill/${what}/`,
          expiration: Duration.days(PLAN_DAYS),
        })),
      ],
    });
    this.results = this.#bucket('Results', {
      ...encrypted,
      serverAccessLogsPrefix: 'results/',
      lifecycleRules: [...tidy(), { id: 'expire', expiration: Duration.days(RESULTS_DAYS) }],
    });
  }

  #bucket(id: string, props: BucketProps): IBucket {
    // Cast because Bucket declares `isWebsite?: boolean | undefined`, which exactOptionalPropertyTypes distinguishes
    // from IBucket's.
    return new Bucket(this, id, props) as IBucket;
  }

  #key(deployment: Deployment): Key {
    const key = new Key(this, 'Key', {
      description: `Sluice (${deployment.stage}): data at rest`,
      enableKeyRotation: true,
      removalPolicy: removalPolicy(deployment),
    });
    // The alias, by which operators may use the key, lasts as long as the key; the stage's next stack gets a different
    // alias.
    const stackId = Fn.select(2, Fn.split('/', Aws.STACK_ID));
    new Alias(this, 'Alias', {
      aliasName: `alias/sluice-${deployment.stage}-${stackId}`,
      targetKey: key,
      removalPolicy: removalPolicy(deployment),
    });
    // CloudFormation names a log group after its stack.
    key.addToResourcePolicy(forLogGroups(`sluice-${deployment.stage}-*`));
    return key;
  }

  #bucketProps(deployment: Deployment) {
    return {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      removalPolicy: removalPolicy(deployment),
      // A bucket that is not empty cannot be removed.
      autoDeleteObjects: deployment.settings.removeData,
    } satisfies BucketProps;
  }
}

/** What every bucket expires: incomplete uploads, old versions, and delete markers with no versions left. */
function tidy(): LifecycleRule[] {
  return [
    {
      id: 'tidy',
      abortIncompleteMultipartUploadAfter: Duration.days(7),
      noncurrentVersionExpiration: Duration.days(OLD_VERSION_DAYS),
    },
    { id: 'markers', expiredObjectDeleteMarker: true },
  ];
}
