/** The saved queries on edge cases, with expected rows worked out by hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../workshop-contract.ts';
import { LOG, type LogRow } from './sample-lake.ts';
import { openSavedLake, type SavedLake } from './saved-lake.ts';

/**
 * In 1987 the clocks of Seoul went from UTC+9 to UTC+10 on 10 May at 02:00 (17:00Z on the 9th), and back on 11 October at
 * 03:00 (17:00Z on the 10th). These readings come every hour of both days, from the first hour to the last.
 */
const SEOUL: LogRow[] = [
  ...hourly('spring', '1987-05-09T15:00:00Z', 23),
  ...hourly('autumn', '1987-10-10T14:00:00Z', 25),
  ['autumn', '1987-10-10T13:59:59.999Z', 99, 99, '1987-10-10T14:00:00Z'],
  ['autumn', '1987-10-11T15:00:00Z', 99, 99, '1987-10-11T15:00:00Z'],
];
/** One reading with a value above the others, received twice; the second copy counts. */
const TWICE: LogRow[] = [
  ...['10', '11', '12', '13'].map(
    (hour): LogRow => ['t', `2024-07-01T${hour}:00:00Z`, 20, null, `2024-07-01T${hour}:00:01Z`],
  ),
  ['t', '2024-07-01T14:00:00Z', 20, null, '2024-07-01T14:00:01Z'],
  ['t', '2024-07-01T14:00:00Z', 30, 70, '2024-07-01T14:00:02Z'],
];

let lake: SavedLake;
beforeAll(async () => {
  lake = await openSavedLake([...LOG, ...SEOUL, ...TWICE], { ...contract, since: '1987-01-01' });
});
afterAll(() => lake.close());

const rowsOf = async (name: string, given: Record<string, string>) => (await lake.run(name, given)).rows;
const BERLIN = { date: '2024-10-27', timezone: 'Europe/Berlin' };

test.each([
  ['anomalies', []],
  ['comfort', []],
  ['day-over-day', []],
  ['fleet-summary', [[0n, 0n, null, null, 0n, null, null, null, 0n, null, null, null]]],
  ['hourly-profile', []],
  ['longest-silences', []],
  ['reading-rate', []],
  ['temperature-distribution', []],
])('%s of an empty day', async (name, expected) => {
  expect(await rowsOf(name, { date: '2024-02-29', timezone: 'Asia/Seoul' })).toEqual(expected);
});

test('first-last-seen and partition-sizes of no partition at all', async () => {
  expect(await rowsOf('first-last-seen', { since: '2025-01-01' })).toEqual([]);
  expect(await rowsOf('partition-sizes', { since: '2025-01-01' })).toEqual([]);
});

describe("Berlin's day of 25 hours", () => {
  test('reading-rate: intervals of 2.5, 1 and 21.5 hours; a device that sent once has none', async () => {
    const [from, until] = ['2024-10-26 22:00:00.000', '2024-10-27 22:59:59.999'];
    const noon = '2024-10-27 12:15:00.000';
    expect(await rowsOf('reading-rate', BERLIN)).toEqual([
      ['a', 4n, from, until, 9_000, 77_399.999, 9_000, 10n, 0.6],
      ['b', 1n, noon, noon, null, null, null, null, null],
    ]);
    expect(await rowsOf('reading-rate', { ...BERLIN, seconds: '3600' })).toEqual([
      ['a', 4n, from, until, 9_000, 77_399.999, 3_600, 25n, 0.84],
      ['b', 1n, noon, noon, null, null, 3_600, 25n, 0.96],
    ]);
    expect((await rowsOf('reading-rate', { ...BERLIN, seconds: '99999' })).map(row => row.slice(6))).toEqual([
      [99_999, 0n, 0],
      [99_999, 0n, 0],
    ]);
  });

  test('hourly-profile has both hours from 2 to 3 as one', async () => {
    expect(await rowsOf('hourly-profile', { ...BERLIN, days: '1' })).toEqual([
      ['a', 7, 0, 1n, 10, 10, 10, 50],
      ['a', 7, 2, 2n, 20, 25, 30, 60],
      ['a', 7, 23, 1n, 12, 12, 12, 70],
      ['b', 7, 13, 1n, 21.5, 21.5, 21.5, 41],
    ]);
  });

  test('day-over-day has NULL for a day without readings', async () => {
    expect(await rowsOf('day-over-day', BERLIN)).toEqual([
      ['a', 4n, 1n, 18, 99, -81, 60, 99, -39],
      ['b', 1n, 0n, 21.5, null, null, 41, null, null],
    ]);
  });

  test('comfort leaves the absent humidity out of its share', async () => {
    expect(await rowsOf('comfort', BERLIN)).toEqual([
      ['a', 4n, 2n, 1n, 0.25, 0n, 1n, 0.666666667, 0.333333333],
      ['b', 1n, 0n, 0n, 1, 0n, 0n, 1, 1],
    ]);
    expect(
      (await rowsOf('comfort', { ...BERLIN, min_temperature: '21.5', max_temperature: '21.5' })).map(row => row[4]),
    ).toEqual([0, 1]);
  });

  test('longest-silences begin and end on the clock', async () => {
    const given = { ...BERLIN, days: '1', minutes: '150' };
    expect(await rowsOf('longest-silences', given)).toEqual([
      ['a', '2024-10-27 01:30:00.000', '2024-10-27 22:59:59.999', 1_289.9999833333334],
      ['a', '2024-10-26 22:00:00.000', '2024-10-27 00:30:00.000', 150],
    ]);
    expect(await rowsOf('longest-silences', { ...given, most: '1' })).toHaveLength(1);
  });
});

describe("Seoul's days of 23 and 25 hours", () => {
  test.each([
    ['1987-05-10', 'spring', 23n, '1987-05-09 15:00:00.000', '1987-05-10 13:00:00.000'],
    ['1987-10-11', 'autumn', 25n, '1987-10-10 14:00:00.000', '1987-10-11 14:00:00.000'],
  ])('%s', async (date, device, hours, first, last) => {
    const given = { date, timezone: 'Asia/Seoul' };
    expect(await rowsOf('reading-rate', given)).toEqual([[device, hours, first, last, 3_600, 3_600, 3_600, hours, 0]]);
    const [summary = []] = await rowsOf('fleet-summary', given);
    expect(summary.slice(0, 4)).toEqual([1n, hours, first, last]);
    // The hour from 2 to 3 is skipped in spring and comes twice in autumn.
    const counts = new Map((await rowsOf('hourly-profile', { ...given, days: '1' })).map(row => [row[2], row[3]]));
    expect([counts.get(1), counts.get(2), counts.get(3)]).toEqual(
      device === 'spring' ? [1n, undefined, 1n] : [1n, 2n, 1n],
    );
  });
});

describe('a reading that came twice', () => {
  const given = { date: '2024-07-01' };

  test('anomalies: no spread but one value, so its score is in mean distances (2)', async () => {
    expect(await rowsOf('anomalies', given)).toEqual([
      ['t', '2024-07-01 14:00:00.000', 'temperature', 30, 20, 0, 3.989467805],
    ]);
    expect(await rowsOf('anomalies', { ...given, threshold: '4' })).toEqual([]);
  });

  test('it is one reading, and two rows received', async () => {
    expect(await rowsOf('temperature-distribution', given)).toEqual([['t', 5n, 20, 20, 20, 20, 20, 30, 30]]);
    expect(await rowsOf('first-last-seen', { since: '2024-06-01' })).toContainEqual([
      ...['t', '2024-07-01 10:00:00.000', '2024-07-01 14:00:00.000'],
      ...[1n, 5n],
    ]);
    expect(await rowsOf('partition-sizes', { since: '2024-07-01' })).toContainEqual([
      ...['2024-07-01', 6n, 5n, 1n],
      '2024-07-01 14:00:02.000',
    ]);
  });
});

function hourly(device: string, from: string, hours: number): LogRow[] {
  return Array.from({ length: hours }, (_, hour) => {
    const ms = Date.parse(from) + hour * 3_600_000;
    return [device, new Date(ms).toISOString(), hour, null, new Date(ms + 1_000).toISOString()];
  });
}
