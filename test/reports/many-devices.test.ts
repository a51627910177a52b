import { expect, test } from 'vitest';
import { drawCharts } from '../../reports/chart.ts';
import { type DayRows, dailyReport } from '../../reports/model.ts';
import { dailyPage } from '../../reports/page.ts';
import { context, measures } from './sample-day.ts';

const day = { date: '2026-07-14', timezone: 'UTC' };
const MIDNIGHT = Date.parse('2026-07-14T00:00:00Z');

/** A day on which each device sends two readings per hour: its number's hundredth above and below 20 °C. */
function fleetOf(devices: number, measured = measures): DayRows {
  const ids = Array.from({ length: devices }, (_, index) => `device-${String(index).padStart(6, '0')}`);
  const values = (index: number) => measured.map(() => ({ min: 20 - index / 100, avg: 20, max: 20 + index / 100 }));
  return {
    ...{ measures: measured, leftOut: [] },
    daily: ids.map((deviceid, index) => ({ deviceid, readings: 48, measures: values(index) })),
    hourly: ids.flatMap((deviceid, index) =>
      Array.from({ length: 24 }, (_, hour) => ({
        ...{ deviceid, startMs: MIDNIGHT + hour * 3_600_000, readings: 2 },
        measures: values(index).map(value => ({ ...value, readings: 2 })),
      })),
    ),
  };
}

async function pageOf(rows: DayRows): Promise<string> {
  const report = dailyReport(day, rows);
  return dailyPage(report, await drawCharts(report), context);
}

const rowsOf = (html: string) => html.match(/<tr><td/g)?.length ?? 0;

test('fifty devices are all in both tables', async () => {
  const html = await pageOf(fleetOf(50));
  expect(rowsOf(html)).toBe(50 + 50 * 24);
  expect(html).toContain('The charts show the 10 devices with the most readings of 50; the tables have all.');
});

test('all of a thousand devices are in the table by device, and the charted ones in the table by hour', async () => {
  const html = await pageOf(fleetOf(1_000));
  expect(rowsOf(html)).toBe(1_000 + 10 * 24);
  expect(html).toContain(
    'The charts and the table by hour show the 10 devices with the most readings of 1,000; the table by device has all.',
  );
  expect(html).toContain('By device and hour (240 rows)');
  expect(html).toContain(
    'sluice query run hourly-temperature --param date=2026-07-14 --param timezone=UTC --format csv',
  );
  expect(html.length).toBeLessThan(500_000);
});

test('if there are more devices than a page can hold, the table by device has the first, and says so', async () => {
  const html = await pageOf(fleetOf(3_000));
  expect(rowsOf(html)).toBe(1_000 + 10 * 24);
  expect(html).toContain('of 3,000; the table by device has the first 1,000.');
  expect(html).toContain(
    'sluice query run daily-temperature --param date=2026-07-14 --param timezone=UTC --format csv',
  );
  expect(html).toContain('<dt>Highest temperature</dt><dd>50.0 °C</dd>');
  expect(html.length).toBeLessThan(500_000);
});

test('no command is named that a contract without humidity cannot run', async () => {
  const html = await pageOf(fleetOf(3_000, measures.slice(0, 1)));
  expect(html).not.toContain('sluice query run');
});

test('a single hour is one row', async () => {
  const { daily, hourly, ...rest } = fleetOf(1);
  expect(await pageOf({ ...rest, daily, hourly: hourly.slice(0, 1) })).toContain('By device and hour (1 row)');
});
