/**
 * The publisher's process: sends messages over MQTT and into Firehose, and keeps its own list of what was acknowledged.
 * `node publisher.js DATA WORK SEED FIRST_MS`, its orders come over IPC; see publisher-process.ts.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { LOCAL_NAMES } from '../../contract/lake.ts';
import { provisionDevice } from '../../device/provision.ts';
import { connectDevice, type Publisher } from '../../device/publish.ts';
import type { RunFile } from '../../infra/local/run-file.ts';
import { FIREHOSE_DEVICES, keyOf, MQTT_DEVICES, type Numbering, payloadOf } from './message.ts';
import type { Order, Report } from './publisher-process.ts';
import { openSentList } from './sent-list.ts';

/** Steady rates, so that a run's lists stay small enough to be compared after each kill. */
const TICK_MS = 20;
const MQTT_PER_TICK = 5;
const MAX_IN_FLIGHT = 200;
const FIREHOSE_BATCH = 12;
const FIREHOSE_PAUSE_MS = 50;

const [, , data = '', work = '', seed = '', firstMs = ''] = process.argv;
const numbering: Numbering = { seed: Number(seed), firstMs: Number(firstMs) };
const list = openSentList(path.join(work, 'sent.txt'));
const counts = { mqtt: 0, firehose: 0, unanswered: 0 };
const inHand = new Set<Promise<void>>();
let run: RunFile | undefined;
let isPublishing = false;

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
let firehose: FirehoseClient | undefined;

async function obey(order: Order): Promise<void> {
  if (order.kind === 'pause') {
    isPublishing = false;
    while (inHand.size > 0) await Promise.all(inHand);
    return report({ kind: 'paused', ...counts });
  }
  ({ run } = order);
  firehose?.destroy();
  const { endpoint, region, accessKeyId, secretAccessKey } = run;
  const credentials = { accessKeyId, secretAccessKey };
  // One attempt: what the SDK sends again by itself would be stored twice, and that is what this test looks for.
  firehose = new FirehoseClient({ endpoint, region, credentials, maxAttempts: 1 });
  if (devices.size === 0) await connectAll(run);
  if (order.kind === 'publish' && !isPublishing) {
    isPublishing = true;
    for (const device of MQTT_DEVICES) track(publishOverMqtt(device));
    for (const device of FIREHOSE_DEVICES) track(putIntoFirehose(device));
  }
  report({ kind: 'ready' });
}

async function connectAll({ mqtt }: RunFile): Promise<void> {
  const { hostname: host, port } = new URL(mqtt);
  for (const id of MQTT_DEVICES) {
    const identity = await provisionDevice(data, id);
    // Every kill may end a connection before its first acknowledgement; that refuses no message.
    const options = { host, port: Number(port), identity, clientId: id, maxInFlight: 64, patience: 10_000 };
    devices.set(id, await connectDevice(options));
  }
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
      unacknowledged++;
      track(
        publisher.publish(`data/${device}`, payloadOf(numbering, device, number)).then(() => {
          list.add('mqtt', [keyOf(device, number)]);
          counts.mqtt++;
          unacknowledged--;
        }),
      );
    }
  }
}

async function putIntoFirehose(device: string): Promise<void> {
  for (; isPublishing; await delay(FIREHOSE_PAUSE_MS)) {
    const numbers = Array.from({ length: FIREHOSE_BATCH }, () => takeNumber(device));
    const fate = (await isTaken(device, numbers)) ? 'firehose' : 'unanswered';
    list.add(
      fate,
      numbers.map(number => keyOf(device, number)),
    );
    counts[fate] += numbers.length;
  }
}

/** Whether Firehose took the batch; false where no answer came, when it may have it or not. */
async function isTaken(device: string, numbers: number[]): Promise<boolean> {
  const Records = numbers.map(number => ({ Data: payloadOf(numbering, device, number) }));
  const command = new PutRecordBatchCommand({ DeliveryStreamName: LOCAL_NAMES.deliveryStream, Records });
  try {
    const { FailedPutCount } = (await firehose?.send(command)) ?? {};
    if (FailedPutCount !== 0) throw new Error(`Firehose refused ${FailedPutCount} of ${numbers.length} records`);
    return true;
  } catch (error) {
    // The service answered and refused: the test itself is wrong.
    if ((error as { $response?: unknown }).$response !== undefined) throw error;
    if ((error as Error).message.startsWith('Firehose refused')) throw error;
    return false;
  }
}

function track(work: Promise<void>): void {
  const tracked = work.finally(() => inHand.delete(tracked));
  inHand.add(tracked);
}

function report(report: Report): void {
  process.send?.(report);
}
