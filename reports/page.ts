import type { DailyChart } from './chart.ts';
import type { Extreme } from './day-range.ts';
import { escapeHtml, htmlPage, WIDE_PAGE } from './html.ts';
import { asksAsSaved } from './measure-queries.ts';
import type { DailyReport, DayMeasure } from './model.ts';
import { grouped } from './number.ts';
import { deviceTable, hourTable, tabledDevices, tabledHours } from './tables.ts';
import { figureOf, heading, ranges, withUnit, wordOf } from './wording.ts';

/** A page's context in addition to the report: when it was created (ms since the epoch). */
export interface PageContext {
  generatedAt: number;
}

/** The report as one self-contained HTML file. */
export function dailyPage(report: DailyReport, charts: readonly DailyChart[], context: PageContext): string {
  const [lead] = report.measures;
  const title = `${lead === undefined ? 'Readings' : heading(lead)} on`;
  const body = [
    `<h1>${escapeHtml(title)} ${escapeHtml(weekday(report.date))}, ${escapeHtml(report.date)}</h1>`,
    `<p>The local day in ${escapeHtml(report.timezone)}: ${report.hours.length} hours.</p>`,
    report.readings === 0
      ? '<p><strong>There are no readings of this day.</strong> Reports of days with readings show figures and charts here.</p>'
      : [figures(report), chartSection(report, charts), deviceTable(report), hourTable(report)].join('\n'),
    footer(report, context),
  ];
  const style = report.measures.length > WHOLE_FIGURES ? WIDE_PAGE : '';
  return htmlPage({ title: `${title} ${report.date}`, body: body.join('\n'), style });
}

/** Measures whose extremes are shown as figures; more would push the charts off the screen. */
const WHOLE_FIGURES = 2;

function figures({ devices, readings, measures, hours, hoursWithReadings, missing }: DailyReport): string {
  return `<dl class="figures">
${[
  figure('Devices', grouped(devices.length)),
  figure('Readings', grouped(readings)),
  ...measures.flatMap((measure, index) => (index < WHOLE_FIGURES ? rangeFigures(measure) : averageFigure(measure))),
  figure(
    'Hours with readings',
    `${hoursWithReadings} of ${hours.length}`,
    missing.length === 0 ? '' : `none in ${ranges(missing)}`,
  ),
].join('\n')}
</dl>`;
}

function rangeFigures(measure: DayMeasure): string[] {
  const { range } = measure;
  const word = wordOf(measure);
  if (range === undefined) return [figure(`Average ${word}`, '–', 'no reading has it')];
  const { min, avg, max } = range;
  return [
    figure(`Lowest ${word}`, withUnit(min.value, measure, 'min'), escapeHtml(whenAndWhere(min))),
    figure(`Average ${word}`, withUnit(avg, measure, 'avg'), 'over all readings'),
    figure(`Highest ${word}`, withUnit(max.value, measure, 'max'), escapeHtml(whenAndWhere(max))),
  ];
}

function averageFigure(measure: DayMeasure): string {
  const { range } = measure;
  const name = `Average ${wordOf(measure)}`;
  if (range === undefined) return figure(name, '–', 'no reading has it');
  const { min, avg, max } = range;
  const fromTo = `from ${figureOf(min.value, measure, 'min')} to ${figureOf(max.value, measure, 'max')}`;
  return figure(name, withUnit(avg, measure, 'avg'), escapeHtml(fromTo));
}

function whenAndWhere({ deviceid, hour }: Extreme): string {
  return hour === undefined ? deviceid : `${deviceid}, in the hour from ${hour}`;
}

/** `note` is HTML. */
function figure(name: string, value: string, note = ''): string {
  const under = note === '' ? '' : `<dd class="note">${note}</dd>`;
  return `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>${under}</div>`;
}

function chartSection(report: DailyReport, charts: readonly DailyChart[]): string {
  const some = whichDevices(report);
  return charts
    .map(
      (
        { svg, title, label, caption },
        index,
      ) => `<h2>${escapeHtml(title)}</h2>${index === 0 && some !== '' ? `\n<p>${some}</p>` : ''}
<figure role="img" aria-label="${escapeHtml(label)}">${svg}
<figcaption>${escapeHtml(caption)}</figcaption></figure>`,
    )
    .join('\n');
}

/** What the charts and tables leave out, as HTML; empty if they show every device. */
function whichDevices(report: DailyReport): string {
  const { charted, devices, hourly } = report;
  if (charted.length === devices.length) return '';
  const most = `the ${charted.length} devices with the most readings of ${grouped(devices.length)}`;
  const [tabled, hours] = [tabledDevices(report), tabledHours(report)];
  if (hours.length === hourly.length) return `The charts show ${most}; the tables have all.`;
  const rest = tabled.length === devices.length ? 'all' : `the first ${grouped(tabled.length)}`;
  const missing =
    tabled.length === devices.length ? ['hourly-temperature'] : ['daily-temperature', 'hourly-temperature'];
  return `The charts and the table by hour show ${most}; the table by device has ${rest}.${whereAll(report, missing)}`;
}

/** How to get all rows, as HTML: with the saved queries, which know only their own columns. */
function whereAll({ date, timezone, measures }: DailyReport, queries: readonly string[]): string {
  if (!asksAsSaved(measures)) return '';
  const commands = queries.map(
    name =>
      `<code>sluice query run ${name} --param date=${date} --param timezone=${escapeHtml(timezone)} --format csv</code>`,
  );
  return ` All rows: ${commands.join(', and ')}.`;
}

function footer({ date, timezone, measures, leftOut }: DailyReport, { generatedAt }: PageContext): string {
  const made = new Date(generatedAt).toISOString().replace('T', ' ').slice(0, 19);
  const over = asksAsSaved(measures) ? '' : `over the columns ${measures.map(({ name }) => name).join(', ')}, `;
  const rest = leftOut.length === 0 ? '' : ` The lake also has numbers that are not shown here: ${leftOut.join(', ')}.`;
  return `<footer>From the saved queries daily-temperature and hourly-temperature ${escapeHtml(over)}with date=${escapeHtml(date)} and
timezone=${escapeHtml(timezone)}. Averages count every reading once.${escapeHtml(rest)} Made ${made} UTC.</footer>`;
}

function weekday(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString('en-US', { weekday: 'long', timeZone: 'UTC' });
}
