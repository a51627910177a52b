import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { messages } from '../bench/scale/fleet-readings.ts';
import { measureSizes } from '../bench/scale.ts';
import { PRICES } from '../cli/commands/cost/prices.ts';
import { ASSUMED, DEPLOYED, MEASURED, MIB } from '../cli/commands/cost/units.ts';
import { contract } from './workshop-contract.ts';

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

describe('what docs/scale.md computes follows from its quotas and its measured figures', () => {
  const perSecond = 1e6 / 60;
  const perDay = perSecond * 86_400;
  const bytes = {
    envelope: written('in the envelope'),
    row: written('as a row of JSON'),
    raw: written('in a raw object'),
    parquet: written('in Parquet, as it is delivered'),
    merged: written('in Parquet, an hour'),
  };
  const delivery = DEPLOYED.deliveryBuffer.bytes;
  const files = { parquet: (bytes.row * perDay) / delivery, raw: (bytes.envelope * perDay) / delivery };
  const recordsOfACore = Number(/([\d,]+) records\/s/.exec(section('The backfill'))?.[1]?.replaceAll(',', ''));

  /** A section's text, from its heading to the next. */
  function section(title: string): string {
    return document.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  }

  /** The cells of the row that begins with these words. */
  function cells(row: string): string[] {
    const line = document.split('\n').find(text => text.startsWith(`| ${row}`)) ?? '';
    return line.split('|').map(cell => cell.trim());
  }

  test('its first table is in the order of the fleets that meet a quota', () => {
    const rows =
      document
        .split('## What breaks first')[1]
        ?.split('\n## ')[0]
        ?.match(/^\| [\da][\d,ny]* \|.*/gm) ?? [];
    const fleets = rows.map(row => (row.startsWith('| any') ? 0 : Number(row.split('|')[1]?.replaceAll(',', ''))));
    expect(fleets).toEqual([...fleets].sort((a, b) => a - b));
    const of = (what: string) => fleets[rows.findIndex(row => row.includes(what))];
    expect(of('*Direct PUT* requests')).toBe(1_000 * 60);
    expect(of('a new Kinesis stream')).toBe(4_000 * 60);
    expect(of('a new DynamoDB table')).toBe(4_000 * 60);
    expect(of('*Direct PUT* bytes')).toBe(round((MIB / bytes.envelope) * 60, 10_000));
    expect(of('*Inbound publish requests')).toBe(20_000 * 60);
    expect(of('*Table-level write throughput quota*')).toBe(40_000 * 60);
    expect(of('Kinesis on demand')).toBe(200_000 * 60);
  });

  test('a message a minute of a million devices', () => {
    const [head = ''] = document.split('\n## ');
    expect(head.match(/\d[\d,]*/g)).toEqual(expect.arrayContaining([count(perSecond), count(perDay / 1e6)]));
    for (const [row, weight] of [
      ['on the topic', written('on the topic')],
      ['in the envelope', bytes.envelope],
      ['as a row of JSON', bytes.row],
      ['in a raw object', bytes.raw],
      ['in Parquet, as it is delivered', bytes.parquet],
      ['in Parquet, an hour', bytes.merged],
    ] as const) {
      const [, , , perSecondMb, perDayGb] = cells(row);
      expect(Number(perSecondMb), row).toBeCloseTo((weight * perSecond) / 1e6, 1);
      // Both are rounded: the weight, of which there are 1.44 thousand million a day, and the GB.
      expect(Math.abs(Number(perDayGb) - (weight * perDay) / 1e9), row).toBeLessThan(0.13);
    }
  });

  test('shards: 17 by records, 34 with the room that a stream on demand keeps, and 12 such fleets at its end', () => {
    const load = Math.ceil(perSecond / 1_000);
    const open = Math.ceil((perSecond / 1_000) * ASSUMED.shards.room);
    const atOnce = open * DEPLOYED.consumerBatch.perShard;
    const megabytes = (bytes.envelope * perSecond) / 1e6;
    expect(written('by records')).toBe(load);
    expect(written('by bytes')).toBe(Math.ceil(megabytes));
    expect(written('with the headroom')).toBe(open);
    expect(cells('consumer')[3]?.match(/\d+/g)).toEqual([String(open), String(atOnce)]);
    const [, byRecords, byBytes] = /(\d+) such fleets by records, (\d+) by bytes/.exec(document) ?? [];
    expect([byRecords, byBytes]).toEqual([200_000 / perSecond, 200 / megabytes].map(count));
  });

  test('waits and prices of IoT Core', () => {
    expect(cells('*Connect requests')[3]?.match(/\d+/g)).toEqual([3_000, 500].map(rate => count(1e6 / rate / 60)));
    const hours = `${count(1e6 / 10 / 3_600)} hours`;
    for (const title of ['What breaks first', 'IoT Core'])
      expect(
        section(title)
          .split('\n')
          .find(line => line.includes('RegisterThing')),
      ).toContain(hours);
    expect(document).toContain(`$${Math.round(((perSecond * 3_600) / 1_000) * PRICES.rawPut.tiers[0].usd)} an hour`);
  });

  test('files of a day, and what a query of them scans', () => {
    const [, , objects, each, between] = cells('Parquet |');
    expect(objects).toBe(count(Math.ceil(files.parquet)));
    expect(Number(each)).toBeCloseTo((bytes.parquet * perDay) / files.parquet / 1e6, 0);
    expect(Number(between)).toBe(Math.round(86_400 / files.parquet));
    expect(cells('raw objects |').slice(2, 5)).toEqual([
      ...[count(Math.ceil(files.raw)), ((bytes.raw * perDay) / files.raw / 1e6).toFixed(1)],
      String(Math.round(86_400 / files.raw)),
    ]);
    expect(document).toContain(`${count(Math.ceil(files.parquet) * 365)} files`);
    const day = { delivered: (bytes.parquet * perDay) / 1e9, merged: (bytes.merged * perDay) / 1e9 };
    expect(cells('a day, all columns, as delivered')[3]).toBe(`$${((day.delivered / 1_000) * 5).toFixed(2)}`);
    expect(cells('a month, all columns, compacted')[2]).toBe(`${Math.round(day.merged * 30)} GB`);
    const cancelled = [100 / day.delivered, 100 / day.merged].map(Math.ceil);
    expect(/(\d+) days as delivered, or of (\d+) days compacted/.exec(document)?.slice(1).map(Number)).toEqual(
      cancelled,
    );
  });

  test('a backfill of a day and of a year', () => {
    const hours = (days: number, workers: number) => (perDay * days) / recordsOfACore / workers / 3_600;
    expect(cells('2,414 (a day)').slice(5, 7)).toEqual([
      `${hours(1, 5).toFixed(1)} h`,
      `${Math.round(hours(1, 100) * 60)} min`,
    ]);
    expect(cells('881,110 (a year)').slice(5, 7)).toEqual([
      `${Math.round(hours(365, 5) / 24)} days`,
      `${Math.round(hours(365, 100))} h`,
    ]);
  });
});

function round(value: number, unit: number): number {
  return Math.round(value / unit) * unit;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

test('the estimate of the cost rests on what the simulation measures', () => {
  const sizes = measureSizes(messages(contract, 20_000));
  expect(MEASURED.jsonRowBytes).toBeCloseTo(sizes.row, 0);
  expect(MEASURED.rawRatio / (sizes.raw / sizes.envelope)).toBeCloseTo(1, 2);
  // A small sample packs better: the dictionary of the ids fits.
  expect(MEASURED.parquetRowBytes).toBe(written('in Parquet, as it is delivered'));
});
