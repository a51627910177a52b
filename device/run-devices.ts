import type { Contract } from '../contract/contract.ts';
import { topicOf } from '../contract/envelope.ts';
import { readMessage } from '../contract/reading.ts';
import { UserError } from '../contract/user-error.ts';
import { type Connect, connections } from './connections.ts';
import type { Fleet, FleetMessage } from './fleet.ts';
import { writeMessage } from './message.ts';
import { pace, type Wait, wait } from './pace.ts';
import { signal as signalOf } from './signal.ts';

export interface RunOptions {
  fleet: Fleet;
  connect: Connect;
  /** The first event time, ms since the epoch. Times before now are published at once. Default: now. */
  fromMs?: number;
  /** Stops before this event time. Default: never. */
  untilMs?: number;
  /** Stops when every device has sent this many messages. */
  countPerDevice?: number;
}

/** Progress of a simulated fleet. */
export interface RunProgress {
  published: number;
  acknowledged: number;
}

export interface RunEffects {
  now?: () => number;
  wait?: Wait;
  signal?: AbortSignal;
  /** Called for each acknowledged message. */
  onAcknowledged?: (message: FleetMessage, progress: RunProgress) => void;
}

const MAX_OUTSTANDING = 1_024;
const GRACE_MS = 5_000;

/** Publishes a fleet's messages, each when it is due, until stopped; settles when all are acknowledged. */
export async function runFleet(options: RunOptions, effects: RunEffects = {}): Promise<RunProgress> {
  const { now = Date.now, wait: waitFor = wait, signal = new AbortController().signal, onAcknowledged } = effects;
  const { fleet, fromMs = now(), untilMs = Number.POSITIVE_INFINITY } = options;
  const progress: RunProgress = { published: 0, acknowledged: 0 };
  const devices = connections(options.connect);
  const outstanding = pace(MAX_OUTSTANDING, signal);
  try {
    for (const message of limit(fleet.messages(fromMs, untilMs), fleet.devices.length, options.countPerDevice)) {
      await outstanding.room();
      while (message.ts > now() && !signal.aborted) await waitFor(message.ts - now(), signal);
      if (signal.aborted) break;
      progress.published++;
      outstanding.track(
        devices.publish(message.deviceid, message.topic, message.payload).then(() => {
          progress.acknowledged++;
          onAcknowledged?.(message, { ...progress });
        }),
      );
    }
    await outstanding.drained(GRACE_MS);
  } finally {
    await devices.close();
  }
  return progress;
}

/** Throws a `UserError` if the contract would reject its simulated readings: no guess fits every contract. */
export function checkSimulation(contract: Contract, nowMs: number): void {
  const deviceid = 'device-001';
  const measure = signalOf({ seed: 1, deviceid, contract });
  for (let ts = nowMs; ; ts += 60_000) {
    const measures = measure(ts);
    if (measures === undefined) continue;
    const arrival = { receivedAt: ts, topic: topicOf(contract, deviceid) };
    const { rejection } = readMessage(contract, writeMessage(contract, { deviceid, ts, measures }), arrival);
    if (rejection === undefined) return;
    throw new UserError(`Cannot simulate readings for this contract: ${rejection.detail} (${rejection.reason}).`, {
      todo: 'Replay real messages instead: sluice device replay FILE',
    });
  }
}

function* limit(messages: Iterable<FleetMessage>, devices: number, count: number | undefined): Generator<FleetMessage> {
  if (count === 0) return;
  const sent = new Map<string, number>();
  let complete = 0;
  for (const message of messages) {
    const before = sent.get(message.deviceid) ?? 0;
    if (before === count) continue;
    sent.set(message.deviceid, before + 1);
    yield message;
    if (before + 1 === count && ++complete === devices) return;
  }
}
