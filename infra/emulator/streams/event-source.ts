import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { publishFile } from '../disk/durable-files.ts';
import { messageOf, watchTrouble } from '../disk/trouble.ts';
import { type ConsumerState, consumerState, leftInLog } from './consumer-state.ts';
import { passes, ReportedFailure } from './handler-failure.ts';
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
  /** Wait before the first retry, ms; doubles with each further one, up to 5 s. */
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
  /** Handles what is in the log now and stops. What it cannot handle, after some more attempts, stays in the log. */
  finish(): Promise<void>;
  /** Stops after the batch in hand. */
  close(): Promise<void>;
  state(): ConsumerState;
}

const SETTINGS = { batchSize: 500, retries: 4, backoffMs: 100, meter: undefined, log: () => {} };
type Settings = Required<EventSourceOptions>;

/** Failures in a row after which `finish` leaves the rest in the log. */
const LAST_FAILURES = 3;

/**
 * Calls the handler with the stream's records in order, from the checkpoint on, and advances the checkpoint after each
 * success only. A failure that is none of the record's is tried again for ever: the record waits in the log.
 */
export function startEventSource(given: EventSourceOptions): EventSource {
  const options = { ...SETTINGS, ...given };
  const { store, stream } = options;
  const trouble = watchTrouble(`The consumer of ${stream}`, options.log, { firstWaitMs: options.backoffMs });
  const stopping = new AbortController();
  const hurrying = new AbortController();
  const state = () => consumerState(store, stream, trouble);
  const { nudge, nudged } = doorbell();
  const waiting = waitingRoom();
  store.onAppend(stream, nudge);
  stopping.signal.addEventListener('abort', nudge);

  async function run(): Promise<void> {
    options.meter?.startsAfter(store.checkpoint(stream));
    while (!stopping.signal.aborted) {
      const heard = nudged();
      try {
        const isIdle = !(await handleNext(options, stopping.signal));
        if (stopping.signal.aborted) break;
        trouble.succeeded();
        waiting.release(store.checkpoint(stream));
        if (isIdle) await heard;
      } catch (error) {
        options.meter?.failed(messageOf(error));
        await pause(trouble.failed(error));
      }
    }
    if (trouble.since !== undefined) options.log(leftInLog(state()));
  }

  async function pause(waitMs: number): Promise<void> {
    const isFinishing = hurrying.signal.aborted;
    if (isFinishing && trouble.failures >= LAST_FAILURES) stopping.abort();
    const signal = isFinishing ? stopping.signal : AbortSignal.any([stopping.signal, hurrying.signal]);
    await delay(waitMs, undefined, { signal }).catch(ignoreAbort);
  }

  function drained(): Promise<void> {
    const settled = waiting.until(store.lastSequence(stream));
    nudge();
    return Promise.race([running, settled]);
  }

  const running = run();
  async function close(): Promise<void> {
    stopping.abort();
    await running;
  }
  return {
    drained,
    finish: () => {
      hurrying.abort();
      return drained().then(close);
    },
    close,
    state,
  };
}

/** `nudged` settles at the first nudge after it was called: what comes between a read and the wait is not slept through. */
function doorbell() {
  let ring: () => void = () => {};
  return {
    nudge: () => ring(),
    nudged: () =>
      new Promise<void>(resolve => {
        ring = resolve;
      }),
  };
}

/** Those who wait until the checkpoint has reached a sequence number. */
function waitingRoom() {
  const waiters: { sequence: number; resolve: () => void }[] = [];
  return {
    until: (sequence: number) => new Promise<void>(resolve => waiters.push({ sequence, resolve })),
    release(position: number): void {
      for (let index = waiters.length - 1; index >= 0; index--)
        if ((waiters[index]?.sequence ?? 0) <= position) waiters.splice(index, 1)[0]?.resolve();
    },
  };
}

/** Handles one batch, and moves the checkpoint behind it; false if there was none. Returns early when stopped. */
async function handleNext(options: Settings, stop: AbortSignal): Promise<boolean> {
  const { store, stream, batchSize, meter } = options;
  const after = store.checkpoint(stream);
  const records = await store.read(stream, { after, limit: batchSize, maxBytes: 4_000_000 });
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined) {
    meter?.idle(after);
    return false;
  }
  meter?.begins(records.length, first.arrivedAt);
  await handleBatch(options, records, stop);
  if (stop.aborted) return true;
  await store.advance(stream, last.sequence);
  meter?.handled(last.sequence);
  return true;
}

/** Handles all of the records, or throws for a failure that passes; returns early, with nothing promised, when stopped. */
async function handleBatch(options: Settings, records: LogRecord[], stop: AbortSignal): Promise<void> {
  let remaining = records;
  for (let attempt = 0; !stop.aborted; ) {
    const failure = await invoke(options, remaining);
    if (failure === undefined) return;
    if (failure.firstFailed > 0) {
      // Some progress: what came before the first failure is done, and the attempts count anew.
      remaining = remaining.slice(failure.firstFailed);
      attempt = 0;
    } else if (passes(failure.error)) {
      throw failure.error;
    } else if (attempt < options.retries) {
      await delay(Math.min(5_000, options.backoffMs * 2 ** attempt++), undefined, { signal: stop }).catch(ignoreAbort);
    } else if (remaining.length > 1) {
      const middle = Math.ceil(remaining.length / 2);
      await handleBatch(options, remaining.slice(0, middle), stop);
      remaining = remaining.slice(middle);
      attempt = 0;
    } else {
      await giveUp(options, remaining, messageOf(failure.error));
      return;
    }
  }
}

interface Failure {
  /** Index of the first record that is not done. */
  firstFailed: number;
  error: unknown;
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
    return { firstFailed: Math.max(0, Math.min(...indexes)), error: new ReportedFailure() };
  } catch (error) {
    return { firstFailed: 0, error };
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

/** Records of a stream as Lambda hands them to a function. */
export function kinesisEvent(
  { stream, region }: Pick<EventSourceOptions, 'stream' | 'region'>,
  records: LogRecord[],
): KinesisStreamEvent {
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
