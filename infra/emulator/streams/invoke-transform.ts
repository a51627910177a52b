import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { deliveryStreamArn } from './firehose.ts';
import type { LogRecord } from './stream-store.ts';

export type TransformHandler = (event: FirehoseTransformationEvent) => Promise<FirehoseTransformationResult>;

/**
 * What became of one source record: delivered to a partition, dropped on purpose, or failed with Firehose's error code.
 * `reason` is the contract's where the record broke it, else the error code.
 */
export type Transformed =
  | { result: 'Ok'; source: LogRecord; data: Buffer; dt: string }
  | { result: 'Dropped'; source: LogRecord }
  | { result: 'Failed'; source: LogRecord; reason: string; errorCode: string; errorMessage: string; attempts: number };

/** Firehose's limits: base64 counts in both, and one failed call is tried three times more. */
const MAX_EVENT_RECORDS = 500;
const EVENT_BYTES = 1024 * 1024;
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;
const RETRIES = 3;

/** Cuts source records into the events that Firehose would send to the transform, by count and size. */
export function transformBatches(records: readonly LogRecord[]): LogRecord[][] {
  const batches: LogRecord[][] = [];
  let batch: LogRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    if (batch.length === MAX_EVENT_RECORDS || (batch.length > 0 && bytes + record.data.length > EVENT_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += record.data.length;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}

/**
 * Calls the transform with one event and holds its answer to Firehose's rules: every recordId back once, a known result,
 * at most 6 MB. A call that breaks them, or throws, is tried again; at last the whole batch fails, as on AWS.
 */
export async function invokeTransform(
  handler: TransformHandler,
  batch: LogRecord[],
  { deliveryStream, region }: { deliveryStream: string; region: string },
): Promise<Transformed[]> {
  const event: FirehoseTransformationEvent = {
    invocationId: crypto.randomUUID(),
    deliveryStreamArn: deliveryStreamArn(region, deliveryStream),
    region,
    records: batch.map(({ sequence, data, arrivedAt }) => ({
      recordId: String(sequence),
      approximateArrivalTimestamp: arrivedAt,
      data: data.toString('base64'),
    })),
  };
  let failure = '';
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    try {
      // Through JSON both ways, as Lambda does it: nothing but JSON crosses.
      const text = JSON.stringify(await handler(JSON.parse(JSON.stringify(event))));
      if (Buffer.byteLength(text) > MAX_RESPONSE_BYTES) throw new Error('the transform answered more than 6 MB');
      return pair(batch, JSON.parse(text) as FirehoseTransformationResult);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
  }
  return batch.map(source => ({
    result: 'Failed',
    source,
    reason: 'Lambda.InvokeFailed',
    errorCode: 'Lambda.InvokeFailed',
    errorMessage: failure,
    attempts: RETRIES + 1,
  }));
}

function pair(batch: LogRecord[], { records }: FirehoseTransformationResult): Transformed[] {
  const answers = new Map(records.map(answer => [answer.recordId, answer]));
  if (records.length !== batch.length || answers.size !== batch.length)
    throw new Error('the transform did not give every recordId back exactly once');
  return batch.map((source): Transformed => {
    const answer = answers.get(String(source.sequence));
    if (answer === undefined) throw new Error(`the transform did not give back recordId ${source.sequence}`);
    if (answer.result === 'Dropped') return { result: 'Dropped', source };
    const keys: Record<string, string | undefined> = answer.metadata?.partitionKeys ?? {};
    if (answer.result === 'ProcessingFailed') {
      const why =
        keys.reason === undefined ? 'ProcessingFailed status set for record' : `${keys.reason}: ${keys.detail}`;
      const errorCode = 'Lambda.ProcessingFailedStatus';
      return { result: 'Failed', source, reason: keys.reason ?? errorCode, errorCode, errorMessage: why, attempts: 1 };
    }
    if (answer.result !== 'Ok') throw new Error(`the transform answered an unknown result: ${String(answer.result)}`);
    if (keys.dt === undefined || !/^\d{4}-\d\d-\d\d$/.test(keys.dt))
      throw new Error('the transform gave no partition key dt');
    if (answer.data === undefined) throw new Error(`the transform gave no data for recordId ${source.sequence}`);
    return { result: 'Ok', source, data: Buffer.from(answer.data, 'base64'), dt: keys.dt };
  });
}
