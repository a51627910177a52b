import type { JsonService } from '../wire/json-service.ts';
import { ServiceError } from '../wire/json-service.ts';
import { type Supported, supportOnly } from '../wire/supported-members.ts';
import { type Admit, admitAll, IntakeBusyError } from './intake-gate.ts';
import type { StreamStore } from './stream-store.ts';

/** Amazon Data Firehose's quotas for one record, one PutRecordBatch, in bytes and records. */
const MAX_RECORD_BYTES = 1_024_000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const MAX_BATCH_RECORDS = 500;

/** What the delivery stream is, for `DescribeDeliveryStream`. */
export interface FirehoseOptions {
  store: StreamStore;
  deliveryStream: string;
  region: string;
  bucket: string;
  buffer: { seconds: number; bytes: number };
  /** Holds records back while delivery is behind. */
  admit?: Admit;
  now?: () => number;
}

interface PutRecordInput {
  DeliveryStreamName?: unknown;
  Record?: { Data?: unknown };
  Records?: unknown;
}

/** Firehose's direct PUT: a record that is answered with 200 is in the delivery stream's log, on disk. */
export function createFirehose(options: FirehoseOptions): JsonService {
  const { store, deliveryStream, admit = admitAll, now = Date.now } = options;
  const created = now() / 1000;

  function checkName({ DeliveryStreamName }: PutRecordInput): void {
    if (DeliveryStreamName !== deliveryStream)
      throw new ServiceError(
        'ResourceNotFoundException',
        `Firehose ${String(DeliveryStreamName)} under account 000000000000 not found.`,
      );
  }

  async function append(records: Buffer[]): Promise<string[]> {
    const arrivedAt = now();
    await store.append(records.map(data => ({ log: deliveryStream, partitionKey: '', data, arrivedAt })));
    return records.map(() => crypto.randomUUID());
  }

  const put = (records: Buffer[]) => admit(records.length, () => append(records)).catch(unavailableWhereBusy);

  return {
    target: 'Firehose_20150804',
    version: '1.1',
    failure: { code: 'ServiceUnavailableException', status: 503 },
    operations: supportOnly(
      {
        PutRecord: async (input: PutRecordInput) => {
          checkName(input);
          const [RecordId] = await put([decodeData(input.Record, 'Record')]);
          return { RecordId, Encrypted: false };
        },
        PutRecordBatch: async (input: PutRecordInput) => {
          checkName(input);
          const ids = await put(decodeBatch(input.Records));
          return { FailedPutCount: 0, Encrypted: false, RequestResponses: ids.map(RecordId => ({ RecordId })) };
        },
        DescribeDeliveryStream: async (input: PutRecordInput) => {
          checkName(input);
          return { DeliveryStreamDescription: describe(options, created) };
        },
      },
      SUPPORTED,
      refused,
    ),
  };
}

/** There is one destination, so that Limit leaves nothing out. */
const SUPPORTED: Readonly<Record<string, Supported>> = {
  PutRecord: { DeliveryStreamName: true, Record: { Data: true } },
  PutRecordBatch: { DeliveryStreamName: true, Records: { Data: true } },
  DescribeDeliveryStream: { DeliveryStreamName: true, Limit: true },
};

function refused(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

function unavailableWhereBusy(error: unknown): never {
  if (!(error instanceof IntakeBusyError)) throw error;
  throw new ServiceError('ServiceUnavailableException', error.message, { status: 503, cause: error });
}

function decodeBatch(records: unknown): Buffer[] {
  if (!Array.isArray(records) || records.length === 0 || records.length > MAX_BATCH_RECORDS)
    throw new ServiceError('InvalidArgumentException', `Records must hold 1 to ${MAX_BATCH_RECORDS} records.`);
  const batch = records.map((record, index) => decodeData(record, `Records[${index}]`));
  if (batch.reduce((sum, { length }) => sum + length, 0) > MAX_BATCH_BYTES)
    throw new ServiceError('InvalidArgumentException', `Records are over ${MAX_BATCH_BYTES} bytes in all.`);
  return batch;
}

function decodeData(record: unknown, at: string): Buffer {
  const data = typeof record === 'object' && record !== null && 'Data' in record ? record.Data : undefined;
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(data))
    throw new ServiceError('SerializationException', `${at}.Data must be base64.`);
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length === 0) throw new ServiceError('InvalidArgumentException', `${at}.Data must not be empty.`);
  if (bytes.length > MAX_RECORD_BYTES)
    throw new ServiceError('InvalidArgumentException', `${at}.Data is over ${MAX_RECORD_BYTES} bytes.`);
  return bytes;
}

function describe({ deliveryStream, region, bucket, buffer }: FirehoseOptions, created: number): object {
  return {
    DeliveryStreamName: deliveryStream,
    DeliveryStreamARN: deliveryStreamArn(region, deliveryStream),
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamType: 'DirectPut',
    VersionId: '1',
    CreateTimestamp: created,
    HasMoreDestinations: false,
    Destinations: [
      {
        DestinationId: 'destinationId-000000000001',
        ExtendedS3DestinationDescription: {
          RoleARN: 'arn:aws:iam::000000000000:role/sluice-local',
          BucketARN: `arn:aws:s3:::${bucket}`,
          Prefix: 'readings/dt=!{partitionKeyFromLambda:dt}/',
          ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
          BufferingHints: { IntervalInSeconds: buffer.seconds, SizeInMBs: buffer.bytes / 1024 / 1024 },
          CompressionFormat: 'UNCOMPRESSED',
          S3BackupMode: 'Enabled',
          EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
        },
      },
    ],
  };
}

/** The ARN of a delivery stream of the local account. */
export function deliveryStreamArn(region: string, deliveryStream: string): string {
  return `arn:aws:firehose:${region}:000000000000:deliverystream/${deliveryStream}`;
}
