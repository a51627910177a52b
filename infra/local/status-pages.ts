import { statfs } from 'node:fs/promises';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { IntakeGate } from '../emulator/streams/intake-gate.ts';
import type { ConsumerLag } from '../emulator/streams/lag-meter.ts';

/** What became of the records of one delivery: how many were accepted, and how many rejected for each reason. */
export interface DeliveryCount {
  accepted: number;
  rejected: ReadonlyMap<string, number>;
}

export interface StatusPage {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export interface StatusPages {
  /** Counts a delivery that is on disk. */
  count(delivery: DeliveryCount): void;
  /** By path. `/health`: JSON, 503 while a consumer fails. `/metrics`: Prometheus' text format 0.0.4. */
  pages: Record<string, () => Promise<StatusPage>>;
}

export interface StatusOptions {
  /** The data folder, for the disk that it is on. */
  data: string;
  lags: () => readonly ConsumerLag[];
  gate: Pick<IntakeGate, 'state'>;
}

/** The pages that tell how the stack is. Counters begin at 0 with the process, as Prometheus expects. */
export function createStatusPages({ data, lags, gate }: StatusOptions): StatusPages {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const { accepted, rejected } = addMetrics(registry, { data, lags, gate });

  async function health(): Promise<StatusPage> {
    const consumers = lags();
    const isFailing = consumers.some(({ failing }) => failing !== undefined);
    const body = {
      status: isFailing ? 'failing' : consumers.some(({ isOverloaded }) => isOverloaded) ? 'behind' : 'ok',
      consumers: consumers.map(describe),
      intake: { waiting: gate.state().waiting },
      diskFreeBytes: await freeBytes(data),
    };
    return { statusCode: isFailing ? 503 : 200, headers: json, body: `${JSON.stringify(body, null, 2)}\n` };
  }

  return {
    count(delivery) {
      accepted.inc(delivery.accepted);
      for (const [reason, records] of delivery.rejected) rejected.inc({ reason }, records);
    },
    pages: {
      '/health': health,
      '/metrics': async () => ({
        statusCode: 200,
        headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' },
        body: await registry.metrics(),
      }),
    },
  };
}

const json = { 'content-type': 'application/json', 'cache-control': 'no-store' };

function describe({ consumer, backlog, behindMs, failing }: ConsumerLag): object {
  const trouble = failing && { failingSince: new Date(failing.since).toISOString(), error: failing.message };
  return { consumer, backlog, lagSeconds: behindMs / 1000, ...trouble };
}

function addMetrics(registry: Registry, { data, lags, gate }: StatusOptions) {
  const registers = [registry];
  const perConsumer = (name: string, help: string, value: (lag: ConsumerLag) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['consumer'],
      registers,
      collect() {
        for (const lag of lags()) this.set({ consumer: lag.consumer }, value(lag));
      },
    });
  perConsumer(
    'sluice_consumer_lag_seconds',
    'How long the oldest record that a consumer has not handled has been due.',
    ({ behindMs }) => behindMs / 1000,
  );
  perConsumer('sluice_consumer_backlog_records', 'Records acknowledged and not handled yet.', lag => lag.backlog);
  perConsumer('sluice_consumer_failing', '1 while every attempt of a consumer fails.', lag =>
    lag.failing === undefined ? 0 : 1,
  );
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read());
      },
    });
  gauge(
    'sluice_intake_waiting',
    'Messages and requests that wait for a consumer to catch up.',
    () => gate.state().waiting,
  );
  gauge(
    'sluice_intake_held_seconds',
    'How long intake has been held back since the start.',
    () => gate.state().heldMs / 1000,
  );
  gauge('sluice_disk_free_bytes', 'Bytes left on the disk of the data folder.', () => freeBytes(data));
  return {
    accepted: new Counter({ name: 'sluice_records_accepted_total', help: 'Records delivered as readings.', registers }),
    rejected: new Counter({
      name: 'sluice_records_rejected_total',
      help: 'Records kept under errors/, by reason.',
      labelNames: ['reason'],
      registers,
    }),
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
