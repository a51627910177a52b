import { readFile } from 'node:fs/promises';
import { parse, resetSVGDefIds, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { packageFile } from '../contract/package-root.ts';
import { type FleetHour, fleetBand } from './fleet-band.ts';
import { legendNames } from './legend.ts';
import type { DailyReport, DayMeasure } from './model.ts';

/** One drawing of a daily report. */
export interface DailyChart {
  measure: DayMeasure;
  svg: string;
  /** Whether it shows each hour's extremes, or averages alone. */
  hasExtremes: boolean;
  /** Whether a band behind the lines shows what all devices were, as not all have a line. */
  hasBand: boolean;
}

/** Height of the charts beyond the first two; those have the specifications' own. */
const SMALL_HEIGHT = 120;

/**
 * Draws a chart of each measure that the day has values of; the same report gives the same texts. Device ids go in as data
 * only, never into a specification.
 */
export async function drawCharts(report: DailyReport): Promise<DailyChart[]> {
  // All drawings are on one page: ids count on from one to the next, and begin anew with each page.
  resetSVGDefIds();
  const charts: DailyChart[] = [];
  for (const [index, measure] of report.measures.entries()) {
    if (measure.range === undefined) continue;
    const hasExtremes = index === 0;
    const hasBand = report.charted.length < report.devices.length;
    const svg = await draw(hasExtremes ? 'range-by-hour' : 'average-by-hour', report, {
      lines: chartData(report, index),
      ...(hasBand ? { band: fleetBand(report, index) } : {}),
      ...(index < 2 ? {} : { height: SMALL_HEIGHT }),
    });
    charts.push({ measure, svg, hasExtremes, hasBand });
  }
  return charts;
}

interface Drawing {
  lines: ChartRow[];
  band?: FleetHour[];
  height?: number;
}

async function draw(name: string, { hours }: DailyReport, { lines, band, height }: Drawing): Promise<string> {
  const specification = await readSpecification(name);
  const behind = band === undefined ? specification : onBand(specification, await readSpecification('fleet-band'));
  // The specifications are Sluice's own files, each drawn by a test.
  const view = new View(parse(compile(behind as unknown as TopLevelSpec).spec), { renderer: 'none' })
    .signal('hours', hours.length)
    .signal('labels', [...hours.map(({ label }) => label), '24:00'])
    .signal('ticks', everyThirdHour(hours))
    .data('hourly', lines);
  if (band !== undefined) view.data('fleet', band);
  if (height !== undefined) view.height(height);
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** A specification as its file has it: one mark, or layers of them. */
interface Specification {
  mark?: unknown;
  layer?: unknown[];
}

async function readSpecification(name: string): Promise<Specification> {
  return JSON.parse(await readFile(packageFile('reports', `${name}.vl.json`), 'utf8')) as Specification;
}

/** A specification drawn over a layer of another. */
function onBand({ mark, layer = [{ mark }], ...shared }: Specification, band: Specification): Specification {
  return { ...shared, layer: [band, ...layer] };
}

interface ChartRow {
  /** The device's id, or what of it fits into a legend. */
  deviceid: string;
  /** Place of the hour in the day: 0 is the first hour, whatever the clock shows. */
  start: number;
  middle: number;
  end: number;
  min: number | null;
  avg: number | null;
  max: number | null;
}

/** A row for every hour of every charted device, so that a line breaks where there are no readings. */
function chartData({ charted, hours, hourly }: DailyReport, measure: number): ChartRow[] {
  const names = legendNames(charted);
  return charted.flatMap((deviceid, place) => {
    const own = new Map(hourly.filter(row => row.deviceid === deviceid).map(row => [row.startMs, row]));
    return hours.map(({ startMs }, index) => {
      const values = own.get(startMs)?.measures[measure];
      return {
        deviceid: names[place] ?? deviceid,
        start: index,
        middle: index + 0.5,
        end: index + 1,
        min: values?.min ?? null,
        avg: values?.avg ?? null,
        max: values?.max ?? null,
      };
    });
  });
}

/** Places of 00:00, 03:00, 06:00 and so on, and of the day's end; of an hour that comes twice the first. */
function everyThirdHour(hours: DailyReport['hours']): number[] {
  const clock = hours.map(({ label }) => Number(label.slice(0, 2)));
  return [...hours.keys()].filter(at => (clock[at] ?? 0) % 3 === 0 && clock[at] !== clock[at - 1]).concat(hours.length);
}
