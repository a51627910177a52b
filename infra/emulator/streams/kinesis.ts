import { LOCAL_ACCOUNT } from '../glue/request.ts';
import { type JsonService, ServiceError } from '../wire/json-service.ts';
import { type Supported, supportOnly } from '../wire/supported-members.ts';
import { type Admit, admitAll, IntakeBusyError } from './intake-gate.ts';
import type { StreamStore } from './stream-store.ts';

/** Kinesis Data Streams' quotas: a record with its partition key, one PutRecords with all keys, in bytes; its records. */
const MAX_RECORD_BYTES = 1024 * 1024;
const MAX_BATCH_BYTES = 5 * 1024 * 1024;
const MAX_BATCH_RECORDS = 500;
const MAX_KEY_CHARACTERS = 256;

/** A local stream has one shard. */
export const SHARD_ID = 'shardId-000000000000';

export interface KinesisOptions {
  store: StreamStore;
  stream: string;
  region: string;
  /** Holds records back while the consumer is behind. */
  admit?: Admit;
  now?: () => number;
}

interface PutInput {
  StreamName?: unknown;
  StreamARN?: unknown;
  Records?: unknown;
  Data?: unknown;
  PartitionKey?: unknown;
}

interface Entry {
  data: Buffer;
  partitionKey: string;
}

/**
 * Kinesis (API version 2013-12-02) as far as producers need it: a record that is answered with a sequence number is in the
 * stream's log, on disk. It refuses no record of a batch by itself: there is no limit to the shard. What was read by the
 * consumer is gone from the log, so that there is nothing to serve GetRecords from.
 */
export function createKinesis(options: KinesisOptions): JsonService {
  const { store, stream, region, admit = admitAll, now = Date.now } = options;
  const created = now() / 1000;

  function checkName({ StreamName, StreamARN }: PutInput): void {
    const arn = streamArn(region, stream);
    if ((StreamName ?? stream) === stream && (StreamARN ?? arn) === arn && (StreamName ?? StreamARN) !== undefined)
      return;
    const named = String(StreamName ?? StreamARN);
    throw new ServiceError(
      'ResourceNotFoundException',
      `Stream ${named} under account ${LOCAL_ACCOUNT} not found. The stream of this data folder is ${stream}.`,
    );
  }

  async function append(entries: Entry[]): Promise<{ ShardId: string; SequenceNumber: string }[]> {
    const arrivedAt = now();
    const sequences = await store.append(entries.map(entry => ({ log: stream, ...entry, arrivedAt })));
    return sequences.map(sequence => ({ ShardId: SHARD_ID, SequenceNumber: sequenceNumber(sequence) }));
  }

  const put = (entries: Entry[]) => admit(entries.length, () => append(entries)).catch(throttleWhereBusy);

  return {
    target: 'Kinesis_20131202',
    version: '1.1',
    failure: { code: 'InternalFailureException', status: 500 },
    operations: supportOnly(
      {
        PutRecord: async (input: PutInput) => {
          checkName(input);
          const [result] = await put([decodeEntry(input, 'the record')]);
          return { ...result, EncryptionType: 'NONE' };
        },
        PutRecords: async (input: PutInput) => {
          checkName(input);
          return { FailedRecordCount: 0, Records: await put(decodeBatch(input.Records)), EncryptionType: 'NONE' };
        },
        DescribeStreamSummary: async (input: PutInput) => {
          checkName(input);
          return { StreamDescriptionSummary: describe(region, stream, created) };
        },
      },
      SUPPORTED,
      refused,
    ),
  };
}

/** There is one shard, which keeps all records in the order in which they came: what chooses a shard or an order is heeded. */
const OF_STREAM: Supported = { StreamName: true, StreamARN: true };
const ENTRY: Supported = { Data: true, PartitionKey: true, ExplicitHashKey: true };
const SUPPORTED: Readonly<Record<string, Supported>> = {
  PutRecord: { ...OF_STREAM, ...ENTRY, SequenceNumberForOrdering: true },
  PutRecords: { ...OF_STREAM, Records: ENTRY },
  DescribeStreamSummary: OF_STREAM,
};

function refused(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

function throttleWhereBusy(error: unknown): never {
  if (!(error instanceof IntakeBusyError)) throw error;
  throw new ServiceError('ProvisionedThroughputExceededException', error.message, { cause: error });
}

function decodeBatch(records: unknown): Entry[] {
  if (!Array.isArray(records) || records.length === 0 || records.length > MAX_BATCH_RECORDS)
    throw new ServiceError('ValidationException', `Records must hold 1 to ${MAX_BATCH_RECORDS} records.`);
  const entries = records.map((record, index) => decodeEntry(record, `Records[${index}]`));
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MAX_BATCH_BYTES)
    throw new ServiceError('InvalidArgumentException', `Records are over ${MAX_BATCH_BYTES} bytes in all.`);
  return entries;
}

function decodeEntry(record: unknown, at: string): Entry {
  const { Data, PartitionKey } = (typeof record === 'object' && record !== null ? record : {}) as PutInput;
  if (typeof Data !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(Data))
    throw new ServiceError('SerializationException', `Data of ${at} must be base64.`);
  if (typeof PartitionKey !== 'string' || PartitionKey.length < 1 || PartitionKey.length > MAX_KEY_CHARACTERS)
    throw new ServiceError('ValidationException', `PartitionKey of ${at} must have 1 to 256 characters.`);
  const entry = { data: Buffer.from(Data, 'base64'), partitionKey: PartitionKey };
  if (sizeOf(entry) > MAX_RECORD_BYTES)
    throw new ServiceError('ValidationException', `Data of ${at}, with its key, is over ${MAX_RECORD_BYTES} bytes.`);
  return entry;
}

function sizeOf({ data, partitionKey }: Entry): number {
  return data.length + Buffer.byteLength(partitionKey);
}

function describe(region: string, stream: string, created: number): object {
  return {
    StreamName: stream,
    StreamARN: streamArn(region, stream),
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    RetentionPeriodHours: 24,
    StreamCreationTimestamp: created,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
    OpenShardCount: 1,
    ConsumerCount: 0,
  };
}

/** The ARN of a stream of the local account. */
export function streamArn(region: string, stream: string): string {
  return `arn:aws:kinesis:${region}:${LOCAL_ACCOUNT}:stream/${stream}`;
}

/** Kinesis sequence numbers are decimal strings that sort by number. */
export function sequenceNumber(sequence: number): string {
  return String(sequence).padStart(56, '0').replace(/^0/, '4');
}
