/** The saved queries over some days around clock changes, against the same figures computed in TypeScript. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../workshop-contract.ts';
import {
  clock,
  comparable,
  greatest,
  groups,
  least,
  mean,
  median,
  nine,
  present,
  type Sample,
  samples,
  stamp,
  view,
} from './expected-rows.ts';
import type { LogRow } from './sample-lake.ts';
import { openSavedLake, type SavedLake } from './saved-lake.ts';

/**
 * Berlin's days of 25 hours (27 October 2024) and 23 hours (31 March), with their neighbours. Temperatures are
 * quarters and often equal, some far off; some are missing, and some readings came twice, the second time with
 * another value.
 */
function fleetLog(): LogRow[] {
  const next = random(20_241_027);
  const rows: LogRow[] = [];
  for (const [device, name] of ['p', 'q', 'r'].entries())
    for (const from of ['2024-03-29T00:00:00Z', '2024-10-25T00:00:00Z'])
      for (let ms = Date.parse(from); ms < Date.parse(from) + 96 * 3_600_000; ms += [600, 3_600, 60_000][device] ?? 0) {
        ms += Math.floor(next() * 600_000);
        if (next() < 0.02) ms += 4 * 3_600_000;
        const temperature = Math.round(4 * (20 + 2 * next() + (next() < 0.04 ? 30 * (next() - 0.5) : 0))) / 4;
        const humidity = next() < 0.1 ? null : name === 'q' ? (next() < 0.8 ? 50 : 60) : Math.round(next() * 100);
        const row: LogRow = [name, iso(ms), next() < 0.05 ? null : temperature, humidity, iso(ms + 1_000)];
        rows.push(row);
        if (next() < 0.1) rows.push([name, iso(ms), temperature + 1, humidity, iso(ms + 60_000)]);
      }
  return rows;
}

/** A device that sent once, one with constant measures, and one without any humidity. */
const ALONE: LogRow[] = [
  ['once', '2024-10-27T09:00:00Z', 21.25, 40, '2024-10-27T09:00:01Z'],
  ...['06', '07', '08', '09'].flatMap((hour): LogRow[] => [
    ['same', `2024-10-27T${hour}:00:00Z`, 19, 55, `2024-10-27T${hour}:00:01Z`],
    ['dry', `2024-10-27T${hour}:30:00Z`, Number(hour), null, `2024-10-27T${hour}:30:01Z`],
  ]),
];
const LOG = [...fleetLog(), ...ALONE];
const ALL = samples(LOG);
const READINGS = view(ALL);
const DAYS = [
  ['2024-10-27', 'Europe/Berlin'],
  ['2024-03-31', 'Europe/Berlin'],
  ['2024-10-27', 'Asia/Seoul'],
  ['2024-10-26', 'UTC'],
] as const;

/** The days without exactly 24 hours. */
const HOURS: Record<string, number> = { '2024-10-27 Europe/Berlin': 25, '2024-03-31 Europe/Berlin': 23 };

let lake: SavedLake;
beforeAll(async () => {
  lake = await openSavedLake(LOG, contract);
});
afterAll(() => lake.close());

const ofDay = (date: string, timezone: string, all = READINGS) =>
  all.filter(({ ms }) => clock(ms, timezone).date === date);
const byDevice = (all: readonly Sample[]) =>
  groups(all, ({ device }) => [device]).map(([[device]], at, found) => [device, found[at]?.[1] ?? []] as const);
const dayBefore = (date: string, days = 1) => iso(Date.parse(`${date}T12:00:00Z`) - days * 86_400_000).slice(0, 10);
const temperatures = (all: readonly Sample[]) => present(all.map(({ temperature }) => temperature));
const humidities = (all: readonly Sample[]) => present(all.map(({ humidity }) => humidity));

async function expectRows(name: string, given: Record<string, string>, expected: unknown[][]): Promise<void> {
  expect(comparable((await lake.run(name, given)).rows)).toEqual(comparable(expected as never));
}

describe.each(DAYS)('on %s in %s', (date, timezone) => {
  const day = ofDay(date, timezone);
  const given = { date, timezone };

  test('fleet-summary', () =>
    expectRows('fleet-summary', given, [
      [
        new Set(day.map(({ device }) => device)).size,
        day.length,
        ...[least, greatest].map(pick => pick(day.map(({ ms }) => ms))).map(ms => (ms === null ? null : stamp(ms))),
        ...[temperatures(day), humidities(day)].flatMap(all => [all.length, least(all), mean(all), greatest(all)]),
      ],
    ]));

  test('day-over-day', async () => {
    const before = ofDay(dayBefore(date), timezone);
    const expected = byDevice([...day, ...before]).map(([device]) => {
      const [now, then] = [day, before].map(all => all.filter(sample => sample.device === device)) as [
        Sample[],
        Sample[],
      ];
      const pairs = [temperatures, humidities].map(of => [mean(of(now)), mean(of(then))] as const);
      const change = pairs.flatMap(([a, b]) => [a, b, a === null || b === null ? null : nine(a - b)]);
      return [device, now.length, then.length, ...change];
    });
    await expectRows('day-over-day', given, expected);
  });

  test('temperature-distribution', async () => {
    const expected = byDevice(day.filter(({ temperature }) => temperature !== null)).map(([device, all]) => {
      const sorted = temperatures(all).sort((a, b) => a - b);
      const rank = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1];
      const [low, high] = [sorted[0], sorted.at(-1)];
      return [device, sorted.length, low, rank(5), rank(25), median(sorted), rank(75), rank(95), high];
    });
    await expectRows('temperature-distribution', given, expected);
  });

  test('comfort', async () => {
    const within = (value: number, low: number, high: number) => value >= low && value <= high;
    const expected = byDevice(day).map(([device, all]) => {
      const [t, h] = [temperatures(all), humidities(all)];
      const both = all.filter(({ temperature, humidity }) => temperature !== null && humidity !== null);
      const share = (flags: boolean[]) => mean(flags.map(Number));
      return [
        device,
        all.length,
        t.filter(value => value < 20.5).length,
        t.filter(value => value > 21.5).length,
        share(t.map(value => within(value, 20.5, 21.5))),
        h.filter(value => value < 30).length,
        h.filter(value => value > 60).length,
        share(h.map(value => within(value, 30, 60))),
        share(both.map(s => within(s.temperature ?? 0, 20.5, 21.5) && within(s.humidity ?? 0, 30, 60))),
      ];
    });
    await expectRows('comfort', { ...given, min_temperature: '20.5', max_temperature: '21.5' }, expected);
  });

  test('anomalies', async () => {
    const expected = byDevice(day).flatMap(([device, all]) =>
      (['temperature', 'humidity'] as const).flatMap(measure => {
        const there = all.flatMap(({ ms, [measure]: value }) => (value === null ? [] : [{ ms, value }]));
        const middle = median(there.map(({ value }) => value)) ?? 0;
        const away = there.map(({ value }) => Math.abs(value - middle));
        const [mad, average] = [median(away) ?? 0, mean(away) ?? 0];
        if (average === 0) return [];
        return there
          .map(({ ms, value }) => {
            const score = nine((value - middle) / (mad > 0 ? 1.4826 * mad : 1.2533 * average));
            return [device, stamp(ms), measure, value, middle, mad, score] as const;
          })
          .filter(row => Math.abs(row[6]) >= 2.5);
      }),
    );
    const sorted = groups(expected, ([device, at = '', measure = '']) => [device ?? '', at, measure]);
    await expectRows(
      'anomalies',
      { ...given, threshold: '2.5' },
      sorted.map(([, [row]]) => [...(row ?? [])]),
    );
  });

  test.each([0, 1_800])('reading-rate, every %i s', async seconds => {
    const hours = HOURS[`${date} ${timezone}`] ?? 24;
    const expected = byDevice(day).map(([device, all]) => {
      const times = all.map(({ ms }) => ms).sort((a, b) => a - b);
      const steps = times.slice(1).map((ms, at) => (ms - (times[at] ?? 0)) / 1_000);
      const middle = median(steps);
      const interval = seconds > 0 ? seconds : middle;
      const room = interval === null ? null : Math.floor((hours * 3_600) / interval);
      const missing = room === null ? null : Math.max(0, nine(1 - times.length / room));
      const ends = [stamp(times[0] ?? 0), stamp(times.at(-1) ?? 0)];
      return [device, times.length, ...ends, middle, greatest(steps), interval, room, missing];
    });
    await expectRows('reading-rate', { ...given, seconds: String(seconds) }, expected);
  });

  test('hourly-profile', async () => {
    const first = dayBefore(date, 2);
    const all = READINGS.map(sample => ({ ...sample, ...clock(sample.ms, timezone) }));
    const some = all.filter(sample => sample.date >= first && sample.date <= date);
    const expected = groups(some, ({ device, weekday, hour }) => [device, weekday, hour + 100]).map(
      ([[device, weekday, hour], cell]) => {
        const t = temperatures(cell);
        const figures = [least(t), mean(t), greatest(t), mean(humidities(cell))];
        return [device, weekday, Number(hour) - 100, cell.length, ...figures];
      },
    );
    await expectRows('hourly-profile', { ...given, days: '3' }, expected);
  });

  test('longest-silences', async () => {
    const first = dayBefore(date, 3);
    const some = READINGS.filter(({ ms }) => clock(ms, timezone).date >= first && clock(ms, timezone).date <= date);
    const silences = byDevice(some).flatMap(([device, all]) => {
      const times = all.map(({ ms }) => ms).sort((a, b) => a - b);
      return times.slice(1).map((ms, at) => [device, times[at] ?? 0, ms, (ms - (times[at] ?? 0)) / 60_000] as const);
    });
    const longest = groups(silences, ([device = '', , until, minutes]) => [1e9 - minutes, device, until])
      .flatMap(([, found]) => found)
      .filter(([, , , minutes]) => minutes >= 100)
      .slice(0, 5);
    const expected = longest.map(([device, from, until, minutes]) => [device, stamp(from), stamp(until), minutes]);
    await expectRows('longest-silences', { ...given, days: '4', minutes: '100', most: '5' }, expected);
  });
});

test('first-last-seen', async () => {
  const since = '2024-10-26';
  const expected = byDevice(READINGS.filter(({ ms }) => iso(ms).slice(0, 10) >= since)).map(([device, all]) => {
    const times = all.map(({ ms }) => ms);
    const days = new Set(times.map(ms => iso(ms).slice(0, 10))).size;
    return [device, stamp(Math.min(...times)), stamp(Math.max(...times)), days, all.length];
  });
  await expectRows('first-last-seen', { since }, expected);
});

test('partition-sizes', async () => {
  const expected = groups(ALL, ({ ms }) => [iso(ms).slice(0, 10)]).map(([[dt], all]) => [
    dt,
    all.length,
    view(all).length,
    new Set(all.map(({ device }) => device)).size,
    stamp(Math.max(...all.map(({ receivedMs }) => receivedMs))),
  ]);
  await expectRows('partition-sizes', {}, expected);
  await expectRows(
    'partition-sizes',
    { since: '2024-10-28' },
    expected.filter(([dt]) => String(dt) >= '2024-10-28'),
  );
});

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** mulberry32: numbers from 0 to below 1, the same on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
