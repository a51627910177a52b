import type { Contract } from '../contract/contract.ts';
import { isDeviceId, topicDevice } from '../contract/reading.ts';

/**
 * The device that a message is of: that of the topic it came on, else the one that it names itself; undefined where neither
 * is the id of a device. Messages that the contract rejects count too: whatever else is wrong with it, a message belongs to
 * the device that it names.
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
    // Not JSON: it names nobody.
    return undefined;
  }
  for (const key of device.path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' ? value : undefined;
}
