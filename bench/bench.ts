/**
 * `npm run bench`: the README's figures, measured side by side in one run. Absolute numbers depend on the machine; the
 * ratios are more stable. `--quick` runs a tenth of the load, as a smoke test. `npm run bench -- scale` runs the
 * simulation of a million devices instead, and `-- pressure` sends more messages than the stack can take.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quietSdkNotice } from '../infra/settings.ts';
import { timeBackfill, writeObjects } from './backfilling.ts';
import { benchPressure } from './pressure.ts';
import { startBareAedes, startSluice } from './processes.ts';
import { type Load, publishLoad } from './publishing.ts';
import { benchQueries } from './querying.ts';
import { benchScale } from './scale.ts';
import { measureVisibility, percentile } from './visibility.ts';

quietSdkNotice();
const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 1 : 5;
const scale = isQuick ? 0.1 : 1;
const folder = await mkdtemp(path.join(tmpdir(), 'sluice-bench-'));

try {
  if (process.argv.includes('scale')) await benchScale(scale);
  else if (process.argv.includes('pressure')) await benchUnderPressure();
  else await benchAll();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function benchAll(): Promise<void> {
  await benchPublishing({ clients: 1, messages: 40_000 * scale, mapConcurrent: 256 });
  await benchPublishing({ clients: 100, messages: 40_000 * scale, mapConcurrent: 16 });
  await benchVisibility(500 * scale);
  await benchBackfill({ objects: 50, recordsEach: 20_000 * scale });
  await benchQueries({ data: path.join(folder, 'queries'), days: 90 * scale, rounds: ROUNDS, say });
}

/** The first load once put a small machine 145 s behind; the second is more than it can take. */
async function benchUnderPressure(): Promise<void> {
  for (const messagesPerSecond of [1_900, 6_000]) {
    const seconds = messagesPerSecond === 1_900 ? 150 : 30;
    const offer = { devices: 1_000, messagesPerSecond, seconds: Math.round(seconds * scale) };
    await benchPressure(path.join(folder, `pressure-${messagesPerSecond}`), offer, say);
  }
}

async function benchPublishing(load: Load): Promise<void> {
  const rates = { sluice: [] as number[], aedes: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const data = path.join(folder, `publish-${load.clients}-${round}`);
    const bare = await startBareAedes(data);
    rates.aedes.push(await publishLoad(data, bare.mqttPort, load, Date.now() - 86_400_000 * 300));
    await bare.stop();
    const sluice = await startSluice(data);
    rates.sluice.push(await publishLoad(data, sluice.mqttPort, load, Date.now() - 86_400_000 * 300));
    await sluice.stop();
  }
  const ratios = rates.sluice.map((rate, round) => rate / (rates.aedes[round] ?? Number.NaN));
  const clients = load.clients === 1 ? '1 client' : `${load.clients} clients`;
  say(`publish, QoS 1, mutual TLS, ${clients}: ${rate(rates.sluice)} acknowledged and fsynced`);
  say(`  bare aedes, nothing stored: ${rate(rates.aedes)}; ratio ${percentile(ratios, 0.5).toFixed(2)}`);
}

async function benchVisibility(count: number): Promise<void> {
  const data = path.join(folder, 'visibility');
  const sluice = await startSluice(data);
  const latencies = await measureVisibility(data, sluice.mqttPort, sluice.api, count);
  await sluice.stop();
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  say(`publish to visible in GET /datas/…, ${count} messages: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
}

async function benchBackfill(size: { objects: number; recordsEach: number }): Promise<void> {
  const objects = path.join(folder, 'objects');
  await writeObjects(objects, size);
  const rates = { gunzip: [] as number[], backfill: [] as number[] };
  const records = size.objects * size.recordsEach;
  for (let round = 0; round < Math.min(3, ROUNDS); round++) {
    const seconds = await timeBackfill(objects, path.join(folder, `backfill-${round}`));
    rates.gunzip.push(records / seconds.gunzip);
    rates.backfill.push(records / seconds.backfill);
  }
  const ratios = rates.backfill.map((rate, round) => rate / (rates.gunzip[round] ?? Number.NaN));
  say(
    `backfill, ${records.toLocaleString('en')} records in ${size.objects} objects: ${rate(rates.backfill, 'records')}, whole process`,
  );
  say(`  gunzip alone: ${rate(rates.gunzip, 'records')}; ratio ${percentile(ratios, 0.5).toFixed(3)}`);
}

function rate(values: number[], what = 'messages'): string {
  return `${Math.round(percentile(values, 0.5)).toLocaleString('en')} ${what}/s (median of ${values.length})`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
