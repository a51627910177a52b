import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Contract } from '../../contract/contract.ts';
import { wrapMessage } from '../../contract/envelope.ts';
import type { Lake } from '../../contract/lake.ts';
import { packageFile } from '../../contract/package-root.ts';
import { serverCertificate } from '../../device/provision.ts';
import { createApi } from '../../hotpath/api.ts';
import { createConsumer } from '../../hotpath/consume.ts';
import { createTransform } from '../../transform/firehose.ts';
import { readAccessKey } from '../emulator/services/access-key.ts';
import { startApi } from '../emulator/services/api-gateway.ts';
import { startDynamoDb } from '../emulator/services/dynamodb.ts';
import { startEventSource } from '../emulator/streams/event-source.ts';
import { createFirehose } from '../emulator/streams/firehose.ts';
import { type Admit, openIntakeGate } from '../emulator/streams/intake-gate.ts';
import { createKinesis } from '../emulator/streams/kinesis.ts';
import { LagMeter } from '../emulator/streams/lag-meter.ts';
import { StreamStore } from '../emulator/streams/stream-store.ts';
import { type BrokerOptions, startBroker } from './broker.ts';
import { startDeliveryStream } from './delivery-consumer.ts';
import { hotTableIsLost, rebuildHotTable } from './hot-rebuild.ts';
import { createHotTable } from './hot-table.ts';
import { startLakeEndpoint } from './lake-endpoint.ts';
import { adoptLayout } from './layout.ts';
import { LOCAL_NAMES, LOCAL_REGION } from './local-names.ts';
import { type RunFile, removeRunFile, writeRunFile } from './run-file.ts';
import { createStatusPages } from './status-pages.ts';

export interface StackOptions {
  /** The data folder; created if missing. */
  data: string;
  contract: Contract;
  /** 0 selects a free port. */
  ports: { endpoint: number; api: number; mqtt: number };
  /** Maximum time and size before the delivery stream delivers. */
  buffer: { seconds: number; bytes: number };
  log: (line: string) => void;
}

/**
 * How long a request with records waits for a consumer before it is told to retry; clients wait for several seconds.
 */
const MAX_REQUEST_WAIT_MS = 5_000;

/** All of Sluice, running locally. */
export interface Stack {
  run: RunFile;
  lake: Lake;
  /** Settles when everything acknowledged is in the lake and in the hot table. */
  flush(): Promise<void>;
  /** Stops the intake, flushes, and closes every part. Records that cannot be delivered stay in the logs. */
  close(): Promise<void>;
  /** Resolves with the reason when a store has lost acknowledged writes. The stack accepts nothing after that. */
  broken: Promise<Error>;
}

/** Starts the local stack: logs, hot table, AWS endpoint, consumers, API, broker and, last, `run.json`. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { data, contract, ports, buffer, log } = options;
  const parts: (() => Promise<void>)[] = [];
  /**
   * Closes the parts in reverse order, since later ones depend on earlier ones. Closes all of them even if one fails.
   */
  const end = async () => {
    const failures: unknown[] = [];
    for (const close of parts.splice(0).reverse()) await close().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    await adoptLayout(data, { log });
    const store = await StreamStore.open(path.join(data, 'streams'), {
      logs: [LOCAL_NAMES.stream, LOCAL_NAMES.deliveryStream],
      log,
    });
    parts.push(() => store.close());
    const isHotLost = await hotTableIsLost(data, { store, stream: LOCAL_NAMES.stream, log });
    const dynamodb = await startDynamoDb(path.join(data, 'hot'), { log });
    parts.push(() => dynamodb.close());
    const meters = lagMeters(store, buffer.seconds);
    const lags = (pending = 0) => [meters.hotPath.read(pending), meters.delivery.read(pending)];
    const gate = openIntakeGate({ lags, log });
    const status = createStatusPages({ data, lags, gate });
    const admit = gate.admitWithin(MAX_REQUEST_WAIT_MS);
    const names = { deliveryStream: LOCAL_NAMES.deliveryStream, region: LOCAL_REGION, bucket: LOCAL_NAMES.bucket };
    const firehose = createFirehose({ ...names, store, buffer, admit });
    const kinesis = createKinesis({ store, stream: LOCAL_NAMES.stream, region: LOCAL_REGION, admit });
    const live = { services: [firehose, kinesis], dynamodb: dynamodb.handle };
    const endpoint = await startLakeEndpoint({ data, contract, port: ports.endpoint, log, live });
    parts.push(() => endpoint.close());
    const { lake } = endpoint;
    const hotTable = new DynamoDBClient(lake.aws);
    const table = LOCAL_NAMES.hotTable;
    await createHotTable(hotTable, table);
    const s3 = new S3Client(lake.aws);
    const consumer = createConsumer({ contract, dynamodb: hotTable, table });
    const { stream } = LOCAL_NAMES;
    if (isHotLost) await rebuildHotTable({ ...names, data, s3, contract, handler: consumer, store, stream, log });
    const hotPath = startEventSource({
      store,
      stream,
      region: LOCAL_REGION,
      handler: consumer,
      onFailureFolder: path.join(data, 'on-failure'),
      meter: meters.hotPath,
      log,
    });
    parts.push(() => hotPath.finish());
    const transform = createTransform(contract, { onAmbiguous: readings => log(ambiguousLine(readings)) });
    const delivery = startDeliveryStream({
      ...names,
      ...{ store, s3, contract, transform, buffer, log },
      meter: meters.delivery,
      count: status.count,
    });
    parts.push(() => delivery.close());
    const page = readFileSync(packageFile('hotpath', 'live.html'), 'utf8');
    const handler = createApi({ contract, dynamodb: hotTable, table, page });
    const resources = ['/', '/datas/{deviceid}'];
    const api = await startApi({ port: ports.api, resources, handler, pages: status.pages, log });
    parts.push(() => api.close());
    const broker = await startMqtt(options, store, gate.admit);
    parts.push(() => broker.close());
    const run: RunFile = {
      pid: process.pid,
      endpoint: endpoint.url,
      api: api.url,
      mqtt: broker.url,
      region: LOCAL_REGION,
      ...(await readAccessKey(data)),
    };
    await writeRunFile(data, run);
    parts.push(() => removeRunFile(data));
    return {
      run,
      lake,
      close: end,
      flush: () => Promise.all([hotPath.drained(), delivery.flush()]).then(() => {}),
      broken: Promise.race([store.broken, dynamodb.broken]),
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Backlog that slows the intake: 2 s of work for the hot path; for delivery, 5 s of work in addition to its buffer. */
function lagMeters(store: StreamStore, bufferSeconds: number) {
  const { stream, deliveryStream } = LOCAL_NAMES;
  const head = (log: string) => () => store.lastSequence(log);
  return {
    hotPath: new LagMeter({ consumer: 'hot-path', head: head(stream), limitMs: 2_000, floor: 1_000 }),
    delivery: new LagMeter({
      ...{ consumer: 'delivery', head: head(deliveryStream) },
      ...{ limitMs: (bufferSeconds + 5) * 1000, floor: 5_000 },
    }),
  };
}

/** Starts the broker with the IoT rule, which sends each message to both streams in one durable step. */
async function startMqtt({ data, contract, ports, log }: StackOptions, store: StreamStore, admit: Admit) {
  const options: BrokerOptions = {
    port: ports.mqtt,
    tls: await serverCertificate(data),
    contract,
    admit,
    accept: async (topic, payload, receivedAt) => {
      const record = wrapMessage(topic, payload, receivedAt);
      await store.append([
        { log: LOCAL_NAMES.stream, partitionKey: topic, data: Buffer.from(record), arrivedAt: receivedAt },
        // The rule's Firehose action appends the separator to each record.
        { log: LOCAL_NAMES.deliveryStream, partitionKey: '', data: Buffer.from(`${record}\n`), arrivedAt: receivedAt },
      ]);
    },
  };
  return startBroker(options, {
    log: ({ kind, thingName, detail }) => log(`MQTT, ${thingName ?? 'unknown client'}, ${kind}: ${detail}`),
  });
}

function ambiguousLine(readings: number): string {
  return `lake: ${readings} readings have a local time that occurs twice and arrived too late to tell which; using the first`;
}
