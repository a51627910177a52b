import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { Contract } from '../contract/contract.ts';
import { openRecord } from '../contract/envelope.ts';
import { type Reading, readMessage } from '../contract/reading.ts';
import { type Item, newestOfEachKey, toItem } from './items.ts';
import { itemWriter, olderItemWriter, type WriterOptions } from './write-items.ts';

/** What the consumer needs; `wait` is for tests. */
export interface ConsumerOptions extends WriterOptions {
  contract: Contract;
}

interface Entry {
  reading: Reading;
  item: Item;
  sequenceNumber: string;
  /** Reached the stream well after the message was received: it was put again. */
  isPutAgain: boolean;
}

/** A rule's action takes milliseconds; anything this late was put by hand, or by `sluice put`. */
const PUT_AGAIN_MS = 60_000;

/**
 * The hot path's Kinesis handler: writes readings to the hot table. Of several copies of a reading, the last received
 * wins within an event; across events, the later in the stream wins, but a record that was put again never replaces
 * one received after it. Skips records that the contract rejects: the delivery stream keeps them under `errors/`.
 * Items that DynamoDB still refuses after several retries with growing waits are reported as batch item failures, in
 * event order, so that Lambda resumes at the first. Failures of the table itself throw, once all writes have ended.
 */
export function createConsumer({ contract, ...writer }: ConsumerOptions) {
  const write = itemWriter(writer);
  const writeOlder = olderItemWriter(writer);
  return async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const entries = newestOfEachKey(contract, readEntries(contract, event));
    const failed = [
      ...(await write(entries.filter(({ isPutAgain }) => !isPutAgain))),
      ...(await writeOlder(entries.filter(({ isPutAgain }) => isPutAgain))),
    ];
    const identifiers = new Set(failed.map(({ sequenceNumber }) => sequenceNumber));
    return {
      batchItemFailures: event.Records.map(({ kinesis }) => kinesis.sequenceNumber)
        .filter(sequenceNumber => identifiers.has(sequenceNumber))
        .map(itemIdentifier => ({ itemIdentifier })),
    };
  };
}

function readEntries(contract: Contract, event: KinesisStreamEvent): Entry[] {
  return event.Records.flatMap(({ kinesis }) => {
    const arrivedAt = Math.round(kinesis.approximateArrivalTimestamp * 1000);
    const { payload, ...arrival } = openRecord(Buffer.from(kinesis.data, 'base64'), arrivedAt);
    const { reading } = readMessage(contract, payload, arrival);
    if (reading === undefined) return [];
    const { sequenceNumber } = kinesis;
    const isPutAgain = arrivedAt - arrival.receivedAt > PUT_AGAIN_MS;
    return [{ reading, item: toItem(contract, reading), sequenceNumber, isPutAgain }];
  });
}
