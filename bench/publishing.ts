import { provisionDevice } from '../device/provision.ts';
import { connectDevice, type Publisher } from '../device/publish.ts';

/** A load on a broker: the number of devices, messages in total, and unacknowledged messages per device. */
export interface Load {
  clients: number;
  messages: number;
  mapConcurrent: number;
}

/** Publishes the load over mutual TLS with QoS 1, and returns the acknowledged messages per second. */
export async function publishLoad(data: string, mqttPort: number, load: Load, startMs: number): Promise<number> {
  const ids = Array.from({ length: load.clients }, (_, index) => `bench-${String(index).padStart(3, '0')}`);
  const publishers: Publisher[] = [];
  for (const id of ids) {
    const identity = await provisionDevice(data, id);
    publishers.push(
      await connectDevice({
        host: '127.0.0.1',
        port: mqttPort,
        identity,
        clientId: id,
        maxInFlight: load.mapConcurrent,
      }),
    );
  }
  const each = Math.floor(load.messages / load.clients);
  const started = performance.now();
  await Promise.all(publishers.map((publisher, index) => publishMany(publisher, ids[index] ?? '', each, startMs)));
  const seconds = (performance.now() - started) / 1000;
  for (const publisher of publishers) await publisher.close();
  return (each * load.clients) / seconds;
}

/** The publisher holds back messages beyond its window, so they can all be passed at once. */
async function publishMany(publisher: Publisher, id: string, count: number, startMs: number): Promise<void> {
  const acknowledged: Promise<void>[] = [];
  for (let index = 0; index < count; index++)
    acknowledged.push(publisher.publish(`data/${id}`, message(id, startMs + index * 1000)));
  await Promise.all(acknowledged);
}

/** A message of the default contract, unique for its device and time. */
export function message(id: string, ms: number): Buffer {
  const temperature = 20 + Math.sin(ms / 13_750_000) * 5;
  return Buffer.from(
    JSON.stringify({
      DEVICE_NAME: id,
      TIMESTAMP: new Date(ms).toISOString(),
      TEMPERATURE: Math.round(temperature * 10) / 10,
      HUMIDITY: 50,
    }),
  );
}
