import { readFile } from 'node:fs/promises';
import { parse, resetSVGDefIds, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { packageFile } from '../contract/package-root.ts';
import { CHARTS, type Chart, type ChartLayer, type ChartSubject } from './charts.ts';
import type { DailyReport } from './model.ts';

/** One chart of a daily report, and its plain text on the page. */
export interface DailyChart {
  svg: string;
  title: string;
  label: string;
  caption: string;
}

/** The number of measures whose charts have the specification's own height. */
const WHOLE_HEIGHTS = 2;
/** The height of the other charts. */
const SMALL_HEIGHT = 120;

/**
 * Draws the charts of each measure that has values on the day; the same report gives the same SVG. Device ids are
 * passed only as data, never in a specification.
 */
export async function drawCharts(report: DailyReport, kinds: readonly Chart[] = CHARTS): Promise<DailyChart[]> {
  // All charts share one page: ids increase from chart to chart and restart with each page.
  resetSVGDefIds();
  const charts: DailyChart[] = [];
  for (const [index, measure] of report.measures.entries()) {
    if (measure.range === undefined) continue;
    const subject = { report, measure, index };
    for (const kind of kinds.filter(({ when }) => when(subject))) {
      const svg = await draw(kind, subject);
      charts.push({ svg, title: kind.title(subject), label: kind.label(subject), caption: kind.caption(subject) });
    }
  }
  return charts;
}

async function draw(kind: Chart, subject: ChartSubject): Promise<string> {
  const { hours } = subject.report;
  const layers = [kind, ...(kind.behind?.when(subject) ? [kind.behind] : [])];
  const [front, behind] = (await Promise.all(layers.map(readSpecification))) as [Specification, Specification?];
  const whole = behind === undefined ? front : onBand(front, behind);
  // The specifications are Sluice's own files, and tests draw each of them.
  const view = new View(parse(compile(whole as unknown as TopLevelSpec).spec), { renderer: 'none' });
  const signals = {
    hours: hours.length,
    labels: [...hours.map(({ label }) => label), '24:00'],
    ticks: everyThirdHour(hours),
  };
  for (const { name } of front.params ?? [])
    if (name in signals) view.signal(name, signals[name as keyof typeof signals]);
  for (const [at, layer] of layers.entries())
    view.data((at === 0 ? front : behind)?.data.name ?? '', layer.rows(subject));
  if (subject.index >= WHOLE_HEIGHTS) view.height(SMALL_HEIGHT);
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** A specification as in its file: one mark, or layers. */
interface Specification {
  data: { name: string };
  params?: { name: string }[];
  mark?: unknown;
  layer?: unknown[];
}

async function readSpecification({ spec }: ChartLayer): Promise<Specification> {
  return JSON.parse(await readFile(packageFile('reports', `${spec}.vl.json`), 'utf8')) as Specification;
}

/** Draws a specification over another one's layer. */
function onBand({ mark, layer = [{ mark }], ...shared }: Specification, band: Specification): Specification {
  return { ...shared, layer: [band, ...layer] };
}

/** Positions of 00:00, 03:00, 06:00 and so on, and of the day's end; for a repeated hour, the first. */
function everyThirdHour(hours: DailyReport['hours']): number[] {
  const clock = hours.map(({ label }) => Number(label.slice(0, 2)));
  return [...hours.keys()].filter(at => (clock[at] ?? 0) % 3 === 0 && clock[at] !== clock[at - 1]).concat(hours.length);
}
