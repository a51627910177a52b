import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { PREFIX } from '../../contract/table.ts';
import type { CatalogStack } from './catalog-stack.ts';
import type { Deployment } from './deployment.ts';
import { encryptedLogGroup } from './encrypted-log-group.ts';
import { allow, readObjects, useKey, writeObjects } from './grants.ts';
import { ServiceRole } from './service-role.ts';
import { SluiceFunction } from './sluice-function.ts';

export interface DeliveryStreamProps {
  deployment: Deployment;
  key: IKey;
  lake: IBucket;
  deadLetterQueue: IQueue;
  catalog: CatalogStack;
}

/** Input of one call of the transform: the response, including base64 and partition keys, must stay below 6 MB. */
const TRANSFORM_BUFFER = { megabytes: 1, seconds: 60 };
/**
 * 64 MiB is the minimum with conversion and dynamic partitioning. A small fleet reaches the time limit, a large one the
 * size.
 */
const DELIVERY_BUFFER = { sizeInMBs: 128, intervalInSeconds: 300 };
/** How long Firehose retries before a record goes to the errors prefix. */
const RETRY_SECONDS = 300;

/**
 * The Firehose delivery stream of the lake: each record goes through the transform, rows are written as Parquet under
 * their event date, every source record is gzipped under `raw/`, and failures go under `errors/`. It is the L1
 * construct, because the L2 gives its role more than it needs (`s3:GetObject*`, the whole bucket).
 */
export class DeliveryStream extends Construct {
  readonly transform: SluiceFunction<'transform'>;
  readonly stream: CfnDeliveryStream;
  readonly name: string;
  /** Firehose's log of failed deliveries. */
  readonly logGroup: LogGroup;
  readonly #props: DeliveryStreamProps;

  constructor(scope: Construct, id: string, props: DeliveryStreamProps) {
    super(scope, id);
    this.#props = props;
    const { deployment, key, deadLetterQueue } = props;
    this.name = deployment.names.deliveryStream;
    this.logGroup = encryptedLogGroup(this, 'Logs', { key });
    this.transform = new SluiceFunction(this, 'Transform', {
      deployment,
      key,
      handler: 'transform',
      description: `Sluice (${deployment.stage}): records of the delivery stream to rows`,
      settings: { stage: deployment.stage },
      memoryMb: 512,
      // Firehose waits at most 5 minutes; a batch takes well under a second.
      timeoutSeconds: 60,
      deadLetterQueue,
      statements: [],
    });
    const role = new ServiceRole(this, 'Access', {
      service: 'firehose.amazonaws.com',
      sourceArn: this.arn,
      sourceAlwaysKnown: false,
      accountIsExternalId: true,
      description: `Sluice (${deployment.stage}): what the delivery stream may do`,
      statements: this.#statements(),
    });
    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamName: this.name,
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: key.keyArn },
      extendedS3DestinationConfiguration: this.#destination(role.role.roleArn),
    });
  }

  /** Known before the stream is created, so that its own role can be bound to it. */
  get arn(): string {
    return `arn:${Aws.PARTITION}:firehose:${Aws.REGION}:${Aws.ACCOUNT_ID}:deliverystream/${this.name}`;
  }

  #destination(roleArn: string): CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty {
    const { key, lake } = this.#props;
    const errorOutputPrefix = `${PREFIX.errors}!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`;
    const s3 = {
      bucketArn: lake.bucketArn,
      roleArn,
      bufferingHints: DELIVERY_BUFFER,
      encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: key.keyArn } },
      errorOutputPrefix,
    };
    return {
      ...s3,
      prefix: `${PREFIX.readings}dt=!{partitionKeyFromLambda:dt}/`,
      fileExtension: '.parquet',
      customTimeZone: 'UTC',
      // Compression of the object; Parquet compresses its own pages.
      compressionFormat: 'UNCOMPRESSED',
      cloudWatchLoggingOptions: this.#logging('delivery'),
      dynamicPartitioningConfiguration: { enabled: true, retryOptions: { durationInSeconds: RETRY_SECONDS } },
      processingConfiguration: { enabled: true, processors: [this.#processor(roleArn)] },
      dataFormatConversionConfiguration: this.#conversion(roleArn),
      s3BackupMode: 'Enabled',
      s3BackupConfiguration: {
        ...s3,
        prefix: `${PREFIX.raw}dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/`,
        compressionFormat: 'GZIP',
        cloudWatchLoggingOptions: this.#logging('backup'),
      },
    };
  }

  #processor(roleArn: string): CfnDeliveryStream.ProcessorProperty {
    const parameters = {
      LambdaArn: this.transform.function.functionArn,
      RoleArn: roleArn,
      NumberOfRetries: '3',
      BufferSizeInMBs: String(TRANSFORM_BUFFER.megabytes),
      BufferIntervalInSeconds: String(TRANSFORM_BUFFER.seconds),
    };
    return {
      type: 'Lambda',
      parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
        parameterName,
        parameterValue,
      })),
    };
  }

  /** Converts JSON rows to the current columns of the Glue table: a new column needs no new stream. */
  #conversion(roleArn: string): CfnDeliveryStream.DataFormatConversionConfigurationProperty {
    const { catalog } = this.#props;
    return {
      enabled: true,
      // Without custom formats it parses `YYYY-MM-DD HH:MM:SS.mmm`, which is what the transform writes.
      inputFormatConfiguration: { deserializer: { hiveJsonSerDe: {} } },
      outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
      schemaConfiguration: {
        catalogId: Aws.ACCOUNT_ID,
        region: Aws.REGION,
        databaseName: catalog.database.ref,
        tableName: catalog.logTable.ref,
        versionId: 'LATEST',
        roleArn,
      },
    };
  }

  #logging(logStreamName: string): CfnDeliveryStream.CloudWatchLoggingOptionsProperty {
    const { logGroup } = this;
    new LogStream(this, `LogStream-${logStreamName}`, {
      logGroup,
      logStreamName,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return { enabled: true, logGroupName: logGroup.logGroupName, logStreamName };
  }

  #statements(): PolicyStatement[] {
    const { key, lake, catalog } = this.#props;
    const { functionArn } = this.transform.function;
    const glue = (resource: string) => `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
    const written = [PREFIX.readings, PREFIX.raw, PREFIX.errors];
    const table = `${catalog.database.ref}/${catalog.logTable.ref}`;
    return [
      // The actions of "Grant Firehose access to an Amazon S3 destination" (Firehose Developer Guide), on fewer
      // objects.
      writeObjects(lake, written),
      readObjects(lake, written),
      allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [lake.bucketArn]),
      useKey(key, 's3'),
      allow(
        ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
        [glue('catalog'), glue(`database/${catalog.database.ref}`), glue(`table/${table}`)],
      ),
      allow(['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'], [functionArn, `${functionArn}:$LATEST`]),
      allow(['logs:PutLogEvents'], [this.logGroup.logGroupArn]),
    ];
  }
}
