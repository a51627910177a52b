import { expect, test } from 'vitest';
import { drawCharts } from '../../reports/chart.ts';
import { fleetBand } from '../../reports/fleet-band.ts';
import { dailyReport } from '../../reports/model.ts';
import { dailyPage } from '../../reports/page.ts';
import { byHour, context, daily, day, rows } from './sample-day.ts';

test('the band goes from the lowest to the highest of all devices in each hour that has values', () => {
  const other = { ...rows.hourly[1], deviceid: 'b', measures: [{ min: -7, avg: 3, max: 12, readings: 2 }] };
  const report = dailyReport(day, { ...rows, hourly: [...rows.hourly, other as (typeof rows.hourly)[number]] });
  expect(fleetBand(report, 0)).toEqual([
    { start: 2, end: 3, min: -7, max: 20 },
    { start: 6, end: 7, min: 30, max: 30 },
    { start: 24, end: 25, min: -5.25, max: -5.25 },
  ]);
});

test('for a measure without hourly extremes, the band goes from the lowest to the highest average', () => {
  expect(fleetBand(dailyReport(day, rows), 1)).toEqual([
    { start: 2, end: 3, min: 55, max: 55 },
    { start: 24, end: 25, min: 40, max: 40 },
  ]);
});

/** A day of eleven devices, ten of them drawn; the other one was the hottest. */
const eleven = () => {
  const ids = Array.from({ length: 11 }, (_, index) => `d${index + 10}`);
  const hot = { min: 70, avg: 80, max: 90, readings: 1 };
  return dailyReport(day, {
    ...rows,
    daily: ids.map((deviceid, index) => ({
      ...{ deviceid, readings: index === 10 ? 1 : 3 },
      measures: index === 10 ? [hot, hot] : (daily[1]?.measures ?? []),
    })),
    hourly: ids.flatMap((deviceid, index) =>
      rows.hourly.slice(1).map(row => ({ ...row, deviceid, ...(index === 10 ? { measures: [hot, hot] } : {}) })),
    ),
  });
};

test('a device without its own line is within the grey band, and the caption explains the band', async () => {
  const report = eleven();
  expect(report.charted).not.toContain('d20');
  const charts = await drawCharts(report, byHour);
  for (const { svg } of charts) expect(svg.match(/<path [^>]*fill="#8a8f98"/g)).toHaveLength(2);
  const html = dailyPage(report, charts, context);
  expect(html).toContain('Grey: from the lowest to the highest reading of all 11 devices.</figcaption>');
  expect(html).toContain('Grey: from the lowest to the highest average of all 11 devices.</figcaption>');
});

test('there is no band if every device has a line', async () => {
  const charts = await drawCharts(dailyReport(day, rows), byHour);
  expect(charts).toHaveLength(2);
  for (const { svg } of charts) expect(svg).not.toContain('fill="#8a8f98"');
});

test.each([1e18, 3e-9])('the axis of values of %d can be read', async value => {
  const at = (part: number) => ({ min: -value, avg: value * part, max: value, readings: 3 });
  const report = dailyReport(day, {
    ...rows,
    daily: rows.daily.map(row => ({ ...row, measures: [at(0), at(0)] })),
    hourly: rows.hourly.map((row, index) => ({ ...row, measures: [at(index - 1), at(index - 1)] })),
  });
  for (const { svg } of await drawCharts(report, byHour)) {
    const labels = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    expect(labels.filter(label => /^[−-]?[\d.]+e[+−-]\d+$/.test(label ?? '')).length).toBeGreaterThan(1);
    expect(labels.filter(label => /\d{4}|,/.test(label ?? ''))).toEqual([]);
  }
});
