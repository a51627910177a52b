import { provisionDevice } from '../device/provision.ts';
import { connectDevice } from '../device/publish.ts';
import { message } from './publishing.ts';

/**
 * Publishes messages one after the other, and returns for each the ms from its publish until `GET /datas/…` shows it.
 */
export async function measureVisibility(data: string, mqttPort: number, api: string, count: number): Promise<number[]> {
  const id = 'bench-visible';
  const identity = await provisionDevice(data, id);
  const publisher = await connectDevice({ host: '127.0.0.1', port: mqttPort, identity, clientId: id });
  const startMs = Date.now() - count * 1000;
  const latencies: number[] = [];
  for (let index = 0; index < count; index++) {
    const ms = startMs + index * 1000;
    const published = performance.now();
    const acknowledged = publisher.publish(`data/${id}`, message(id, ms));
    await untilVisible(api, id, new Date(ms).toISOString());
    latencies.push(performance.now() - published);
    await acknowledged;
  }
  await publisher.close();
  return latencies;
}

async function untilVisible(api: string, id: string, timestamp: string): Promise<void> {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const response = await fetch(`${api}/datas/${id}?limit=1`);
    const body = (await response.json()) as Record<string, { timestamp: string }[]>;
    if (body[id]?.[0]?.timestamp === timestamp) return;
  }
  throw new Error(`${timestamp} of ${id} did not become visible`);
}

/** The value below which the given share of the sorted values lies, by the nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
