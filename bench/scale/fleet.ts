import type { Contract } from '../../contract/contract.ts';
import { wrapMessage } from '../../contract/envelope.ts';
import { writeMessage } from '../../device/message.ts';
import { signal } from '../../device/signal.ts';

export const DEVICES = 1_000_000;
export const INTERVAL_MS = 60_000;
export const PER_SECOND = (DEVICES * 1000) / INTERVAL_MS;
const SEED = 7;
/** 2026-11-21, 12:00 UTC. */
const START_MS = Date.UTC(2026, 10, 21, 12);
/** Prime to the number of devices, so that each comes once a minute, and neighbours in a file are not neighbours in name. */
const STRIDE = 618_031;

/** A message of the fleet, and as the IoT rule passes it on. */
export interface Message {
  topic: string;
  payload: Buffer;
  record: Buffer;
  /** ms since the epoch. */
  receivedAt: number;
}

/** The first messages of the fleet from `first` on, in the order in which they arrive. The same always. */
export function messages(contract: Contract, howMany: number, first = 0): Message[] {
  const made: Message[] = [];
  for (let ordinal = first; made.length < howMany; ordinal++) {
    const device = (ordinal * STRIDE) % DEVICES;
    const deviceid = `device-${String(device).padStart(7, '0')}`;
    const receivedAt = START_MS + Math.floor((ordinal * INTERVAL_MS) / DEVICES);
    const ts = receivedAt - (device % 900);
    const measures = signal({ seed: SEED, deviceid, contract })(ts);
    // Some devices are silent for a while.
    if (measures === undefined) continue;
    const topic = contract.topic.replace('{deviceid}', deviceid);
    const payload = writeMessage(contract, { deviceid, ts, measures });
    made.push({ topic, payload, record: Buffer.from(`${wrapMessage(topic, payload, receivedAt)}\n`), receivedAt });
  }
  return made;
}
