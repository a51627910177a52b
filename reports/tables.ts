import { escapeHtml } from './html.ts';
import type { DailyReport, DayMeasure, DeviceDay } from './model.ts';
import { grouped } from './number.ts';
import { figureOf, heading, inUnit, ranges } from './wording.ts';

/** Maximum rows: more would make the page slow to load, and nobody would read them. */
const DEVICE_ROWS = 1_000;
const HOUR_ROWS = 1_200;

/** The devices in the first table: all, or the first of very many. */
export function tabledDevices({ devices }: DailyReport): DeviceDay[] {
  return devices.slice(0, DEVICE_ROWS);
}

/** The hours in the second table: of all devices, or, if there are many, of the charted ones. */
export function tabledHours({ hourly, charted }: DailyReport): DailyReport['hourly'] {
  return hourly.length <= HOUR_ROWS ? hourly : hourly.filter(({ deviceid }) => charted.includes(deviceid));
}

/** The day's figures of each device, as HTML. */
export function deviceTable(report: DailyReport): string {
  const { hours, measures } = report;
  const row = (device: DeviceDay) => [
    deviceCell(device.deviceid),
    number(grouped(device.readings)),
    ...measures.flatMap((measure, index) => threeValues(measure, device.measures[index])),
    number(`${device.hoursWithReadings} of ${hours.length}`),
    `<td class="text wrap">${ranges(device.missing)}</td>`,
  ];
  const head = `<tr>${tallText('Device')}${tall('Readings')}${measures.map(measure => over(3, measure)).join('')}\
${tall('Hours')}${tallText('Hours without readings')}</tr>
<tr>${MIN_AVG_MAX.repeat(measures.length)}</tr>`;
  return `<h2>By device</h2>\n${table(head, tabledDevices(report).map(row))}`;
}

/** The hours of each device, as collapsed HTML. */
export function hourTable(report: DailyReport): string {
  const [lead, ...others] = report.measures;
  if (lead === undefined) return '';
  const rows = tabledHours(report).map(row => [
    deviceCell(row.deviceid),
    text(row.label),
    number(grouped(row.readings)),
    ...threeValues(lead, row.measures[0]),
    ...others.map((measure, index) => number(figureOf(row.measures[index + 1]?.avg, measure))),
  ]);
  const head = `<tr>${tallText('Device')}${tallText('Hour from')}${tall('Readings')}\
${over(3, lead)}${others.map(measure => over(1, measure)).join('')}</tr>
<tr>${MIN_AVG_MAX}${'<th scope="col">Avg</th>'.repeat(others.length)}</tr>`;
  return `<details><summary>By device and hour (${grouped(rows.length)} ${rows.length === 1 ? 'row' : 'rows'})</summary>\n${table(head, rows)}\n</details>`;
}

const MIN_AVG_MAX = '<th scope="col">Min</th><th scope="col">Avg</th><th scope="col">Max</th>';

function tall(name: string): string {
  return `<th rowspan="2" scope="col">${name}</th>`;
}

function tallText(name: string): string {
  return `<th rowspan="2" scope="col" class="text">${name}</th>`;
}

function over(columns: number, measure: DayMeasure): string {
  return `<th colspan="${columns}" scope="colgroup">${escapeHtml(heading(measure))}${inUnit(measure)}</th>`;
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

/** A longer id would push the figures off the screen and the paper. */
const WIDE_ID = 64;

/** A device's id; very long ones may break, although they contain no spaces. */
function deviceCell(deviceid: string): string {
  if (deviceid.length <= WIDE_ID) return text(deviceid);
  const parts = deviceid.match(/.{1,32}/gsu) ?? [];
  return `<td class="text wrap">${parts.map(escapeHtml).join('<wbr>')}</td>`;
}

function text(value: string): string {
  return `<td class="text">${escapeHtml(value)}</td>`;
}

function number(value: string): string {
  return `<td>${escapeHtml(value)}</td>`;
}

function threeValues(measure: DayMeasure, values: DeviceDay['measures'][number] | undefined): string[] {
  return [
    number(figureOf(values?.min, measure, 'min')),
    number(figureOf(values?.avg, measure)),
    number(figureOf(values?.max, measure, 'max')),
  ];
}
