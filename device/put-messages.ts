/**
 * Puts messages into the streams as the topic rule would, without a broker: from a gateway, or from another platform.
 */
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
  /** Both targets, or one of them. */
  targets: Partial<Record<Branch, StreamTarget>>;
  /** The device for messages that name none. */
  as?: string | undefined;
}

/** A message to put: any bytes, and which of two local times it has, if its position in its source decides. */
export interface OutgoingMessage {
  bytes: Uint8Array;
  occurrence?: Occurrence | undefined;
}

/** Message counts of one branch. */
export interface BranchCounts {
  taken: number;
  left: number;
}

/** Progress of a put. */
export interface PutProgress {
  /** Messages read and passed on. */
  messages: number;
  branches: Partial<Record<Branch, BranchCounts>>;
  elapsedMs: number;
}

export interface PutEffects extends CallEffects {
  now?: () => number;
  onProgress?: (progress: PutProgress) => void;
  /** Called for each message as it is passed on. */
  onMessage?: (topic: string, payload: Uint8Array, receivedAt: number, occurrence?: Occurrence) => void;
  /** Keeps the records that a branch did not accept; `why` is the reason. If it throws, the put fails. */
  onLeft: (branch: Branch, records: readonly StreamRecord[], why: string) => Promise<void>;
}

/** A stream accepts no more records; carries its error. */
export class StreamFailure extends Error {
  readonly branch: Branch;
  constructor(branch: Branch, cause: Error) {
    super(cause.message, { cause });
    this.name = 'StreamFailure';
    this.branch = branch;
  }
}

/** Groups in flight: enough to hide the network's latency, few enough to leave room for others. */
const MAX_GROUPS = 4;

/**
 * Puts the messages of each group into every target, and settles when each message was accepted or passed to
 * `onLeft`. A message is any bytes. One in an envelope keeps its topic and arrival time; others arrive now. If a
 * stream accepts no more, finishes the groups in flight and throws a `StreamFailure`. Stops reading then, or once the
 * signal is aborted.
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
    // Runs each branch to its end even if the other fails: what it leaves must be kept before this settles.
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
    // Only after reading: a group already read is gone from the pipe, so it must be put or left.
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
  // Without a topic, the message itself names the device; if it does not, the lake keeps it with the reason.
  const topic = cameOn ?? (device === undefined ? '' : topicOf(contract, device));
  onMessage?.(topic, payload, receivedAt, occurrence);
  const envelope = Buffer.from(wrapMessage(topic, payload, receivedAt, occurrence));
  return { envelope, partitionKey: topic.slice(0, LONGEST_KEY) || NO_TOPIC };
}

/** Kinesis's maximum key length, in characters; the minimum is one. */
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
