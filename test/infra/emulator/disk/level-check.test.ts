import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLevelDamage } from '../../../../infra/emulator/disk/level-check.ts';
import { readLevelLog } from '../../../../infra/emulator/disk/level-log.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

/** A store with tables, and with a log of records that are not in a table yet. */
let whole: string;

beforeAll(async () => {
  whole = path.join(await mkdtemp(path.join(tmpdir(), 'sluice-test-')), 'whole');
  const level = new ClassicLevel(whole, { writeBufferSize: 16_384 });
  await level.open();
  for (let batch = 0; batch < 20; batch++)
    await level.batch(
      Array.from({ length: 20 }, (_, index) => ({ type: 'put', key: key(batch * 20 + index), value: value(index) })),
    );
  await level.compactRange(key(0), key(399));
  await level.batch(
    Array.from({ length: 40 }, (_, index) => ({ type: 'put', key: key(400 + index), value: value(index) })),
  );
  await level.put(key(440), value(440));
  await level.close();
});

afterAll(() => rm(path.dirname(whole), { recursive: true }));

function key(index: number): string {
  return `key ${String(index).padStart(4, '0')}`;
}

function value(index: number): string {
  return `the value of ${index}, `.repeat(8);
}

async function copyOfWhole(): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'copy');
  await cp(whole, folder, { recursive: true });
  return folder;
}

async function namesOf(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter(name => pattern.test(name));
}

test('a closed store, one that was never created, and one in use are intact', async () => {
  expect(await namesOf(whole, /\.ldb$/)).not.toEqual([]);
  expect(await findLevelDamage(whole)).toBeUndefined();
  expect(await findLevelDamage(path.join(whole, 'none'))).toBeUndefined();
  const folder = await copyOfWhole();
  const level = new ClassicLevel(folder, { writeBufferSize: 16_384 });
  await level.open();
  const writing = (async () => {
    for (let index = 0; index < 500; index++) await level.put(key(index), value(index));
  })();
  expect(await findLevelDamage(folder)).toBeUndefined();
  await writing;
  expect(await findLevelDamage(folder)).toBeUndefined();
  await level.close();
});

test('any flipped bit of a log, a manifest or a table is found, with the name of its file', async () => {
  const folder = await copyOfWhole();
  for (const name of await namesOf(folder, /^MANIFEST|\.(log|ldb)$/)) {
    const file = path.join(folder, name);
    const bytes = await readFile(file);
    if (bytes.length === 0) continue;
    // A table's footer pads its last two numbers to 40 bytes.
    const checked = name.endsWith('.ldb') ? bytes.length - 48 : bytes.length;
    for (let at = 0; at < checked; at += Math.max(1, Math.floor(checked / 60))) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await writeFile(file, flipped);
      expect(await findLevelDamage(folder), `byte ${at} of ${name}`).toMatchObject({ file });
    }
    await writeFile(file, bytes);
  }
  expect(await findLevelDamage(folder)).toBeUndefined();
});

test('a missing, empty or truncated file is found, with its name', async () => {
  for (const pattern of [/^CURRENT$/, /^MANIFEST/, /\.ldb$/]) {
    for (const harm of [
      (file: string) => rm(file),
      (file: string) => writeFile(file, ''),
      async (file: string) => writeFile(file, (await readFile(file)).subarray(0, 9)),
    ]) {
      const folder = await copyOfWhole();
      const file = path.join(folder, (await namesOf(folder, pattern))[0] ?? '');
      await harm(file);
      expect(await findLevelDamage(folder)).toMatchObject({ file });
    }
  }
  const folder = await copyOfWhole();
  const file = path.join(folder, (await namesOf(folder, /\.log$/))[0] ?? '');
  await rm(file);
  expect(await findLevelDamage(folder)).toMatchObject({ file });
});

test('a log that ends anywhere within its last record is torn, not damaged', async () => {
  const bytes = await lastLog();
  const { records } = readLevelLog(bytes);
  const last = bytes.length - 7 - (records.at(-1)?.length ?? 0);
  for (let end = last; end < bytes.length; end++) {
    const unwritten = Buffer.concat([bytes.subarray(0, end), Buffer.alloc(1_024)]);
    for (const torn of [bytes.subarray(0, end), unwritten]) {
      const read = readLevelLog(torn);
      expect([read.damagedAt, read.records.length]).toEqual([undefined, records.length - 1]);
    }
  }
});

test('whatever is flipped in a log, no record is lost silently, and none is invented', async () => {
  const bytes = await lastLog();
  const { records } = readLevelLog(bytes);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ mask;
      const read = readLevelLog(flipped);
      expect(read.damagedAt).toBeLessThanOrEqual(at);
      expect(read.records.every((record, index) => records[index]?.equals(record))).toBe(true);
    }),
    { seed: 1, numRuns: 300 },
  );
});

async function lastLog(): Promise<Buffer> {
  return readFile(path.join(whole, (await namesOf(whole, /\.log$/)).sort().at(-1) ?? ''));
}
