import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { publishFile } from './durable-files.ts';
import { SHARD_ID, sequenceNumber, streamArn } from './kinesis.ts';
import type { LagMeter } from './lag-meter.ts';
import type { LogRecord, StreamStore } from './stream-store.ts';

export type KinesisHandler = (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;

/** An event source mapping from a stream to a function, with AWS Lambda's settings for one (ReportBatchItemFailures on). */
export interface EventSourceOptions {
  store: StreamStore;
  stream: string;
  region: string;
  handler: KinesisHandler;
  /** Most records in one event. */
  batchSize?: number;
  /** Attempts at one batch after the first, before it is halved, or, at one record, given up. */
  retries?: number;
  /** Wait before the first retry, ms; each further one doubles it, up to 5 s. */
  backoffMs?: number;
  /** Where records go that were given up, one JSON file each. */
  onFailureFolder: string;
  /** Told how far the consumer is. */
  meter?: LagMeter | undefined;
  log?: (line: string) => void;
}

export interface EventSource {
  /** Settles when every record that is in the log now has been handled or given up. */
  drained(): Promise<void>;
  /** Stops after the batch in hand. */
  close(): Promise<void>;
}

const SETTINGS = { batchSize: 500, retries: 4, backoffMs: 100, meter: undefined, log: () => {} };

/** Calls the handler with the stream's records in order, from the checkpoint on; advances the checkpoint after each success only. */
export function startEventSource(given: EventSourceOptions): EventSource {
  const options = { ...SETTINGS, ...given };
  const { store, stream, meter } = options;
  const stopping = new AbortController();
  const waiters: { sequence: number; resolve: () => void }[] = [];
  let wake: () => void = () => {};
  let isStale = false;
  let position = 0;
  /** There is something to look at: a record, someone who waits, or the end. */
  function nudge(): void {
    isStale = true;
    wake();
  }
  store.onAppend(stream, nudge);
  stopping.signal.addEventListener('abort', nudge);

  async function run(): Promise<void> {
    position = await store.checkpoint(stream);
    meter?.startsAfter(position);
    while (!stopping.signal.aborted) {
      isStale = false;
      const records = await store.read(stream, { after: position, limit: options.batchSize, maxBytes: 4_000_000 });
      if (records[0] === undefined) meter?.idle();
      else {
        meter?.begins(records.length, records[0].arrivedAt);
        await handleBatch(options, records, stopping.signal);
        if (stopping.signal.aborted) break;
        position = records.at(-1)?.sequence ?? position;
        await store.advance(stream, position);
        meter?.handled(position);
      }
      release();
      if (records.length === 0) await nudged();
    }
  }

  function nudged(): Promise<void> {
    return new Promise(resolve => {
      wake = resolve;
      // A nudge that came since the read must not be slept through.
      if (isStale) resolve();
    });
  }

  function release(): void {
    for (let index = waiters.length - 1; index >= 0; index--)
      if ((waiters[index]?.sequence ?? 0) <= position) waiters.splice(index, 1)[0]?.resolve();
  }

  const running = run();
  running.catch((error: unknown) => options.log(`the consumer of ${stream} stopped: ${String(error)}`));
  return {
    drained: () =>
      Promise.race([
        running,
        new Promise<void>(resolve => {
          waiters.push({ sequence: store.lastSequence(stream), resolve });
          nudge();
        }),
      ]),
    close: async () => {
      stopping.abort();
      await running;
    },
  };
}

type Settings = Required<EventSourceOptions>;

/** Handles all of the records or throws only for trouble of our own; returns early, with nothing promised, when stopped. */
async function handleBatch(options: Settings, records: LogRecord[], stop: AbortSignal): Promise<void> {
  let remaining = records;
  for (let attempt = 0; !stop.aborted; ) {
    const failure = await invoke(options, remaining);
    if (failure === undefined) return;
    if (failure.firstFailed > 0) {
      // Some progress: what came before the first failure is done, and the attempts count anew.
      remaining = remaining.slice(failure.firstFailed);
      attempt = 0;
    } else if (attempt < options.retries) {
      await delay(Math.min(5_000, options.backoffMs * 2 ** attempt++), undefined, { signal: stop }).catch(ignoreAbort);
    } else if (remaining.length > 1) {
      const middle = Math.ceil(remaining.length / 2);
      await handleBatch(options, remaining.slice(0, middle), stop);
      remaining = remaining.slice(middle);
      attempt = 0;
    } else {
      await giveUp(options, remaining, failure.message);
      return;
    }
  }
}

interface Failure {
  /** Index of the first record that is not done. */
  firstFailed: number;
  message: string;
}

async function invoke(options: Settings, records: LogRecord[]): Promise<Failure | undefined> {
  const event = kinesisEvent(options, records);
  try {
    // Through JSON both ways, as Lambda does it: nothing but JSON crosses.
    const response = JSON.parse(
      JSON.stringify(await options.handler(JSON.parse(JSON.stringify(event)))),
    ) as Partial<KinesisStreamBatchResponse> | null;
    const failed = response?.batchItemFailures ?? [];
    if (failed.length === 0) return undefined;
    const indexes = failed.map(({ itemIdentifier }) =>
      records.findIndex(({ sequence }) => sequenceNumber(sequence) === itemIdentifier),
    );
    // Lambda treats an identifier that it does not know as a failure of the whole batch.
    return { firstFailed: Math.max(0, Math.min(...indexes)), message: 'the handler reported the record as failed' };
  } catch (error) {
    return { firstFailed: 0, message: error instanceof Error ? error.message : String(error) };
  }
}

async function giveUp(
  { stream, onFailureFolder, log }: Settings,
  records: LogRecord[],
  message: string,
): Promise<void> {
  for (const { sequence, partitionKey, data, arrivedAt } of records) {
    const file = path.join(onFailureFolder, stream, `${sequenceNumber(sequence)}.json`);
    const content = {
      stream,
      sequenceNumber: sequenceNumber(sequence),
      partitionKey,
      arrivedAt: new Date(arrivedAt).toISOString(),
      error: message,
      data: data.toString('base64'),
    };
    await publishFile(file, Buffer.from(`${JSON.stringify(content, null, 2)}\n`));
    log(`record ${sequence} of ${stream} was given up after its retries (${message}); it is kept in ${file}`);
  }
}

function kinesisEvent({ stream, region }: Settings, records: LogRecord[]): KinesisStreamEvent {
  return {
    Records: records.map(({ sequence, partitionKey, data, arrivedAt }) => ({
      awsRegion: region,
      eventID: `${SHARD_ID}:${sequenceNumber(sequence)}`,
      eventName: 'aws:kinesis:record',
      eventSource: 'aws:kinesis',
      eventSourceARN: streamArn(region, stream),
      eventVersion: '1.0',
      invokeIdentityArn: 'arn:aws:iam::000000000000:role/sluice-local',
      kinesis: {
        approximateArrivalTimestamp: arrivedAt / 1000,
        data: data.toString('base64'),
        kinesisSchemaVersion: '1.0',
        partitionKey,
        sequenceNumber: sequenceNumber(sequence),
      },
    })),
  };
}

function ignoreAbort(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}
