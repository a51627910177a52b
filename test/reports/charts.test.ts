/** Every chart of the daily report, drawn. */
import { readdirSync } from 'node:fs';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../contract/package-root.ts';
import { drawCharts } from '../../reports/chart.ts';
import { CHARTS, type Chart } from '../../reports/charts.ts';
import { dailyReport } from '../../reports/model.ts';
import { dailyPage } from '../../reports/page.ts';
import { context, daily, day, HOSTILE, hourly, rows } from './sample-day.ts';

/** The sample day, and a day with more devices than lines in a chart. */
const REPORTS = [dailyReport(day, rows), dailyReport(day, manyDevices())];

function manyDevices(): typeof rows {
  const ids = Array.from({ length: 11 }, (_, index) => `d${index + 10}`);
  const [, a] = daily;
  return {
    ...rows,
    daily: ids.flatMap(deviceid => (a === undefined ? [] : { ...a, deviceid })),
    hourly: ids.flatMap(deviceid => hourly.slice(1).map(row => ({ ...row, deviceid }))),
  };
}

function specsOf({ spec, behind }: Chart): string[] {
  return behind === undefined ? [spec] : [spec, behind.spec];
}

test('every specification in reports/ is of a chart in CHARTS, and every chart has its specification', () => {
  const files = readdirSync(packageFile('reports')).filter(file => file.endsWith('.vl.json'));
  const named = new Set(CHARTS.flatMap(specsOf).map(spec => `${spec}.vl.json`));
  expect([...named].sort()).toEqual(files.sort());
});

describe.each(CHARTS)('$spec', chart => {
  test('is drawn on a day with readings, with its texts', async () => {
    const drawn = (await Promise.all(REPORTS.map(report => drawCharts(report, [chart])))).flat();
    expect(drawn.length).toBeGreaterThan(0);
    for (const { svg, title, label, caption } of drawn) {
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(svg).toMatch(/<g class="mark-\w+ role-mark[^"]*"[^>]*><path d="[^"]/);
      for (const text of [title, label, caption]) expect(text.trim()).not.toBe('');
    }
  });

  test('has nothing behind it, or that is drawn on one of those days', () => {
    const subjects = REPORTS.flatMap(report => report.measures.map((measure, index) => ({ report, measure, index })));
    const { behind } = chart;
    expect(behind === undefined || subjects.some(subject => behind.when(subject))).toBe(true);
  });
});

test('a page has a figure for each drawing, and no device id of the charts as markup', async () => {
  for (const report of REPORTS) {
    const charts = await drawCharts(report);
    const html = dailyPage(report, charts, context);
    expect(html.match(/<figure role="img" aria-label="[^"]+"><svg/g)).toHaveLength(charts.length);
    expect(html).not.toContain(HOSTILE);
  }
});
