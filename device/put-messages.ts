/** Puts messages into the streams as the topic rule would, without a broker: of a gateway, or of another platform. */
import type { Contract } from '../contract/contract.ts';
import { openRecord, topicOf, wrapMessage } from '../contract/envelope.ts';
import type { Occurrence } from '../contract/repeated-time.ts';
import { pace } from './pace.ts';
import { publisherOf } from './publisher.ts';
import { type PutEffects as CallEffects, putRecords } from './put-records.ts';
import type { StreamRecord, StreamTarget } from './stream-targets.ts';

/** The branches of the fan-out. */
export type Branch = 'hot' | 'lake';

export interface PutOptions {
  contract: Contract;
  /** Where to: both, or one of them. */
  targets: Partial<Record<Branch, StreamTarget>>;
  /** The device of messages that name none. */
  as?: string | undefined;
}

/** A message to be put: any bytes, and which of two times it is of, where its place in its source tells. */
export interface OutgoingMessage {
  bytes: Uint8Array;
  occurrence?: Occurrence | undefined;
}

/** What became of messages in one branch: counts. */
export interface BranchCounts {
  taken: number;
  left: number;
}

/** How far it got. */
export interface PutProgress {
  /** Read, and handed on. */
  messages: number;
  branches: Partial<Record<Branch, BranchCounts>>;
  elapsedMs: number;
}

export interface PutEffects extends CallEffects {
  now?: () => number;
  onProgress?: (progress: PutProgress) => void;
  /** Told of each message as it is handed on. */
  onMessage?: (topic: string, payload: Uint8Array, receivedAt: number, occurrence?: Occurrence) => void;
  /** Keeps what a branch did not take; `why` says so in words. What it throws ends the whole. */
  onLeft: (branch: Branch, records: readonly StreamRecord[], why: string) => Promise<void>;
}

/** A stream that takes no more, and what it said. */
export class StreamFailure extends Error {
  readonly branch: Branch;
  constructor(branch: Branch, cause: Error) {
    super(cause.message, { cause });
    this.name = 'StreamFailure';
    this.branch = branch;
  }
}

/** Groups on their way at one time: enough to hide the network's latency, few enough to leave room for others. */
const MAX_GROUPS = 4;

/**
 * Puts the messages of each group into every target, and settles when each message was taken or given to `onLeft`. A message
 * is any bytes; one that comes in an envelope keeps its topic and its time of arrival, others arrive now. Throws a
 * `StreamFailure` where a stream takes no more, after what was under way; reads no further then, or once the signal is aborted.
 */
export async function put(
  groups: AsyncIterable<readonly OutgoingMessage[]>,
  options: PutOptions,
  effects: PutEffects,
): Promise<PutProgress> {
  const { now = Date.now, signal = new AbortController().signal, onProgress } = effects;
  const startedAt = now();
  const branches = Object.entries(options.targets).map(([name, target]) => ({
    branch: name as Branch, // the keys of `targets`
    target,
    counts: { taken: 0, left: 0 },
  }));
  const progress: PutProgress = {
    messages: 0,
    branches: Object.fromEntries(branches.map(({ branch, counts }) => [branch, counts])),
    elapsedMs: 0,
  };
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  const outstanding = pace(MAX_GROUPS * branches.length, ended);
  for await (const group of groups) {
    const records = group.map(message => toRecord(message, options, effects));
    progress.messages += records.length;
    // Each branch to its end, whatever becomes of the other: what it leaves is to be kept before this settles.
    for (const branch of branches)
      outstanding.track(
        putInto(branch, records, effects).then(
          () => {
            progress.elapsedMs = now() - startedAt;
            onProgress?.(progress);
          },
          (error: unknown) => failed.abort(error),
        ),
      );
    // Here, and not before: a group that has been read is gone from a pipe, so that it is put, or left.
    await outstanding.room();
    if (ended.aborted) break;
  }
  await outstanding.drained(Number.POSITIVE_INFINITY);
  progress.elapsedMs = now() - startedAt;
  failed.signal.throwIfAborted();
  return progress;
}

function toRecord(
  { bytes, occurrence: byOrder }: OutgoingMessage,
  { contract, as }: PutOptions,
  { now = Date.now, onMessage }: PutEffects,
) {
  const { payload, receivedAt, topic: cameOn, occurrence = byOrder } = openRecord(bytes, now());
  const device = publisherOf(contract, payload, cameOn) ?? as;
  // Without a topic the message speaks for itself; where it does not, the lake keeps it with the reason.
  const topic = cameOn ?? (device === undefined ? '' : topicOf(contract, device));
  onMessage?.(topic, payload, receivedAt, occurrence);
  const envelope = Buffer.from(wrapMessage(topic, payload, receivedAt, occurrence));
  return { envelope, partitionKey: topic.slice(0, LONGEST_KEY) || NO_TOPIC };
}

/** Of Kinesis, in characters; a key has at least one. */
const LONGEST_KEY = 256;
const NO_TOPIC = '-';

async function putInto(
  { branch, target, counts }: { branch: Branch; target: StreamTarget; counts: BranchCounts },
  records: readonly StreamRecord[],
  effects: PutEffects,
): Promise<void> {
  const fits = (record: StreamRecord) => target.bytesOf(record) <= target.maxRecordBytes;
  const tooLarge = records.filter(record => !fits(record));
  const { left, failure } = await putRecords(records.filter(fits), target, effects);
  counts.left += tooLarge.length + left.length;
  counts.taken += records.length - tooLarge.length - left.length;
  if (tooLarge.length > 0)
    await effects.onLeft(branch, tooLarge, `more than the ${target.maxRecordBytes} bytes of a record`);
  if (left.length > 0) await effects.onLeft(branch, left, failure?.message ?? 'stopped');
  if (failure !== undefined) throw new StreamFailure(branch, failure);
}
