import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { messages } from '../bench/scale/fleet.ts';
import { measureSizes } from '../bench/scale.ts';
import { contract } from './default-contract.ts';

const document = readFileSync(new URL('../docs/scale.md', import.meta.url), 'utf8');

/** The first figure of a row of a table in docs/scale.md. */
function written(row: string): number {
  const line = document.split('\n').find(text => text.startsWith(`| ${row}`)) ?? '';
  return Number(/\| ([\d.,]+) \|/.exec(line)?.[1]?.replaceAll(',', ''));
}

test('docs/scale.md has the sizes that the simulation gives', () => {
  const sizes = measureSizes(messages(contract, 20_000));
  expect(written('on the topic')).toBeCloseTo(sizes.payload, 0);
  expect(written('in the envelope')).toBeCloseTo(sizes.envelope, 0);
  expect(written('as a row of JSON')).toBeCloseTo(sizes.row, 0);
  // How well a sample compresses depends a little on its size.
  expect(Math.abs(written('in a raw object') / sizes.raw - 1)).toBeLessThan(0.1);
  expect(Math.abs(written('in Parquet, an hour') / sizes.merged - 1)).toBeLessThan(0.1);
});

test('the fleet is the same each time, in the order of its arrival, and each device speaks once a minute', () => {
  const sample = messages(contract, 2_000);
  expect(messages(contract, 2_000)).toEqual(sample);
  expect(sample.map(({ receivedAt }) => receivedAt)).toEqual(sample.map(({ receivedAt }) => receivedAt).sort());
  expect(new Set(sample.map(({ topic }) => topic)).size).toBe(2_000);
});
