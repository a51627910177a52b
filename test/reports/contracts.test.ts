import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../../cli/commands/report/report.ts';
import type { ColumnConfig } from '../../contract/config.ts';
import { defineContract } from '../../contract/contract.ts';
import { LOCAL_NAMES } from '../../infra/local/local-names.ts';
import { parquetByColumns } from '../../lake/parquet-by-columns.ts';
import { recordedEffects } from '../recorded-effects.ts';
import { temporaryFolder } from '../temporary-folder.ts';

type Measures = Record<string, number | boolean | string | null>;

/**
 * The page of a lake with these columns, whose device `a` sent the given measures, one reading per hour from 05:00
 * UTC.
 */
async function pageOf(columns: ColumnConfig[], sent: Measures[]): Promise<string> {
  const data = await temporaryFolder();
  const config = {
    ...({ topic: 'x/{deviceid}', device: { from: 'topic' }, time: { from: 't', form: 'epoch-seconds' } } as const),
    columns,
  };
  const file = path.join(data, 'lake.config.ts');
  await writeFile(file, `export default ${JSON.stringify(config)};`);
  const folder = path.join(data, 's3', LOCAL_NAMES.bucket, 'readings', 'dt=2026-07-14');
  await mkdir(folder, { recursive: true });
  const readings = sent.map((measures, index) => {
    const ts = Date.parse('2026-07-14T05:00:00Z') + index * 3_600_000;
    return { deviceid: 'a', ts, receivedAt: ts, measures };
  });
  await writeFile(path.join(folder, 'sample.parquet'), parquetByColumns(defineContract(config), readings));
  const page = path.join(data, 'page.html');
  const options = ['--date', '2026-07-14', '--data', data, '--config', file, '--out', page];
  await command.run(['daily', ...options], recordedEffects({ cwd: data }));
  return readFile(page, 'utf8');
}

/** The cells of the table by device. */
function deviceCells(html: string): string[] {
  const [, table = ''] = html.split('<h2>By device</h2>');
  return [...(table.split('</table>')[0]?.matchAll(/<td[^>]*>(.*?)<\/td>/g) ?? [])].map(([, cell = '']) => cell);
}

/** The measures that have a chart by hour; a page may have other charts. */
function chartsByHour(html: string): string[] {
  return [...html.matchAll(/<figure role="img" aria-label="([\w ]+) by hour and device">/g)].map(([, of = '']) => of);
}

const double = (name: string, unit?: string): ColumnConfig => ({
  ...{ name, from: name, type: 'double' },
  ...(unit === undefined ? {} : { unit }),
});

test('a contract with only a temperature has a report of it, in its own unit', async () => {
  const html = await pageOf([double('temperature', '°F')], [{ temperature: -4 }, { temperature: 14 }]);
  expect(deviceCells(html)).toEqual([
    ...['a', '2', '-4.0', '5.0', '14.0', '2 of 24'],
    '<span>00:00–05:00</span>, <span>07:00–24:00</span>',
  ]);
  expect(html).toContain('<dt>Highest temperature</dt><dd>14.0 °F</dd>');
  expect(html).toContain('Temperature, °F</th>');
  expect(chartsByHour(html)).toEqual(['Temperature']);
  expect(html).not.toMatch(/humidity|°C/i);
  expect(html).toContain('hourly-temperature over the columns temperature, with date=2026-07-14');
});

test('further numbers are in the figures, the charts and the tables; a flag and a text are not', async () => {
  const columns: ColumnConfig[] = [
    double('co', 'ppm'),
    { name: 'motion', from: 'motion', type: 'boolean' },
    double('temperature', '°C'),
    { name: 'battery_level', from: 'b', type: 'bigint', unit: 'mV' },
    { name: 'firmware', from: 'f', type: 'string' },
  ];
  const html = await pageOf(columns, [
    { temperature: 20, co: 0.0045, motion: true, battery_level: 3700, firmware: 'v1' },
    { temperature: 21, co: 0.0146, motion: null, battery_level: 3705, firmware: null },
    { temperature: 22, co: null, motion: false, battery_level: null, firmware: null },
  ]);
  const temperature = ['20.0', '21.0', '22.0'];
  expect(deviceCells(html).slice(1, -2)).toEqual([
    ...['3', ...temperature, ...['0.0045', '0.0096', '0.0146'], ...['3700', '3702.5', '3705']],
  ]);
  expect(html).toContain('<dt>Lowest co</dt><dd>0.0045 ppm</dd><dd class="note">a</dd>');
  expect(html).toContain('<dt>Average battery level</dt><dd>3702.5 mV</dd><dd class="note">from 3700 to 3705</dd>');
  expect(chartsByHour(html)).toEqual(['Temperature', 'Co', 'Battery level']);
  expect(html).not.toMatch(/motion|firmware/i);
});

test('columns named like SQL keywords or result columns are told apart', async () => {
  const names = ['temperature', 'order', 'readings', 'avg_foo', 'foo_readings', 'hours', 'local_hour'];
  const measures = Object.fromEntries(names.map((name, index) => [name, 10 + index]));
  const html = await pageOf(
    names.map(name => double(name)),
    [measures],
  );
  expect(deviceCells(html).slice(0, -2)).toEqual([
    ...['a', '1', ...['10.0', '11.0', '12.0', '13.0', '14.0', '15.0'].flatMap(value => [value, value, value])],
  ]);
  const [, hours = ''] = html.split('<details>');
  expect([...hours.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => cell)).toEqual([
    ...['1', '10.0', '10.0', '10.0', '11.0', '12.0', '13.0', '14.0', '15.0'],
  ]);
  expect(html).toContain('numbers that are not shown here: local_hour.');
});

test('a measure without readings on the day is reported as absent, and has no chart', async () => {
  const html = await pageOf([double('temperature'), double('humidity')], [{ temperature: 20, humidity: null }]);
  expect(html).toContain('<dt>Average humidity</dt><dd>–</dd><dd class="note">no reading has it</dd>');
  expect(html).toMatch(/<svg/);
  expect(html).not.toMatch(/<h2>Humidity/);
});

test('without a temperature the report is about the first number', async () => {
  const html = await pageOf(
    [double('pressure', 'hPa'), double('humidity', '%')],
    [{ pressure: 1013.25, humidity: 40 }],
  );
  expect(html).toContain('<h1>Pressure on Tuesday, 2026-07-14</h1>');
  expect(html).toContain('<title>Pressure on 2026-07-14</title>');
  expect(html).toContain('<dd>1013.3 hPa</dd><dd class="note">a, in the hour from 05:00</dd>');
  expect(html).not.toMatch(/temperature on|temperature by/i);
});
