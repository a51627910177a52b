import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planFault } from './failing-disk.ts';
import { chooseFlip, planFlip } from './flipped-byte.ts';
import { openSentList, readSentList } from './sent-list.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-plans-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('nine consecutive seeds fail every kind of call in every place, and 27 end in every way after each', () => {
  const plans = Array.from({ length: 27 }, (_, index) => planFault(index + 1));
  const faults = plans.map(({ fault }) => `${fault.kind} ${fault.below}`);
  expect(new Set(faults.slice(0, 9)).size).toBe(9);
  expect(new Set(plans.map(({ ending }, index) => `${faults[index]} ${ending}`)).size).toBe(27);
  expect(planFault(5)).toEqual(planFault(5));
});

test('four consecutive seeds damage either store after either end', () => {
  const plans = Array.from({ length: 4 }, (_, index) => JSON.stringify(planFlip(index + 1)));
  expect(new Set(plans).size).toBe(4);
});

test('a flip changes a byte of a file that contains data', () => {
  writeFileSync(path.join(folder, 'LOG'), 'what the engine says');
  writeFileSync(path.join(folder, '000003.log'), '');
  writeFileSync(path.join(folder, 'MANIFEST-000002'), 'data');
  expect(chooseFlip(folder, [0.99, 0.99, 0.99])).toEqual({
    file: path.join(folder, 'MANIFEST-000002'),
    offset: 3,
    mask: 128,
  });
});

test('the list of sent messages returns every fate, and refuses an invalid line', () => {
  const file = path.join(folder, 'sent.txt');
  const list = openSentList(file);
  list.add('resent', ['crash-mqtt-1#1']);
  list.add('kinesis', ['crash-kinesis-1#1', 'crash-kinesis-1#2']);
  list.close();
  expect(readSentList(file)).toMatchObject({
    resent: new Set(['crash-mqtt-1#1']),
    kinesis: new Set(['crash-kinesis-1#1', 'crash-kinesis-1#2']),
  });
  writeFileSync(file, 'lost crash-mqtt-1#1\n');
  expect(() => readSentList(file)).toThrow('lost');
});
