import { Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { type Deployment, removalPolicy, stackProps } from './deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { allow, useKey } from './grants.ts';
import { type IngestStack, STREAM_RETENTION } from './ingest-stack.ts';
import { RecentReadingsApi } from './recent-readings-api.ts';
import { SluiceFunction } from './sluice-function.ts';

/** The hot path: the stream, the consumer, the hot table, and the REST API. */
export class ServingStack extends Stack {
  readonly table: Table;
  readonly consumer: SluiceFunction<'consume'>;
  readonly api: RecentReadingsApi;
  /** Destination of batches that could not be stored, and of failed asynchronous calls. */
  readonly failures: Queue;

  constructor(scope: Construct, deployment: Deployment, { key }: FoundationStack, { stream }: IngestStack) {
    super(scope, 'serving', stackProps(deployment, 'serving', 'the hot path and its API'));
    this.table = this.#hotTable(deployment, key);
    this.failures = deadLetterQueue(this, 'Failures', key);
    this.consumer = this.#consumer(deployment, key, stream);
    this.api = new RecentReadingsApi(this, 'Api', {
      deployment,
      key,
      table: this.table,
      deadLetterQueue: this.failures,
    });
  }

  /** The same key and the same time-to-live attribute as `hotpath/items.ts` writes. */
  #hotTable(deployment: Deployment, key: IKey): Table {
    return new Table(this, 'HotTable', {
      tableName: deployment.names.hotTable,
      partitionKey: { name: 'deviceid', type: AttributeType.STRING },
      sortKey: { name: 'timestamp', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires_at',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !deployment.settings.removeData,
      removalPolicy: removalPolicy(deployment),
    });
  }

  #consumer(deployment: Deployment, key: IKey, stream: IStream): SluiceFunction<'consume'> {
    const consumer = new SluiceFunction(this, 'Consumer', {
      deployment,
      key,
      handler: 'consume',
      description: 'Puts readings from the stream into the hot table',
      settings: { hotTable: deployment.names.hotTable },
      memoryMb: 512,
      timeoutSeconds: 60,
      deadLetterQueue: this.failures,
      statements: [
        allow(
          ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'].map(
            action => `kinesis:${action}`,
          ),
          [stream.streamArn],
        ),
        allow(['dynamodb:BatchWriteItem', 'dynamodb:PutItem'], [this.table.tableArn]),
        useKey(key, 'dynamodb', TABLE_KEY_ACTIONS),
      ],
    });
    consumer.function.addEventSource(
      new KinesisEventSource(stream, {
        // The consumer of a new deployment starts with what is already in the stream, so no reading is missed between
        // the two.
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 500,
        maxBatchingWindow: Duration.seconds(1),
        // By partition key, which is the topic: the readings of a device stay in order.
        parallelizationFactor: 2,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        // As long as the stream keeps a record, because no record makes the consumer fail by itself: it rejects what it
        // cannot read. The age decides, not the number of attempts: Lambda promises no wait between them.
        retryAttempts: UNTIL_TOO_OLD,
        maxRecordAge: STREAM_RETENTION,
        onFailure: new SqsDlq(this.failures),
      }),
    );
    return consumer;
  }
}

/** Lambda's value for no limit except the age. */
const UNTIL_TOO_OLD = -1;

/** What DynamoDB requires of writers to a table that is encrypted with a customer managed key. */
const TABLE_KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
