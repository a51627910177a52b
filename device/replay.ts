import { type Contract, IOT_MAX_PAYLOAD_BYTES } from '../contract/contract.ts';
import { topicOf } from '../contract/envelope.ts';
import { readMessage } from '../contract/reading.ts';
import { type Connect, connections } from './connections.ts';
import { pace, type Wait, wait } from './pace.ts';
import { readSource, type SourceMessage, sourceFiles } from './replay-source.ts';

export interface ReplayOptions {
  contract: Contract;
  /** Files and folders; see `readSource` for the formats. */
  paths: readonly string[];
  connect: Connect;
  /** The device that publishes messages without one. If absent, they are skipped. */
  as?: string;
  /** Messages per second, over all devices. Default: as fast as they are acknowledged. */
  rate?: number;
}

/** Progress of a replay. */
export interface ReplayProgress {
  /** Passed to a connection. */
  published: number;
  /** Acknowledged by the broker. */
  acknowledged: number;
  /** Messages that could not be published, and damaged files. */
  skipped: number;
  elapsedMs: number;
}

export interface ReplayEffects {
  now?: () => number;
  wait?: Wait;
  signal?: AbortSignal;
  onProgress?: (progress: ReplayProgress) => void;
  /** Called for each message as it is passed to its device's connection. */
  onPublish?: (topic: string, payload: Uint8Array) => void;
  /** Called for each message or file that was not replayed, with the reason. */
  onSkip?: (where: string, why: string) => void;
}

/** Messages in flight over all devices; each connection has its own, smaller window. */
const MAX_OUTSTANDING = 1_024;
const GRACE_MS = 5_000;

/**
 * Publishes the messages of files as their devices would: the original bytes, each on its device's topic and
 * connection, with QoS 1, in order per device. Settles when every message is acknowledged, or, after `signal` is
 * aborted, when those in flight are. Throws if the broker is unreachable or refuses a message.
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
  if (deviceid === undefined) return { why: 'it names no device; use --as DEVICE to choose one' };
  if (payload.byteLength > IOT_MAX_PAYLOAD_BYTES)
    return { why: `${payload.byteLength} bytes exceed the ${IOT_MAX_PAYLOAD_BYTES} of an MQTT message` };
  // MQTT carries only the bytes: the lake decides by arrival time, which is now.
  if (occurrence !== undefined) {
    const { repeated } = readMessage(contract, payload, { receivedAt: now, topic: topicOf(contract, deviceid) });
    if (repeated !== undefined && repeated.occurrence !== occurrence)
      return {
        why: 'its local time is the second of two; over MQTT it would count as the first. Use sluice put',
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
