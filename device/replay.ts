import { type Contract, IOT_MAX_PAYLOAD_BYTES } from '../contract/contract.ts';
import { topicOf } from '../contract/envelope.ts';
import { readMessage } from '../contract/reading.ts';
import { type Connect, connections } from './connections.ts';
import { pace, type Wait, wait } from './pace.ts';
import { readSource, type SourceMessage, sourceFiles } from './replay-source.ts';

export interface ReplayOptions {
  contract: Contract;
  /** Files and folders; see `readSource` for their forms. */
  paths: readonly string[];
  connect: Connect;
  /** Publishes the messages that name no device. Without it they are skipped. */
  as?: string;
  /** Messages a second, over all devices. Default: as fast as they are acknowledged. */
  rate?: number;
}

/** How far a replay got. */
export interface ReplayProgress {
  /** Handed to a connection. */
  published: number;
  /** Known to be stored by the broker. */
  acknowledged: number;
  /** Messages that could not be published, and files that were damaged. */
  skipped: number;
  elapsedMs: number;
}

export interface ReplayEffects {
  now?: () => number;
  wait?: Wait;
  signal?: AbortSignal;
  onProgress?: (progress: ReplayProgress) => void;
  /** Told of each message as it is handed to its device's connection. */
  onPublish?: (topic: string, payload: Uint8Array) => void;
  /** Told of each message or file that was not replayed, and why. */
  onSkip?: (where: string, why: string) => void;
}

/** Messages on their way over all devices; each connection has its own, smaller window. */
const MAX_OUTSTANDING = 1_024;
const GRACE_MS = 5_000;

/**
 * Publishes the messages of files as their devices would: the original bytes, each on its device's own topic over its
 * own connection, QoS 1, in order per device. Settles when every message is acknowledged, or, once `signal` is aborted,
 * when those on their way are. Throws where the broker cannot be reached or refuses a message.
 */
export async function replay(options: ReplayOptions, effects: ReplayEffects = {}): Promise<ReplayProgress> {
  const { now = Date.now, signal = new AbortController().signal, onProgress, onPublish, onSkip } = effects;
  const startedAt = now();
  const progress: ReplayProgress = { published: 0, acknowledged: 0, skipped: 0, elapsedMs: 0 };
  const devices = connections(options.connect);
  const outstanding = pace(MAX_OUTSTANDING, signal);
  const report = () => {
    progress.elapsedMs = now() - startedAt;
    onProgress?.({ ...progress });
  };
  const skip = (where: string, why: string) => {
    progress.skipped++;
    onSkip?.(where, why);
  };
  try {
    for (const file of await sourceFiles(options.paths)) {
      if (signal.aborted) break;
      const source = await readSource(options.contract, file);
      for (const message of source.messages()) {
        const publishable = chooseDevice(options, message, now());
        if (publishable.why !== undefined) {
          skip(message.where, publishable.why);
          continue;
        }
        await outstanding.room();
        await keepRate(options.rate, progress.published, startedAt, effects);
        if (signal.aborted) break;
        progress.published++;
        const topic = topicOf(options.contract, publishable.deviceid);
        onPublish?.(topic, message.payload);
        outstanding.track(
          devices.publish(publishable.deviceid, topic, message.payload).then(() => {
            progress.acknowledged++;
            report();
          }),
        );
      }
      if (source.fault !== undefined) skip(file, `the file ${source.fault}`);
    }
    await outstanding.drained(GRACE_MS);
  } finally {
    report();
    await devices.close();
  }
  return progress;
}

function chooseDevice(
  { as, contract }: ReplayOptions,
  { deviceid = as, payload, occurrence }: SourceMessage,
  now: number,
): { deviceid: string; why?: never } | { why: string; deviceid?: never } {
  if (deviceid === undefined) return { why: 'it names no device; --as DEVICE lets one publish it' };
  if (payload.byteLength > IOT_MAX_PAYLOAD_BYTES)
    return { why: `its ${payload.byteLength} bytes are more than the ${IOT_MAX_PAYLOAD_BYTES} of an MQTT message` };
  // MQTT carries the bytes alone: the lake will judge by the time of arrival, which is now.
  if (occurrence !== undefined) {
    const { repeated } = readMessage(contract, payload, { receivedAt: now, topic: topicOf(contract, deviceid) });
    if (repeated !== undefined && repeated.occurrence !== occurrence)
      return {
        why: 'its local time occurs twice, and it is of the second; over MQTT it would be taken for the first. Use sluice put',
      };
  }
  return { deviceid };
}

async function keepRate(
  rate: number | undefined,
  published: number,
  startedAt: number,
  { now = Date.now, wait: waitFor = wait, signal = new AbortController().signal }: ReplayEffects,
): Promise<void> {
  if (rate === undefined) return;
  const aheadMs = startedAt + (published * 1_000) / rate - now();
  if (aheadMs >= 1) await waitFor(aheadMs, signal);
}
