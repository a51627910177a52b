import { setTimeout as delay } from 'node:timers/promises';
import { provisionDevice } from '../device/provision.ts';
import { connectDevice, type Publisher } from '../device/publish.ts';
import { startSluice } from './processes.ts';
import { message } from './publishing.ts';
import { percentile } from './visibility.ts';

/** An offered load, whether the stack accepts it or not. */
export interface Offer {
  devices: number;
  messagesPerSecond: number;
  seconds: number;
}

interface Sample {
  lagSeconds: { hotPath: number; delivery: number };
  eventLoopSeconds: number;
  answerMs: number;
}

const TICK_MS = 50;

/**
 * Offers more than the stack may be able to take, and watches its pages: acknowledgements must slow down before a
 * consumer is more than a few seconds behind, and the process must keep answering.
 */
export async function benchPressure(data: string, offer: Offer, say: (line: string) => void): Promise<void> {
  const sluice = await startSluice(data);
  const publishers = await connectAll(data, sluice.mqttPort, offer.devices);
  say(`${offer.devices} devices, ${offer.messagesPerSecond} messages/s offered for ${offer.seconds} s`);
  const samples: Sample[] = [];
  const ended = new AbortController();
  const watching = watch(sluice.api, samples, ended.signal);
  const { offered, acknowledged, seconds } = await publishAtRate(publishers, offer);
  ended.abort();
  await watching;
  report({ samples, offered, acknowledged, seconds }, say);
  await Promise.all(publishers.map(({ publisher }) => publisher.close()));
  await sluice.stop();
}

interface Device {
  id: string;
  publisher: Publisher;
}

async function connectAll(data: string, port: number, count: number): Promise<Device[]> {
  const devices: Device[] = [];
  for (let index = 0; index < count; index++) {
    const id = `pressure-${String(index).padStart(4, '0')}`;
    const identity = await provisionDevice(data, id);
    const publisher = await connectDevice({ host: '127.0.0.1', port, identity, clientId: id, maxInFlight: 16 });
    devices.push({ id, publisher });
  }
  return devices;
}

/** Offers messages by the clock; unsent ones wait in the device's outbox. Resolves when all are acknowledged. */
async function publishAtRate(devices: Device[], { messagesPerSecond, seconds }: Offer) {
  const started = performance.now();
  const startMs = Date.now();
  const total = messagesPerSecond * seconds;
  const acknowledgements: Promise<void>[] = [];
  let inTime = 0;
  for (let offered = 0; offered < total; await delay(TICK_MS)) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * messagesPerSecond));
    for (; offered < due; offered++) {
      const device = devices[offered % devices.length];
      if (device === undefined) throw new Error('there are no devices');
      const payload = message(device.id, startMs + Math.floor(offered / devices.length));
      acknowledgements.push(
        device.publisher.publish(`data/${device.id}`, payload).then(() => {
          inTime++;
        }),
      );
    }
  }
  const offeredSeconds = (performance.now() - started) / 1000;
  const acknowledged = inTime;
  await Promise.all(acknowledgements);
  return { offered: total, acknowledged, seconds: offeredSeconds };
}

async function watch(api: string, samples: Sample[], ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const started = performance.now();
    const text = await (await fetch(`${api}/metrics`)).text();
    const value = (name: string) =>
      Number(
        text
          .split('\n')
          .find(line => line.startsWith(`${name} `))
          ?.split(' ')[1],
      );
    samples.push({
      lagSeconds: {
        hotPath: value('sluice_consumer_lag_seconds{consumer="hot-path"}'),
        delivery: value('sluice_consumer_lag_seconds{consumer="delivery"}'),
      },
      eventLoopSeconds: value('nodejs_eventloop_lag_max_seconds'),
      answerMs: performance.now() - started,
    });
    await delay(500);
  }
}

function report(
  run: { samples: Sample[]; offered: number; acknowledged: number; seconds: number },
  say: (line: string) => void,
): void {
  const most = (read: (sample: Sample) => number) => Math.max(...run.samples.map(read)).toFixed(1);
  say(`  acknowledged ${Math.round(run.acknowledged / run.seconds)}/s of ${Math.round(run.offered / run.seconds)}/s`);
  say(
    `  maximum lag: hot path ${most(({ lagSeconds }) => lagSeconds.hotPath)} s, delivery ${most(({ lagSeconds }) => lagSeconds.delivery)} s`,
  );
  const p99 = percentile(
    run.samples.map(({ eventLoopSeconds }) => eventLoopSeconds),
    0.99,
  );
  say(`  event loop delay: p99 ${p99.toFixed(2)} s, maximum ${most(({ eventLoopSeconds }) => eventLoopSeconds)} s`);
  say(`  GET /metrics: maximum ${most(({ answerMs }) => answerMs)} ms`);
}
