/**
 * The publisher's process: sends messages over MQTT and into Firehose and Kinesis, and keeps its own list of
 * acknowledgements. `node publisher.js DATA WORK SEED FIRST_MS`; its orders come over IPC, see publisher-process.ts.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { provisionDevice } from '../../device/provision.ts';
import { connectDevice, type Publisher } from '../../device/publish.ts';
import type { RunFile } from '../../infra/local/run-file.ts';
import { type DirectPut, putFirehose, putKinesis } from './direct-put.ts';
import { FIREHOSE_DEVICES, KINESIS_DEVICES, keyOf, MQTT_DEVICES, type Numbering, payloadOf } from './message.ts';
import type { Counts } from './outcome.ts';
import { type Order, type Report, WAYS } from './publisher-process.ts';
import { openSentList } from './sent-list.ts';

/** Constant rates, so that a run's lists stay small enough to compare after each kill. */
const TICK_MS = 20;
const MQTT_PER_TICK = 5;
const MAX_IN_FLIGHT = 200;
const DIRECT_BATCH = 12;
const DIRECT_PAUSE_MS = 50;

const [, , data = '', work = '', seed = '', firstMs = ''] = process.argv;
const numbering: Numbering = { seed: Number(seed), firstMs: Number(firstMs) };
const list = openSentList(path.join(work, 'sent.txt'));
const counts: Counts = { mqtt: 0, firehose: 0, kinesis: 0, unanswered: 0 };
const inHand = new Set<Promise<void>>();
let isPublishing = false;
/** Whether the stack may refuse records now, because the harness has broken its disk. */
let mayRefuse = false;

// Ctrl-C goes to every process of the terminal; this one ends with the harness.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    process.stderr.write(`the publisher failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
});

const devices = new Map<string, Publisher>();
/** How often a device lost its connection. */
const losses = new Map<string, number>();
let firehose: DirectPut | undefined;
let kinesis: DirectPut | undefined;

async function obey(order: Order): Promise<void> {
  if (!('run' in order)) {
    if (order.kind === 'pause') {
      isPublishing = false;
      while (inHand.size > 0) await Promise.all(inHand);
    }
    return report({ kind: 'counted', ...counts });
  }
  const { run } = order;
  mayRefuse = order.mayRefuse === true;
  firehose?.close();
  kinesis?.close();
  firehose = putFirehose(run);
  kinesis = putKinesis(run);
  if (devices.size === 0) await connectAll(run);
  if (order.kind === 'publish' && !isPublishing) {
    isPublishing = true;
    const ways = order.ways ?? WAYS;
    for (const device of ways.includes('mqtt') ? MQTT_DEVICES : []) track(publishOverMqtt(device));
    for (const device of ways.includes('firehose') ? FIREHOSE_DEVICES : []) track(putDirectly('firehose', device));
    for (const device of ways.includes('kinesis') ? KINESIS_DEVICES : []) track(putDirectly('kinesis', device));
  }
  report({ kind: 'ready' });
}

async function connectAll({ mqtt }: RunFile): Promise<void> {
  const { hostname: host, port } = new URL(mqtt);
  for (const id of MQTT_DEVICES) {
    const identity = await provisionDevice(data, id);
    // Every kill may end a connection before its first acknowledgement; that does not mean that a message was refused.
    const options = { host, port: Number(port), identity, clientId: id, maxInFlight: 64, patience: 10_000 };
    const onConnection = (state: 'lost' | 'back') => {
      if (state === 'lost') losses.set(id, lossesOf(id) + 1);
    };
    devices.set(id, await connectDevice(options, { onConnection }));
  }
}

function lossesOf(device: string): number {
  return losses.get(device) ?? 0;
}

const next = new Map<string, number>();

function takeNumber(device: string): number {
  const number = next.get(device) ?? 0;
  next.set(device, number + 1);
  return number;
}

async function publishOverMqtt(device: string): Promise<void> {
  const publisher = devices.get(device);
  if (publisher === undefined) throw new Error(`${device} is not connected`);
  let unacknowledged = 0;
  for (; isPublishing; await delay(TICK_MS)) {
    for (let sent = 0; sent < MQTT_PER_TICK && unacknowledged < MAX_IN_FLIGHT; sent++) {
      const number = takeNumber(device);
      const before = lossesOf(device);
      unacknowledged++;
      track(
        publisher.publish(`data/${device}`, payloadOf(numbering, device, number)).then(() => {
          list.add(lossesOf(device) === before ? 'mqtt' : 'resent', [keyOf(device, number)]);
          counts.mqtt++;
          unacknowledged--;
        }),
      );
    }
  }
}

async function putDirectly(service: 'firehose' | 'kinesis', device: string): Promise<void> {
  for (; isPublishing; await delay(DIRECT_PAUSE_MS)) {
    const numbers = Array.from({ length: DIRECT_BATCH }, () => takeNumber(device));
    const messages = numbers.map(number => ({ device, payload: payloadOf(numbering, device, number) }));
    // Looked up each time: a restarted stack has new clients.
    const put = service === 'firehose' ? firehose : kinesis;
    const taken = (await put?.send(messages, { mayRefuse: () => mayRefuse })) ?? [];
    for (const [index, number] of numbers.entries()) {
      const fate = taken[index] === true ? service : 'unanswered';
      list.add(fate, [keyOf(device, number)]);
      counts[fate]++;
    }
  }
}

function track(work: Promise<void>): void {
  const tracked = work.finally(() => inHand.delete(tracked));
  inHand.add(tracked);
}

function report(report: Report): void {
  process.send?.(report);
}
