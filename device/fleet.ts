import type { Contract } from '../contract/contract.ts';
import { topicOf } from '../contract/envelope.ts';
import { writeMessage } from './message.ts';
import { noise } from './noise.ts';
import { signal } from './signal.ts';

export interface FleetOptions {
  contract: Contract;
  /** Unique device ids. */
  devices: readonly string[];
  /** Each device sends once per interval, at its own offset. */
  intervalMs: number;
  seed: number;
}

/**
 * A message that is due: `payload` is its bytes, `topic` its device's topic, `ts` both its event time and its send
 * time.
 */
export interface FleetMessage {
  deviceid: string;
  topic: string;
  ts: number;
  payload: Buffer;
}

export interface Fleet {
  devices: readonly string[];
  /**
   * Everything the fleet sends at `fromMs ≤ t < toMs`, in time order. Adjacent spans give the same messages as one
   * span.
   */
  messages(fromMs: number, toMs: number): Generator<FleetMessage>;
}

/** `device-001`, `device-002`, … */
export function fleetIds(count: number): string[] {
  const width = Math.max(3, String(count).length);
  return Array.from({ length: count }, (_, index) => `device-${String(index + 1).padStart(width, '0')}`);
}

/** A simulated fleet; the same options give the same messages. Times are whole seconds if the interval is. */
export function fleet({ contract, devices, intervalMs, seed }: FleetOptions): Fleet {
  const quantumMs = intervalMs % 1_000 === 0 ? 1_000 : 1;
  const members = devices.map(deviceid => ({
    deviceid,
    topic: topicOf(contract, deviceid),
    measure: signal({ seed, deviceid, contract }),
    schedule: schedule(noise(seed, deviceid, 'schedule'), intervalMs, quantumMs),
  }));
  return {
    devices,
    *messages(fromMs, toMs) {
      for (let tick = Math.floor(fromMs / intervalMs); tick * intervalMs < toMs; tick++) {
        const due = members
          .map(member => ({ ...member, ts: member.schedule(tick) }))
          .filter(({ ts }) => ts >= fromMs && ts < toMs)
          .sort((a, b) => a.ts - b.ts);
        for (const { deviceid, topic, measure, ts } of due) {
          const measures = measure(ts);
          if (measures === undefined) continue;
          yield { deviceid, topic, ts, payload: writeMessage(contract, { deviceid, ts, measures }) };
        }
      }
    },
  };
}

/** A device's offset within each interval: its own phase plus a jitter of up to a tenth of the interval. */
function schedule(source: ReturnType<typeof noise>, intervalMs: number, quantumMs: number): (tick: number) => number {
  const phase = 0.9 * source.uniform(-1);
  return tick => {
    const offset = (phase + 0.1 * source.uniform(tick)) * intervalMs;
    return tick * intervalMs + Math.floor(offset / quantumMs) * quantumMs;
  };
}
