import type { Contract } from '../../contract/contract.ts';
import { topicOf, wrapMessage } from '../../contract/envelope.ts';
import { type MessageContent, writeMessage } from '../../device/message.ts';
import { signal } from '../../device/signal.ts';

export const DEVICES = 1_000_000;
export const INTERVAL_MS = 60_000;
export const PER_SECOND = (DEVICES * 1000) / INTERVAL_MS;
const SEED = 7;
/** 2026-11-21, 12:00 UTC. */
const START_MS = Date.UTC(2026, 10, 21, 12);
/**
 * Coprime with the number of devices, so that each device sends once a minute, and neighbours in a file are not
 * neighbours by name.
 */
const STRIDE = 618_031;

/** A message of the fleet, and the envelope that the IoT rule makes of it. */
export interface Message {
  topic: string;
  payload: Buffer;
  record: Buffer;
  /** ms since the epoch. */
  receivedAt: number;
}

/** The fleet's messages from number `first`, in order of arrival. Always the same. */
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
    made.push(message(contract, { deviceid, ts, measures }, receivedAt));
  }
  return made;
}

/** An hour of messages, device by device, from as many devices as it takes for the given number. */
export function hourOfFewDevices(contract: Contract, howMany: number): Message[] {
  const made: Message[] = [];
  for (let device = 0; made.length < howMany; device++) {
    const deviceid = `device-${String(device * 97).padStart(7, '0')}`;
    const at = signal({ seed: SEED, deviceid, contract });
    for (let minute = 0; minute < 60; minute++) {
      const ts = START_MS + minute * INTERVAL_MS - (device % 900);
      const measures = at(ts);
      if (measures !== undefined) made.push(message(contract, { deviceid, ts, measures }, ts + 900));
    }
  }
  return made;
}

function message(contract: Contract, content: MessageContent, receivedAt: number): Message {
  const topic = topicOf(contract, content.deviceid);
  const payload = writeMessage(contract, content);
  return { topic, payload, record: Buffer.from(`${wrapMessage(topic, payload, receivedAt)}\n`), receivedAt };
}
