import { XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { drawCharts } from '../../reports/chart.ts';
import { indexPage } from '../../reports/index-page.ts';
import { dailyReport } from '../../reports/model.ts';
import { dailyPage } from '../../reports/page.ts';
import { byHour, context, day, HOSTILE, rows } from './sample-day.ts';

async function page(of = rows): Promise<string> {
  const report = dailyReport(day, of);
  return dailyPage(report, await drawCharts(report, byHour), context);
}

test('the page of a fixed day is the golden one, byte for byte', async () => {
  await expect(await page()).toMatchFileSnapshot('../fixtures/report-2026-10-25.html');
});

test('drawing the same day again gives the same bytes', async () => {
  expect(await page()).toBe(await page());
});

test('nothing in the page can run or load, whatever a device is called', async () => {
  const html = await page();
  expect(html).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
  );
  expect(html).not.toMatch(/<script|<img|<iframe|<link|<a |href=|url\(/i);
  expect(html).not.toContain(HOSTILE);
  // Once in each legend, in both tables, and with this device's extremes.
  expect(html.split('&lt;img src=x onerror=alert(1)&gt;').length - 1).toBeGreaterThanOrEqual(4);
});

test('every id of the drawings is there once, and the drawings are well-formed', async () => {
  const html = await page();
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const drawings = html.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
  expect(drawings).toHaveLength(2);
  for (const drawing of drawings) expect(XMLValidator.validate(drawing)).toBe(true);
});

test('a line breaks where an hour has no readings', async () => {
  const [{ svg: temperature } = { svg: '' }] = await drawCharts(dailyReport(day, rows), byHour);
  const lines = [...temperature.matchAll(/stroke-width="1.75"/g)];
  expect(lines.length).toBeGreaterThan(0);
  // `a` has two separate hours, the other device one: three line starts with no line drawn between them.
  const paths = [...temperature.matchAll(/<path d="([^"]*)"[^>]*stroke-width="1.75"/g)]
    .map(([, path]) => path)
    .join('');
  expect(paths.match(/M/g)).toHaveLength(3);
  expect(paths).not.toMatch(/M[^MZ]+L(?![^MZ]*Z)/);
});

test('a page without readings says so', async () => {
  const html = await page({ ...rows, daily: [], hourly: [] });
  expect(html).toContain('There are no readings of this day.');
  expect(html).not.toContain('<svg');
});

const links = (html: string) =>
  [...html.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)].map(([, href = '', text = '']) => [href, text]);

test('the index lists the days, the newest first', () => {
  const html = indexPage(['2026-10-24', '2026-10-25', '2025-12-31'].map(date => ({ date, timezone: 'UTC' })));
  expect(links(html)).toEqual([
    ['daily/2026-10-25.html', '2026-10-25'],
    ['daily/2026-10-24.html', '2026-10-24'],
    ['daily/2025-12-31.html', '2025-12-31'],
  ]);
});

test('the index shows the zone of each page that is not in UTC', () => {
  const zones = ['Europe/Berlin', 'UTC', 'Etc/GMT+5'];
  const html = indexPage([
    ...zones.map(timezone => ({ date: '2026-10-25', timezone })),
    { ...day, date: '2026-10-26' },
  ]);
  expect(links(html)).toEqual([
    ['daily/2026-10-26.Europe.Berlin.html', '2026-10-26, Europe/Berlin'],
    ['daily/2026-10-25.html', '2026-10-25'],
    ['daily/2026-10-25.Etc.GMT%2B5.html', '2026-10-25, Etc/GMT+5'],
    ['daily/2026-10-25.Europe.Berlin.html', '2026-10-25, Europe/Berlin'],
  ]);
  expect(html).toContain('in UTC where no other zone is named');
});

test('an id that is wider than the screen may be broken in the tables, and reads and copies as it is', async () => {
  const id = `factory:7:${'x'.repeat(118)}`;
  const rename = <Row extends { deviceid: string }>(row: Row) =>
    row.deviceid === 'a' ? { ...row, deviceid: id } : row;
  const html = await page({ ...rows, daily: rows.daily.map(rename), hourly: rows.hourly.map(rename) });
  const cells = [...html.matchAll(/<td class="text wrap">(factory.*?)<\/td>/g)].map(([, cell = '']) => cell);
  // By device, and its two hours.
  expect(cells).toHaveLength(3);
  for (const cell of cells) {
    expect(cell.replaceAll('<wbr>', '')).toBe(id);
    expect(Math.max(...cell.split('<wbr>').map(part => part.length))).toBeLessThanOrEqual(32);
  }
});

test('charts are readable on a phone, and tables are complete in print, in landscape if wide', async () => {
  const third = { name: 'co', unit: 'ppm', whole: false };
  const styleOf = (html: string) => html.split('<style>')[1]?.split('</style>')[0] ?? '';
  const [two, three] = [styleOf(await page()), styleOf(await page({ ...rows, measures: [...rows.measures, third] }))];
  for (const style of [two, three]) {
    const [phone = '', paper = ''] = style.split('@media ').slice(2);
    expect(phone).toMatch(/^screen and \(max-width[\s\S]*figure svg \{ width: 44rem/);
    expect(paper).toMatch(/^print[\s\S]*h2 \{[^}]*break-after: avoid[\s\S]*\.scroll \{ overflow: visible/);
  }
  expect([two.includes('landscape'), three.includes('landscape')]).toEqual([false, true]);
});
