import type { DailyCharts } from './chart.ts';
import { escapeHtml, htmlPage } from './html.ts';
import type { DailyReport, DayRange, DeviceDay, Extreme } from './model.ts';
import { fixed, grouped } from './number.ts';

/** What a page is told beside the report: the measures' units, and when it was made (ms since the epoch). */
export interface PageContext {
  temperatureUnit: string;
  humidityUnit: string;
  generatedAt: number;
}

/** The report as one self-contained HTML file. Temperatures and humidities have one decimal. */
export function dailyPage(report: DailyReport, charts: DailyCharts, context: PageContext): string {
  const body = [
    `<h1>Temperature on ${escapeHtml(weekday(report.date))}, ${escapeHtml(report.date)}</h1>`,
    `<p>The local day in ${escapeHtml(report.timezone)}: ${report.hours.length} hours.</p>`,
    report.readings === 0
      ? '<p><strong>There are no readings of this day.</strong> Reports of days with readings show figures and charts here.</p>'
      : [figures(report, context), chartSection(report, charts, context), deviceTable(report, context)].join('\n'),
    report.readings === 0 ? '' : hourTable(report, context),
    footer(report, context),
  ];
  return htmlPage({ title: `Temperature on ${report.date}`, body: body.filter(part => part !== '').join('\n') });
}

function figures(report: DailyReport, { temperatureUnit, humidityUnit }: PageContext): string {
  const { devices, readings, temperature, humidity, hours, hoursWithReadings, missing } = report;
  return `<dl class="figures">
${[
  figure('Devices', grouped(devices.length)),
  figure('Readings', grouped(readings)),
  ...rangeFigures('temperature', temperatureUnit, temperature),
  ...rangeFigures('humidity', humidityUnit, humidity),
  figure(
    'Hours with readings',
    `${hoursWithReadings} of ${hours.length}`,
    missing.length === 0 ? '' : `none in ${ranges(missing)}`,
  ),
].join('\n')}
</dl>`;
}

function rangeFigures(measure: string, unit: string, range: DayRange | undefined): string[] {
  if (range === undefined) return [figure(`Average ${measure}`, '–', 'no reading has it')];
  return [
    figure(`Lowest ${measure}`, withUnit(range.min.value, unit), escapeHtml(whenAndWhere(range.min))),
    figure(`Average ${measure}`, withUnit(range.avg, unit), 'over all readings'),
    figure(`Highest ${measure}`, withUnit(range.max.value, unit), escapeHtml(whenAndWhere(range.max))),
  ];
}

function whenAndWhere({ deviceid, hour }: Extreme): string {
  return hour === undefined ? deviceid : `${deviceid}, in the hour from ${hour}`;
}

/** `note` is HTML. */
function figure(name: string, value: string, note = ''): string {
  const under = note === '' ? '' : `<dd class="note">${note}</dd>`;
  return `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>${under}</div>`;
}

function chartSection({ charted, devices }: DailyReport, charts: DailyCharts, context: PageContext): string {
  const some =
    charted.length === devices.length
      ? ''
      : `\n<p>The charts show the ${charted.length} devices with the most readings of ${grouped(devices.length)}; the tables have all.</p>`;
  return `<h2>Temperature by hour${inUnit(context.temperatureUnit)}</h2>${some}
<figure role="img" aria-label="Temperature by hour and device">${charts.temperature}
<figcaption>Line: average of each hour. Bar: from the lowest to the highest reading of the hour.</figcaption></figure>
<h2>Humidity by hour${inUnit(context.humidityUnit)}</h2>
<figure role="img" aria-label="Humidity by hour and device">${charts.humidity}
<figcaption>Average of each hour.</figcaption></figure>`;
}

function deviceTable({ devices, hours }: DailyReport, context: PageContext): string {
  const row = (device: DeviceDay) => [
    text(device.deviceid),
    number(grouped(device.readings)),
    ...measures(device.min_temperature, device.avg_temperature, device.max_temperature),
    ...measures(device.min_humidity, device.avg_humidity, device.max_humidity),
    number(`${device.hoursWithReadings} of ${hours.length}`),
    `<td class="text wrap">${ranges(device.missing)}</td>`,
  ];
  const head = `<tr>${tallText('Device')}${tall('Readings')}${over(3, 'Temperature', context.temperatureUnit)}\
${over(3, 'Humidity', context.humidityUnit)}${tall('Hours')}${tallText('Hours without readings')}</tr>
<tr>${MIN_AVG_MAX}${MIN_AVG_MAX}</tr>`;
  return `<h2>By device</h2>\n${table(head, devices.map(row))}`;
}

function hourTable({ hourly }: DailyReport, context: PageContext): string {
  const rows = hourly.map(row => [
    text(row.deviceid),
    text(row.label),
    number(grouped(row.readings)),
    ...measures(row.min_temperature, row.avg_temperature, row.max_temperature, row.avg_humidity),
  ]);
  const head = `<tr>${tallText('Device')}${tallText('Hour from')}${tall('Readings')}\
${over(3, 'Temperature', context.temperatureUnit)}${over(1, 'Humidity', context.humidityUnit)}</tr>
<tr>${MIN_AVG_MAX}<th scope="col">Avg</th></tr>`;
  return `<details><summary>By device and hour (${grouped(rows.length)} rows)</summary>\n${table(head, rows)}\n</details>`;
}

const MIN_AVG_MAX = '<th scope="col">Min</th><th scope="col">Avg</th><th scope="col">Max</th>';

function tall(name: string): string {
  return `<th rowspan="2" scope="col">${name}</th>`;
}

function tallText(name: string): string {
  return `<th rowspan="2" scope="col" class="text">${name}</th>`;
}

function over(columns: number, name: string, unit: string): string {
  return `<th colspan="${columns}" scope="colgroup">${name}${inUnit(unit)}</th>`;
}

/** `head` and `rows` are HTML. */
function table(head: string, rows: string[][]): string {
  return `<div class="scroll"><table>
<thead>
${head}
</thead>
<tbody>
${rows.map(cells => `<tr>${cells.join('')}</tr>`).join('\n')}
</tbody>
</table></div>`;
}

function text(value: string): string {
  return `<td class="text">${escapeHtml(value)}</td>`;
}

function number(value: string): string {
  return `<td>${escapeHtml(value)}</td>`;
}

function measures(...values: (number | null)[]): string[] {
  return values.map(value => number(value === null ? '–' : fixed(value, 1)));
}

/** Ranges of hours as HTML, each kept on one line. */
function ranges(missing: string[]): string {
  return missing.length === 0 ? '–' : missing.map(range => `<span>${escapeHtml(range)}</span>`).join(', ');
}

function withUnit(value: number, unit: string): string {
  return unit === '' ? fixed(value, 1) : `${fixed(value, 1)} ${unit}`;
}

function inUnit(unit: string): string {
  return unit === '' ? '' : `, ${escapeHtml(unit)}`;
}

function footer({ date, timezone }: DailyReport, { generatedAt }: PageContext): string {
  const made = new Date(generatedAt).toISOString().replace('T', ' ').slice(0, 19);
  return `<footer>From the saved queries daily-temperature and hourly-temperature with date=${escapeHtml(date)} and
timezone=${escapeHtml(timezone)}. Averages count every reading once. Made ${made} UTC.</footer>`;
}

function weekday(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString('en-US', { weekday: 'long', timeZone: 'UTC' });
}
