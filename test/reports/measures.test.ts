import { expect, test } from 'vitest';
import type { LakeConfig } from '../../contract/config.ts';
import { defineContract } from '../../contract/contract.ts';
import { loadCatalog, parseSavedQuery, positional } from '../../queries/saved-queries.ts';
import { decimalsOf } from '../../reports/day-range.ts';
import { asksAsSaved, dailyQuery, hourlyQuery, resultColumns } from '../../reports/measure-queries.ts';
import { reportMeasures } from '../../reports/measures.ts';
import { contract as workshop } from '../workshop-contract.ts';

type Columns = LakeConfig['columns'];

function measuresOf(columns: Columns) {
  const contract = defineContract({
    ...{ topic: 'x/{deviceid}', device: { from: 'topic' }, time: { from: 't', form: 'epoch-seconds' }, columns },
  });
  return reportMeasures(contract);
}

const double = (name: string) => ({ name, from: name, type: 'double' }) as const;

test('temperature leads, the other numbers follow in the order of the contract, with its units', () => {
  const { measures, leftOut } = measuresOf([
    { ...double('co'), unit: 'ppm' },
    { name: 'motion', from: 'm', type: 'boolean' },
    { name: 'battery', from: 'b', type: 'bigint', unit: 'mV' },
    { ...double('temperature'), unit: '°F' },
    { name: 'firmware', from: 'f', type: 'string' },
  ]);
  expect(measures).toEqual([
    { name: 'temperature', unit: '°F', whole: false },
    { name: 'co', unit: 'ppm', whole: false },
    { name: 'battery', unit: 'mV', whole: true },
  ]);
  expect(leftOut).toEqual([]);
});

test('without a temperature that is a number the first number leads', () => {
  const columns = [{ name: 'temperature', from: 't', type: 'string' } as const, double('pressure'), double('co')];
  expect(measuresOf(columns).measures.map(({ name }) => name)).toEqual(['pressure', 'co']);
});

test('columns that do not fit, or named like a column of the query, are listed as left out', () => {
  const columns = ['local_hour', ...'abcdefghi', 'temperature'].map(double);
  const { measures, leftOut } = measuresOf(columns);
  expect(measures.map(({ name }) => name)).toEqual(['temperature', ...'abcdefg']);
  expect(leftOut).toEqual(['local_hour', 'h', 'i']);
});

test('a contract without numbers has no report, and is told what to add', () => {
  expect(() => measuresOf([{ name: 'open', from: 'open', type: 'boolean' }])).toThrow(
    expect.objectContaining({
      ...{ name: 'UserError', exitCode: 1, todo: expect.stringContaining("{ name: 'temperature'") },
      message: expect.stringContaining('double or bigint'),
    }),
  );
});

async function saved() {
  const catalog = await loadCatalog();
  const [daily, hourly] = ['daily-temperature', 'hourly-temperature'].map(name => catalog.find(q => q.name === name));
  if (daily === undefined || hourly === undefined) throw new Error('the saved queries are not there');
  return { daily, hourly };
}

test("the workshop's contract runs the saved queries unchanged", async () => {
  const { measures } = reportMeasures(workshop);
  const { daily, hourly } = await saved();
  expect(dailyQuery(daily, measures)).toEqual(daily);
  expect(hourlyQuery(hourly, measures)).toEqual(hourly);
  expect(asksAsSaved(measures)).toBe(true);
  expect(resultColumns(measures)[1]).toEqual({
    ...{ min: 'min_humidity', avg: 'avg_humidity', max: 'max_humidity', readings: 'humidity_readings' },
  });
});

test("another contract's columns replace the saved queries' own, quoted, and its results have distinct names", async () => {
  const measures = [{ name: 'temperature' }, { name: 'order' }];
  const { daily, hourly } = await saved();
  expect(dailyQuery(daily, measures).sql).toContain(`count(*) AS readings,
  min(temperature) AS min_temperature,
  round(avg(temperature), 9) AS avg_temperature,
  max(temperature) AS max_temperature,
  min("order") AS min_measure_2,
  round(avg("order"), 9) AS avg_measure_2,
  max("order") AS max_measure_2
FROM readings`);
  const { sql } = hourlyQuery(hourly, measures);
  expect(sql).toContain('SELECT deviceid, ts, temperature, "order", hours.local_hour, quarters.minutes_past\n');
  expect(sql).toContain('    local_hour,\n    temperature,\n    "order"\n  FROM local_readings');
  expect(sql).toContain(`count(*) AS readings,
  min(temperature) AS min_temperature,
  round(avg(temperature), 9) AS avg_temperature,
  max(temperature) AS max_temperature,
  round(avg("order"), 9) AS avg_measure_2,
  count(temperature) AS temperature_readings,
  count("order") AS measure_2_readings
FROM hourly`);
  expect(asksAsSaved(measures)).toBe(false);
});

test('the parameters stay bound, whatever a column is called', async () => {
  const { daily } = await saved();
  const query = dailyQuery(daily, [{ name: 'date' }, { name: 'timezone' }]);
  expect(positional(query).order).toEqual(positional(daily).order);
});

test('a saved query that lists its measures differently is not run', () => {
  const query = parseSavedQuery('x', '-- title: x\n-- description: x\n-- example: x\nSELECT 1');
  expect(() => dailyQuery(query, [{ name: 'co' }])).toThrow('x.sql does not list its measures');
});

test.each([
  ['temperature', 0.4, 1],
  ['humidity', 5, 1],
  ['co', 0.0146, 4],
  ['voltage', 3.71, 2],
  ['pressure', 1013.25, 1],
  ['tiny', 1e-12, 9],
  ['none', 0, 1],
])('%s up to %d has %d decimals', (name, value, decimals) => {
  const at = (value: number) => ({ value, deviceid: 'a', hour: undefined });
  expect(decimalsOf({ name }, { min: at(-value / 2), avg: 0, max: at(value) })).toBe(decimals);
});
