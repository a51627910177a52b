import type { Contract } from '../contract/contract.ts';
import { isDeviceId, topicDevice } from '../contract/reading.ts';

/**
 * The device of a message: from its topic, else from the message itself; undefined if neither holds a valid device
 * id. This includes messages that the contract rejects: whatever else is wrong, a message belongs to the device it
 * names.
 */
export function publisherOf(contract: Contract, payload: Uint8Array, topic: string | undefined): string | undefined {
  const id = topic === undefined ? deviceNamedIn(contract, payload) : topicDevice(contract.topic, topic);
  return id !== undefined && isDeviceId(id) ? id : undefined;
}

function deviceNamedIn({ device }: Contract, payload: Uint8Array): string | undefined {
  if (device.from === 'topic') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'));
  } catch {
    // Not JSON: names no device.
    return undefined;
  }
  for (const key of device.path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' ? value : undefined;
}
