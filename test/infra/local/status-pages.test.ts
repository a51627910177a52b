import { expect, test } from 'vitest';
import type { ConsumerLag } from '../../../infra/emulator/streams/lag-meter.ts';
import { createStatusPages } from '../../../infra/local/status-pages.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const KEEPING_UP: ConsumerLag = {
  ...{ consumer: 'delivery', backlog: 3, behindMs: 1_500, failing: undefined, isOverloaded: false },
};

async function statusOf(lags: ConsumerLag[]) {
  const data = await temporaryFolder();
  return createStatusPages({ data, lags: () => lags, gate: { state: () => ({ waiting: 2, heldMs: 2_500 }) } });
}

async function page(status: Awaited<ReturnType<typeof statusOf>>, path: string) {
  const answer = await status.pages[path]?.();
  if (answer === undefined) throw new Error(`there is no page ${path}`);
  return answer;
}

test('health is ok, and shows each consumer’s progress, while all keep up', async () => {
  const { statusCode, body } = await page(await statusOf([KEEPING_UP]), '/health');
  expect(statusCode).toBe(200);
  const health = JSON.parse(body) as { diskFreeBytes: number };
  expect(health).toMatchObject({
    status: 'ok',
    consumers: [{ consumer: 'delivery', backlog: 3, lagSeconds: 1.5 }],
    intake: { waiting: 2 },
  });
  expect(health.diskFreeBytes).toBeGreaterThan(0);
});

test('health distinguishes an overloaded consumer from a failing one, which is a 503', async () => {
  const behind = await page(await statusOf([{ ...KEEPING_UP, isOverloaded: true }]), '/health');
  expect([behind.statusCode, JSON.parse(behind.body).status]).toEqual([200, 'behind']);
  const failing = { ...KEEPING_UP, failing: { since: 0, message: 'no table' } };
  const broken = await page(await statusOf([failing]), '/health');
  expect(broken.statusCode).toBe(503);
  expect(JSON.parse(broken.body)).toMatchObject({
    status: 'failing',
    consumers: [{ failingSince: '1970-01-01T00:00:00.000Z', error: 'no table' }],
  });
});

test('metrics are in the Prometheus text format, and count each delivery', async () => {
  const status = await statusOf([KEEPING_UP]);
  status.count({ accepted: 40, rejected: new Map([['bad-time', 2]]) });
  status.count({
    accepted: 2,
    rejected: new Map([
      ['bad-time', 1],
      ['not "json"\n', 1],
    ]),
  });
  const { headers, body } = await page(status, '/metrics');
  expect(headers['content-type']).toContain('version=0.0.4');
  const values = new Map(
    body
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
  expect(values.get('sluice_records_accepted_total')).toBe(42);
  expect(values.get('sluice_records_rejected_total{reason="bad-time"}')).toBe(3);
  expect(values.get('sluice_records_rejected_total{reason="not \\"json\\"\\n"}')).toBe(1);
  expect(values.get('sluice_consumer_lag_seconds{consumer="delivery"}')).toBe(1.5);
  expect(values.get('sluice_consumer_backlog_records{consumer="delivery"}')).toBe(3);
  expect(values.get('sluice_consumer_failing{consumer="delivery"}')).toBe(0);
  expect(values.get('sluice_intake_waiting')).toBe(2);
  expect(values.get('sluice_intake_held_seconds')).toBe(2.5);
  expect(values.get('sluice_disk_free_bytes')).toBeGreaterThan(0);
  expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(0);
});

test('two stacks in one process do not share their counters', async () => {
  const [one, other] = [await statusOf([KEEPING_UP]), await statusOf([KEEPING_UP])];
  one.count({ accepted: 1, rejected: new Map() });
  expect((await page(other, '/metrics')).body).toContain('sluice_records_accepted_total 0');
});
