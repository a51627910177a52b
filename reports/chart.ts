import { readFile } from 'node:fs/promises';
import { parse, resetSVGDefIds, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { packageFile } from '../contract/package-root.ts';
import { CHARTS, type Chart, type ChartLayer, type ChartSubject } from './charts.ts';
import type { DailyReport } from './model.ts';

/** One drawing of a daily report, and what the page says of it in plain text. */
export interface DailyChart {
  svg: string;
  title: string;
  label: string;
  caption: string;
}

/** The charts of so many measures have the specifications' own height. */
const WHOLE_HEIGHTS = 2;
/** That of the others. */
const SMALL_HEIGHT = 120;

/**
 * Draws the charts of each measure that the day has values of; the same report gives the same texts. Device ids go in as data
 * only, never into a specification.
 */
export async function drawCharts(report: DailyReport, kinds: readonly Chart[] = CHARTS): Promise<DailyChart[]> {
  // All drawings are on one page: ids count on from one to the next, and begin anew with each page.
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
  // The specifications are Sluice's own files, each drawn by a test.
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

/** A specification as its file has it: one mark, or layers of them. */
interface Specification {
  data: { name: string };
  params?: { name: string }[];
  mark?: unknown;
  layer?: unknown[];
}

async function readSpecification({ spec }: ChartLayer): Promise<Specification> {
  return JSON.parse(await readFile(packageFile('reports', `${spec}.vl.json`), 'utf8')) as Specification;
}

/** A specification drawn over a layer of another. */
function onBand({ mark, layer = [{ mark }], ...shared }: Specification, band: Specification): Specification {
  return { ...shared, layer: [band, ...layer] };
}

/** Places of 00:00, 03:00, 06:00 and so on, and of the day's end; of an hour that comes twice the first. */
function everyThirdHour(hours: DailyReport['hours']): number[] {
  const clock = hours.map(({ label }) => Number(label.slice(0, 2)));
  return [...hours.keys()].filter(at => (clock[at] ?? 0) % 3 === 0 && clock[at] !== clock[at - 1]).concat(hours.length);
}
