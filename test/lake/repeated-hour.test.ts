import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { storedMessages } from '../../cli/commands/put/source-messages.ts';
import { openRecord, wrapMessage } from '../../contract/envelope.ts';
import { put } from '../../device/put-messages.ts';
import { replay } from '../../device/replay.ts';
import type { StreamTarget } from '../../device/stream-targets.ts';
import { reprocess } from '../../lake/reprocess-records.ts';
import { createTransform } from '../../transform/firehose.ts';
import { BERLIN, instantsOf, localContract, localMessage } from '../fixtures/repeated-day.ts';
import { NOW, type RunningLake, runLake } from './running-lake.ts';

const contract = localContract(BERLIN.timezone);
const instants = instantsOf(BERLIN);
const messages = instants.map(ms => `${localMessage(BERLIN, ms)}\n`);
const effects = { now: () => NOW, signal: new AbortController().signal, progress: () => {} };

let lake: RunningLake;
beforeEach(async () => {
  lake = await runLake(contract);
});
afterEach(() => lake.stop());

const times = async () => (await lake.rows()).map(row => (row.ts as Date).getTime()).sort((a, b) => a - b);

/** The output of the delivery stream's transform: the times of its rows, and the number of ambiguous ones. */
async function transformed(records: readonly { data: Buffer; arrivedAt: number }[]) {
  let ambiguous = 0;
  const transform = createTransform(contract, {
    onAmbiguous: readings => {
      ambiguous += readings;
    },
  });
  const rows: number[] = [];
  for (let from = 0; from < records.length; from += 500) {
    const event = {
      ...{ invocationId: 'i', deliveryStreamArn: 'arn', region: 'r' },
      records: records.slice(from, from + 500).map(({ data, arrivedAt }, index) => ({
        ...{ recordId: String(index), data: data.toString('base64') },
        approximateArrivalTimestamp: arrivedAt,
      })),
    };
    for (const { data = '' } of (await transform(event)).records)
      rows.push(Date.parse(`${JSON.parse(Buffer.from(data, 'base64').toString()).ts.replace(' ', 'T')}Z`));
  }
  return { rows, ambiguous };
}

it('a backfill of one object gives each minute of the long day its own row', async () => {
  await lake.source('repeated.gz', gzipSync(messages.join('')));
  const { records } = await lake.backfill();
  expect(records).toEqual({ read: 1_500, accepted: 1_500, skipped: 0, rejected: {} });
  expect(await times()).toEqual(instants);
});

it('a backfill of objects cut and named by Firehose does so too, whatever the batches', async () => {
  for (let from = 0; from < messages.length; from += 15) {
    const start = new Date(instants[from] ?? 0).toISOString().slice(0, 19).replace(/[T:]/g, '-');
    await lake.source(`s-1-${start}-0a1b2c3d-0000`, gzipSync(messages.slice(from, from + 15).join('')));
  }
  expect((await lake.backfill({ maxBatchBytes: 1_000 })).records.ambiguous).toBeUndefined();
  expect(await times()).toEqual(instants);
});

it('a time that neither order nor arrival decides is accepted as the first, and counted', async () => {
  await lake.source('part.json', messages.slice(190, 230).join(''));
  const { records } = await lake.backfill();
  expect(records).toMatchObject({ accepted: 40, ambiguous: 40 });
  expect((await lake.backfill()).earlierRecords).toMatchObject({ ambiguous: 40 });
});

it('the live path places prompt arrivals, and the same records from raw/ give the same rows', async () => {
  const raw = instants.map(ms => wrapMessage('data/clock', Buffer.from(localMessage(BERLIN, ms)), ms + 2_000));
  const records = raw.map(text => ({ data: Buffer.from(text), arrivedAt: NOW }));
  expect(await transformed(records)).toEqual({ rows: instants, ambiguous: 0 });
  const Key = 'raw/dt=2026-10-24/hour=22/a.gz';
  await lake.s3.send(new PutObjectCommand({ Bucket: 'sluice-lake', Key, Body: gzipSync(raw.join('\n')) }));
  await reprocess(lake.lake, { source: 'raw', from: '2026-10-24' }, effects);
  expect(await times()).toEqual(instants);
});

it('the live path counts arrivals too late to tell, and reprocess gives the same result', async () => {
  const raw = instants.map(ms => wrapMessage('data/clock', Buffer.from(localMessage(BERLIN, ms)), NOW));
  const live = await transformed(raw.map(text => ({ data: Buffer.from(text), arrivedAt: NOW })));
  expect(live.ambiguous).toBe(120);
  const Key = 'raw/dt=2026-11-21/hour=12/a.gz';
  await lake.s3.send(new PutObjectCommand({ Bucket: 'sluice-lake', Key, Body: gzipSync(raw.join('\n')) }));
  const { records } = await reprocess(lake.lake, { source: 'raw', from: '2026-11-21' }, effects);
  expect(records.ambiguous).toBe(120);
  expect(await times()).toEqual(live.rows.toSorted((a, b) => a - b));
});

it('put decides by the order of its source, and its decision stays with the record', async () => {
  await lake.source('repeated.gz', gzipSync(messages.join('')));
  const taken: Buffer[] = [];
  const target: StreamTarget = {
    ...{ maxRecords: 500, maxBytes: 4_000_000, maxRecordBytes: 1_000_000 },
    bytesOf: ({ envelope }) => envelope.length,
    send: async call => {
      taken.push(...call.map(({ envelope }) => envelope));
      return call.map(() => undefined);
    },
  };
  const quiet = { cwd: lake.folder, onDamage: () => {}, onLeftOut: () => {} };
  await put(
    storedMessages(['in'], lake.lake, quiet),
    { contract, targets: { lake: target } },
    { now: () => NOW, onLeft: async () => {} },
  );
  expect(taken.map(envelope => openRecord(envelope, 0).occurrence).filter(one => one !== undefined)).toHaveLength(120);
  const { rows, ambiguous } = await transformed(taken.map(data => ({ data, arrivedAt: NOW })));
  expect({ rows: rows.toSorted((a, b) => a - b), ambiguous }).toEqual({ rows: instants, ambiguous: 0 });
});

it('a replay publishes what MQTT can express, and reports the rest', async () => {
  const folder = path.join(lake.folder, 'replayed');
  await mkdir(folder);
  await writeFile(path.join(folder, 'repeated.gz'), gzipSync(messages.join('')));
  const skipped: string[] = [];
  const connect = async () => ({ publish: async () => {}, close: async () => {} });
  const { published } = await replay(
    { contract, paths: [folder], connect },
    { now: () => NOW, onSkip: (_where, why) => skipped.push(why) },
  );
  expect({ published, skipped: skipped.length }).toEqual({ published: 1_440, skipped: 60 });
  expect(skipped[0]).toContain('sluice put');
});
