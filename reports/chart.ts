import { readFile } from 'node:fs/promises';
import { parse, resetSVGDefIds, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { packageFile } from '../contract/package-root.ts';
import type { DailyReport } from './model.ts';

/** The charts of a daily report as SVG texts. */
export interface DailyCharts {
  temperature: string;
  humidity: string;
}

/** Draws the charts; the same report gives the same text. Device ids go in as data only, never into a specification. */
export async function drawCharts(report: DailyReport): Promise<DailyCharts> {
  // Both drawings are on one page: ids count on from the first to the second, and begin anew with each page.
  resetSVGDefIds();
  const data = chartData(report);
  return {
    temperature: await draw('temperature.vl.json', report, data),
    humidity: await draw('humidity.vl.json', report, data),
  };
}

async function draw(file: string, { hours }: DailyReport, data: ChartRow[]): Promise<string> {
  // The specifications are Sluice's own files, each drawn by a test.
  const specification = JSON.parse(await readFile(packageFile('reports', file), 'utf8')) as TopLevelSpec;
  const view = new View(parse(compile(specification).spec), { renderer: 'none' })
    .signal('hours', hours.length)
    .signal('labels', [...hours.map(({ label }) => label), '24:00'])
    .signal('ticks', everyThirdHour(hours))
    .data('hourly', data);
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

interface ChartRow {
  deviceid: string;
  /** Place of the hour in the day: 0 is the first hour, whatever the clock shows. */
  start: number;
  middle: number;
  end: number;
  min_temperature: number | null;
  avg_temperature: number | null;
  max_temperature: number | null;
  avg_humidity: number | null;
}

/** A row for every hour of every charted device, so that a line breaks where there are no readings. */
function chartData({ charted, hours, hourly }: DailyReport): ChartRow[] {
  return charted.flatMap(deviceid => {
    const own = new Map(hourly.filter(row => row.deviceid === deviceid).map(row => [row.startMs, row]));
    return hours.map(({ startMs }, index) => {
      const row = own.get(startMs);
      return {
        deviceid,
        start: index,
        middle: index + 0.5,
        end: index + 1,
        min_temperature: row?.min_temperature ?? null,
        avg_temperature: row?.avg_temperature ?? null,
        max_temperature: row?.max_temperature ?? null,
        avg_humidity: row?.avg_humidity ?? null,
      };
    });
  });
}

/** Places of 00:00, 03:00, 06:00 and so on, and of the day's end; of an hour that comes twice the first. */
function everyThirdHour(hours: DailyReport['hours']): number[] {
  const clock = hours.map(({ label }) => Number(label.slice(0, 2)));
  return [...hours.keys()].filter(at => (clock[at] ?? 0) % 3 === 0 && clock[at] !== clock[at - 1]).concat(hours.length);
}
