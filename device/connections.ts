import type { Publisher } from './publish.ts';

/** Connects a device. */
export type Connect = (deviceid: string) => Promise<Publisher>;

/** One connection per device, opened when its first message is published. */
export interface Connections {
  /** Sends messages of one device in call order. */
  publish(deviceid: string, topic: string, payload: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export function connections(connect: Connect): Connections {
  const publishers = new Map<string, Promise<Publisher>>();
  return {
    async publish(deviceid, topic, payload) {
      let publisher = publishers.get(deviceid);
      if (publisher === undefined) {
        publisher = connect(deviceid);
        publishers.set(deviceid, publisher);
      }
      await (await publisher).publish(topic, payload);
    },
    async close() {
      const made = await Promise.allSettled(publishers.values());
      await Promise.all(made.map(result => (result.status === 'fulfilled' ? result.value.close() : undefined)));
    },
  };
}
