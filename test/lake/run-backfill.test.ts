import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import { wrapMessage } from '../../contract/envelope.ts';
import { rejections } from '../fixtures/rejections.ts';
import config from '../fixtures/workshop.config.ts';
import { NOW, type RunningLake, runLake } from './running-lake.ts';

const contract = defineContract(config);

let lake: RunningLake;
beforeEach(async () => {
  lake = await runLake(contract);
});
afterEach(() => lake.stop());

const message = (device: string, time: string, temperature: number, extra = '') =>
  `{"DEVICE_NAME":"${device}","TIMESTAMP":"${time}","HUMIDITY":41,"TEMPERATURE":${temperature}${extra}}`;
const A = message('a', '2026-11-20T23:59:59.999', 1);
const B = message('b', '2026-11-21T00:00:00', 2);
const C = message('c', '2026-11-21T10:15:30', 3);

const temperatures = async () => (await lake.rows()).map(row => row.temperature).sort();

describe('what it reads', () => {
  it('sorts readings into their event dates, one file each', async () => {
    await lake.source('x/1.gz', gzipSync(A + B));
    await lake.source('x/2.gz', gzipSync(C));
    const report = await lake.backfill();
    expect(report).toMatchObject({
      finished: true,
      objects: { read: 2, alreadyDone: 0, duplicates: 0, ignored: 0 },
      records: { read: 3, accepted: 3, skipped: 0, rejected: {} },
      damaged: [],
      dates: ['2026-11-20', '2026-11-21'],
    });
    expect(await lake.keys('readings/')).toEqual(report.files);
    expect(report.files.map(file => file.split('/')[1])).toEqual(['dt=2026-11-20', 'dt=2026-11-21']);
    expect(await lake.rows()).toEqual([
      expect.objectContaining({
        deviceid: 'a',
        ts: new Date('2026-11-20T23:59:59.999Z'),
        temperature: 1,
        humidity: 41,
      }),
      expect.objectContaining({ deviceid: 'b', received_at: new Date(NOW) }),
      expect.objectContaining({ deviceid: 'c' }),
    ]);
  });

  it.each([
    ['concatenated', gzipSync(A + B + C)],
    ['one per line', gzipSync(`${A}\n${B}\n${C}\n`)],
    ['CRLF', gzipSync(`${A}\r\n${B}\r\n${C}`)],
    ['pretty-printed', gzipSync([A, B, C].map(text => JSON.stringify(JSON.parse(text), null, 2)).join('\n'))],
    ['several gzip members', Buffer.concat([gzipSync(A), gzipSync(B + C)])],
    ['not compressed', Buffer.from(A + B + C)],
    ['with a byte order mark', gzipSync(`\ufeff${A}${B}${C}`)],
  ])('reads records that are %s', async (_name, object) => {
    await lake.source('1.gz', object);
    expect((await lake.backfill()).records).toEqual({ read: 3, accepted: 3, skipped: 0, rejected: {} });
    expect(await temperatures()).toEqual([1, 2, 3]);
  });

  it('takes the arrival time from the envelope, the Firehose object name, or the modification time', async () => {
    const arrival = NOW - 86_400_000;
    await lake.source('raw.gz', gzipSync(`${wrapMessage('data/a', Buffer.from(A), arrival)}\n`));
    await lake.source('PUT-S3-1-2026-11-21-10-20-30-2a6e2502-a884-21b2-41d9-8a519cc39aaa.gz', gzipSync(B));
    await lake.source('other.json', C);
    await lake.backfill();
    const rows = await lake.rows();
    expect(rows.map(({ deviceid, received_at }) => [deviceid, received_at])).toEqual([
      ['a', new Date(arrival)],
      ['b', new Date('2026-11-21T10:20:30Z')],
      ['c', new Date(NOW)],
    ]);
  });

  it('reads S3 prefixes, folders and single files, and counts what it leaves out because of its location', async () => {
    const put = (Key: string, Body: Buffer | string) =>
      lake.s3.send(new PutObjectCommand({ Bucket: 'sluice-lake', Key, Body }));
    await put('raw/dt=2026-11-21/hour=10/1.gz', gzipSync(A));
    await put('errors/processing-failed/dt=2026-11-21/1.gz', gzipSync('{}'));
    await put('compaction/compacted-1.json', '{}');
    await put('import/named.txt', message('d', '2026-11-20T13:00:00', 4));
    await put('import/', '');
    await lake.source('2.gz', gzipSync(B));
    await lake.source('.hidden.gz', 'no records');
    await lake.source('named.log', C);
    await symlink('nowhere', path.join(lake.folder, 'in', 'dangling.gz'));
    await symlink('.', path.join(lake.folder, 'in', 'round'));
    const { objects, records, leftOut } = await lake.backfill({
      sources: ['s3://sluice-lake/', 'in', 'in/named.log', 's3://sluice-lake/import/named.txt', 'in/2.gz'],
    });
    expect(objects).toMatchObject({ read: 4, unread: 0, ignored: 6 });
    expect(records.accepted).toBe(4);
    expect(leftOut).toEqual([
      { name: 'in/.hidden.gz', why: 'hidden', objects: 1 },
      { name: 'in/dangling.gz', why: 'not-a-file', objects: 1 },
      { name: 'in/round', why: 'not-a-file', objects: 1 },
      { name: 's3://sluice-lake/compaction/', why: 'own-lake', objects: 1 },
      { name: 's3://sluice-lake/errors/', why: 'own-lake', objects: 1 },
      { name: 's3://sluice-lake/import/', why: 'folder-marker', objects: 1 },
    ]);
    const table = 's3://sluice-lake/errors/processing-failed/dt=2026-11-21/1.gz';
    await expect(lake.backfill({ sources: [table] })).rejects.toThrow(/nothing to read/i);
  });

  it('skips good records outside --from and --to', async () => {
    await lake.source('1.gz', gzipSync(`${A}${B}${C}{}`));
    const counts = { read: 4, accepted: 1, skipped: 2, rejected: { 'missing-field': 1 } };
    expect((await lake.backfill({ to: '2026-11-20' })).records).toEqual(counts);
    expect(await temperatures()).toEqual([1]);
    // Other dates: the object is read again.
    expect((await lake.backfill({ from: '2026-11-21', to: '2026-11-21' })).records.accepted).toBe(2);
    expect(await temperatures()).toEqual([1, 2, 3]);
  });

  it('reads an object in several sources once, and reports no source as empty', async () => {
    await lake.source('x/1.gz', gzipSync(A));
    expect((await lake.backfill({ sources: ['in', 'in/x', 'in/x/1.gz'] })).records.read).toBe(1);
  });

  it.each([
    ['nowhere', '/nowhere.'],
    ['s3://nowhere/x', 'nowhere'],
    ['s3://sluice-lake/none', 's3://sluice-lake/none'],
    ['s3://', 'S3 URL'],
  ])('says that there is nothing at %s', async (source, words) => {
    await expect(lake.backfill({ sources: [source] })).rejects.toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringContaining(words) }),
    );
  });
});

describe('bad input', () => {
  it('keeps each rejected message of the live path with its reason and bytes, and all good ones between', async () => {
    const cases = rejections(NOW);
    const good = cases.map((_, index) => message('good', new Date(NOW - index * 1000).toISOString(), 5));
    const wrapped = (payload: Buffer) => `${wrapMessage('data/device-001', payload, NOW)}\n`;
    await lake.source('1.gz', gzipSync(cases.map(({ payload }, at) => `${wrapped(payload)}${good[at]}`).join('')));
    const { records } = await lake.backfill();
    expect(records.accepted).toBe(good.length);
    expect(await lake.rows()).toHaveLength(good.length);
    const found = (await lake.failures()).map(([text, raw]) => `${text.split(':')[0]} ${raw}`).sort();
    expect(found).toEqual(cases.map(({ reason, payload }) => `${reason} ${wrapped(payload).trimEnd()}`).sort());
  });

  it('keeps rejected messages without an envelope, on lines of their own', async () => {
    // Except for zero bytes, a message here is its line.
    const cases = rejections(NOW).filter(
      ({ payload }) => payload.toString('latin1').trim() !== '' && !payload.includes(0x0a),
    );
    const bytes = cases.flatMap(({ payload }) => [payload, Buffer.from(`\n${C}\n`)]);
    await lake.source('1.gz', gzipSync(Buffer.concat(bytes)));
    const { records } = await lake.backfill();
    expect(records.accepted).toBe(cases.length);
    const failures = await lake.failures();
    const kept = new Set(failures.map(([, raw]) => raw.toString('latin1')));
    const whole = cases.filter(({ payload }) => kept.has(payload.toString('latin1')));
    expect(whole.length).toBeGreaterThan(cases.length - 4);
    for (const { reason, payload } of whole)
      expect(failures.filter(([, raw]) => raw.equals(payload)).map(([text]) => text.split(':')[0])).toContain(reason);
    // No part of a split record is missing.
    const total = (sizes: Buffer[]) => sizes.reduce((sum, { length }) => sum + length, 0);
    expect(total(failures.map(([, raw]) => raw))).toBe(total(cases.map(({ payload }) => payload)));
  });

  it('keeps malformed bytes and says where they were', async () => {
    await lake.source('1.gz', gzipSync(`${A}\n{"DEVICE_NAME":"b\n${C}`));
    const { records } = await lake.backfill();
    expect(records).toEqual({ read: 3, accepted: 2, skipped: 0, rejected: { 'not-json': 1 } });
    expect(await lake.failures()).toEqual([
      [`not-json: no complete JSON value, at byte ${A.length + 1} of the object`, Buffer.from('{"DEVICE_NAME":"b')],
    ]);
  });

  const lines = Array.from({ length: 2_000 }, (_, index) => message(`d${index}`, '2026-11-21T10:00:00', index / 10));
  const whole = gzipSync(lines.join('\n'));
  const wrongCrc = Buffer.from(whole);
  wrongCrc[whole.length - 8] = ~(whole.at(-8) ?? 0);
  it.each([
    ['truncated', whole.subarray(0, whole.length / 2), 500],
    ['corrupt', wrongCrc, 2_000],
    ['trailing-garbage', Buffer.concat([whole, Buffer.from('x')]), 2_000],
    ['too-large', gzipSync(Buffer.alloc(2_000_000, 0x20)), 0],
    ['other-format', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 0],
  ])('reads what a %s object holds, keeps the object, and reads its neighbours', async (kind, object, least) => {
    await lake.source('1.gz', gzipSync(A));
    await lake.source('2-damaged.gz', object);
    await lake.source('3.gz', gzipSync(B));
    const report = await lake.backfill({ maxObjectBytes: 1_000_000 });
    expect(report.damaged).toEqual([{ name: 'in/2-damaged.gz', kind, detail: expect.any(String) }]);
    expect(report.objects).toMatchObject(kind === 'other-format' ? { read: 2, unread: 1 } : { read: 3, unread: 0 });
    expect(report.records.accepted).toBeGreaterThanOrEqual(least + 2);
    const [kept = ''] = await lake.keys('errors/broken-object/dt=2026-11-21/');
    expect(kept).toMatch(/[0-9a-f]{16}-2-damaged\.gz$/);
    expect(await lake.bytes(kept)).toEqual(object);
    expect(report.brokenObjects).toEqual([kept]);
    // Still reported when there is nothing left to do.
    expect((await lake.backfill()).damaged).toEqual(report.damaged);
  });

  it('keeps a damaged object whose name has the maximum length', async () => {
    await lake.source(`${'é'.repeat(125)}!.gz`, whole.subarray(0, -3));
    const { brokenObjects } = await lake.backfill();
    expect(brokenObjects).toEqual([expect.stringMatching(/\/[0-9a-f]{16}-é{98}!\.gz$/)]);
    expect(await lake.keys('errors/broken-object/')).toEqual(brokenObjects);
  });

  it('does not load an object whose stored size is too large', async () => {
    await lake.source('1.json', A + B);
    const { damaged, objects } = await lake.backfill({ maxObjectBytes: 100 });
    expect(damaged).toMatchObject([{ name: 'in/1.json', kind: 'too-large' }]);
    expect(objects.read).toBe(0);
  });

  it('treats an empty object as one without records', async () => {
    await lake.source('1.gz', '');
    expect(await lake.backfill()).toMatchObject({ objects: { read: 1 }, records: { read: 0 }, damaged: [], files: [] });
  });
});

describe('again', () => {
  const snapshot = async () =>
    Object.fromEntries(
      await Promise.all((await lake.keys('')).map(async key => [key, (await lake.bytes(key)).toString('hex')])),
    );

  it('changes nothing the second time, under any name, and still reports what was rejected', async () => {
    await lake.source('1.gz', gzipSync(`${A}{}`));
    await lake.source('2.gz', gzipSync(B));
    await lake.backfill();
    const before = await snapshot();
    await lake.source('0-copy.gz', gzipSync(B));
    const report = await lake.backfill();
    expect(report).toMatchObject({
      objects: { read: 0, alreadyDone: 2, duplicates: 1 },
      records: { read: 0, rejected: {} },
      earlierRecords: { read: 3, accepted: 2, rejected: { 'missing-field': 1 } },
      files: [],
    });
    expect(await snapshot()).toEqual(before);
  });

  it('reads content shared by two objects once', async () => {
    await lake.source('1.gz', gzipSync(A));
    await lake.source('2.gz', gzipSync(A));
    expect((await lake.backfill()).objects).toMatchObject({ read: 1, duplicates: 1 });
    expect(await temperatures()).toEqual([1]);
  });

  it('overwrites the files of a run killed before its ledger entry', async () => {
    for (const [index, text] of [A, B, C].entries()) await lake.source(`${index}.gz`, gzipSync(`${text}{}`));
    await lake.backfill({ maxBatchBytes: 1 });
    const before = await snapshot();
    const entries = await lake.keys('backfill/ledger/');
    expect(entries).toHaveLength(3);
    for (const entry of entries) {
      await lake.remove(entry);
      expect((await lake.backfill({ maxBatchBytes: 1 })).objects).toMatchObject({ read: 1, alreadyDone: 2 });
      expect(await snapshot()).toEqual(before);
    }
  });

  it('drops the current batch when stopped, and resumes there', async () => {
    for (const [index, text] of [A, B, C].entries()) await lake.source(`${index}.gz`, gzipSync(text));
    const stop = new AbortController();
    const progress = ({ records }: { records: number }) => {
      if (records === 2) stop.abort();
    };
    const stopped = await lake.backfill({ maxBatchBytes: 1, signal: stop.signal, progress });
    expect(stopped).toMatchObject({ finished: false, objects: { read: 2 } });
    const resumed = await lake.backfill({ maxBatchBytes: 1 });
    expect(resumed).toMatchObject({ finished: true, objects: { read: 1, alreadyDone: 2 } });
    expect(await temperatures()).toEqual([1, 2, 3]);
  });

  it('reads everything again for another contract', async () => {
    await lake.source('1.gz', gzipSync(message('a', '2026-11-21T10:00:00', 1, ',"CO2":400')));
    await lake.backfill();
    const columns = [...config.columns, { name: 'co2', from: 'CO2', type: 'bigint' as const }];
    const wider = defineContract({ ...config, columns });
    expect((await lake.backfill({ contract: wider })).objects).toMatchObject({ read: 1, alreadyDone: 0 });
    expect((await lake.rows()).map(row => row.co2).sort()).toEqual([400n, undefined]);
    const renamedUnit = defineContract({ ...config, columns: columns.map(column => ({ ...column, unit: 'ppm' })) });
    expect((await lake.backfill({ contract: renamedUnit })).objects).toMatchObject({ read: 0, alreadyDone: 1 });
  });

  it('refuses a ledger entry that it cannot read', async () => {
    await lake.source('1.gz', gzipSync(A));
    await lake.s3.send(new PutObjectCommand({ Bucket: 'sluice-lake', Key: 'backfill/ledger/x.json', Body: '{"a":' }));
    await expect(lake.backfill()).rejects.toThrow('backfill/ledger/x.json is damaged');
  });
});

it('counts the same in a dry run, and writes nothing', async () => {
  await lake.source('1.gz', gzipSync(`${A}{}{"`));
  await lake.source('2.gz', gzipSync(B).subarray(0, -1));
  const dry = await lake.backfill({ dryRun: true });
  expect(await lake.keys('')).toEqual([]);
  expect(await lake.backfill()).toEqual({ ...dry, dryRun: false });
});

it('keeps no more readings in memory than it may, and loses none', async () => {
  const lines = Array.from({ length: 1_000 }, (_, index) =>
    message('a', new Date(NOW - (index % 7) * 86_400_000 - index * 1000).toISOString(), index / 10),
  );
  await lake.source('1.gz', gzipSync(lines.join('')));
  const report = await lake.backfill({ maxRows: 100 });
  expect(report.dates).toHaveLength(7);
  expect(report.files.length).toBeGreaterThan(10);
  expect(await temperatures()).toEqual(lines.map((_, index) => index / 10).sort());
});
