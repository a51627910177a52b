/** The two streams behind the topic rule, as targets for records that come without a broker. */
import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Target } from './put-records.ts';

/** A message in its envelope, as written by the topic rule. */
export interface StreamRecord {
  /** The line from `wrapMessage`, without a newline. */
  envelope: Buffer;
  /** Kinesis's partition key, 1 to 256 characters; keeps readings of one device in order. */
  partitionKey: string;
}

/** A stream and its maximum record size. */
export interface StreamTarget extends Target<StreamRecord> {
  maxRecordBytes: number;
}

const MIB = 1024 * 1024;

/** Kinesis (PutRecords, API version 2013-12-02): the hot path. The record size includes the partition key. */
export function hotTarget(kinesis: KinesisClient, StreamName: string): StreamTarget {
  return {
    maxRecords: 500,
    maxBytes: 5 * MIB,
    maxRecordBytes: MIB,
    bytesOf: ({ envelope, partitionKey }) => envelope.length + Buffer.byteLength(partitionKey),
    send: records =>
      answers(records, async () => {
        const Records = records.map(({ envelope, partitionKey }) => ({ Data: envelope, PartitionKey: partitionKey }));
        const { Records: results = [] } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
        return results.map(({ ErrorCode }) => ErrorCode);
      }),
  };
}

/**
 * Firehose (PutRecordBatch, API version 2015-08-04): the lake. Adds a newline after each record, like the rule's
 * action.
 */
export function lakeTarget(firehose: FirehoseClient, DeliveryStreamName: string): StreamTarget {
  return {
    maxRecords: 500,
    maxBytes: 4 * MIB,
    maxRecordBytes: 1_000 * 1024,
    bytesOf: ({ envelope }) => envelope.length + NEWLINE.length,
    send: records =>
      answers(records, async () => {
        const Records = records.map(({ envelope }) => ({ Data: Buffer.concat([envelope, NEWLINE]) }));
        const { RequestResponses: results = [] } = await firehose.send(
          new PutRecordBatchCommand({ DeliveryStreamName, Records }),
        );
        return results.map(({ ErrorCode }) => ErrorCode);
      }),
  };
}

const NEWLINE = Buffer.from('\n');

/** Error codes of a throttled call. */
const THROTTLED = [
  'KMSThrottlingException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ServiceUnavailableException',
  'ThrottlingException',
];

async function answers(
  records: readonly StreamRecord[],
  call: () => Promise<(string | undefined)[]>,
): Promise<(string | undefined)[]> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error) || !THROTTLED.includes(error.name)) throw error;
    return records.map(() => error.name);
  }
}
