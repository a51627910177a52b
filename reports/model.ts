import { type DayHour, dayHours } from './day-hours.ts';
import type { DailyRow, HourlyRow } from './rows.ts';

/** Everything that a daily report says, as values; `page.ts` only words it. */
export interface DailyReport {
  date: string;
  timezone: string;
  /** Readings of all devices. */
  readings: number;
  /** One per device with readings, by id. */
  devices: DeviceDay[];
  temperature: DayRange | undefined;
  humidity: DayRange | undefined;
  /** The local day's hours: 23, 24 or 25. */
  hours: DayHour[];
  hoursWithReadings: number;
  /** Hours without a reading of any device, as `04:00–06:00`. */
  missing: string[];
  hourly: (HourlyRow & { label: string })[];
  /** The devices that the charts show: those with the most readings, by id. */
  charted: string[];
}

/** A device's row of daily-temperature, with the hours in which it has readings and those in which it has none. */
export interface DeviceDay extends DailyRow {
  hoursWithReadings: number;
  missing: string[];
}

/** The day's extremes of one measure, and the average over all readings that have it. */
export interface DayRange {
  min: Extreme;
  avg: number;
  max: Extreme;
}

export interface Extreme {
  value: number;
  deviceid: string;
  /** The first hour in which it was so, where the hourly rows say. */
  hour: string | undefined;
}

/** More lines than this in one chart cannot be told apart. */
export const CHARTED_DEVICES = 10;

/** Makes the report of one local day from the rows of daily-temperature and hourly-temperature. */
export function dailyReport(
  day: { date: string; timezone: string },
  daily: readonly DailyRow[],
  hourly: readonly HourlyRow[],
): DailyReport {
  const hours = dayHours(day.date, day.timezone);
  const labels = new Map(hours.map(({ startMs, label }) => [startMs, label]));
  const labelled = hourly.map(row => ({ ...row, label: labels.get(row.startMs) ?? '' }));
  const hourlyOf = byDevice(hourly);
  const mostReadings = daily.toSorted((a, b) => b.readings - a.readings || compareIds(a.deviceid, b.deviceid));
  return {
    ...day,
    readings: daily.reduce((sum, { readings }) => sum + readings, 0),
    devices: daily.map(row => {
      const own = hourlyOf.get(row.deviceid) ?? [];
      return { ...row, hoursWithReadings: own.length, missing: missingHours(hours, own) };
    }),
    temperature: temperatureRange(daily, labelled),
    humidity: humidityRange(daily, labelled),
    hours,
    hoursWithReadings: new Set(hourly.map(({ startMs }) => startMs)).size,
    missing: missingHours(hours, hourly),
    hourly: labelled,
    charted: mostReadings
      .slice(0, CHARTED_DEVICES)
      .map(({ deviceid }) => deviceid)
      .sort(compareIds),
  };
}

function temperatureRange(daily: readonly DailyRow[], hourly: DailyReport['hourly']): DayRange | undefined {
  const min = extreme(daily, row => row.min_temperature, Math.min);
  const max = extreme(daily, row => row.max_temperature, Math.max);
  const avg = weightedAverage(
    daily,
    hourly,
    row => row.avg_temperature,
    row => row.temperature_readings,
  );
  if (min === undefined || max === undefined || avg === undefined) return undefined;
  const hourOf = ({ value, deviceid }: Extreme, of: (row: HourlyRow) => number | null) =>
    hourly.find(row => row.deviceid === deviceid && of(row) === value)?.label;
  return {
    min: { ...min, hour: hourOf(min, row => row.min_temperature) },
    avg,
    max: { ...max, hour: hourOf(max, row => row.max_temperature) },
  };
}

function humidityRange(daily: readonly DailyRow[], hourly: DailyReport['hourly']): DayRange | undefined {
  const min = extreme(daily, row => row.min_humidity, Math.min);
  const max = extreme(daily, row => row.max_humidity, Math.max);
  const avg = weightedAverage(
    daily,
    hourly,
    row => row.avg_humidity,
    row => row.humidity_readings,
  );
  return min === undefined || max === undefined || avg === undefined ? undefined : { min, avg, max };
}

function extreme(
  daily: readonly DailyRow[],
  of: (row: DailyRow) => number | null,
  better: (a: number, b: number) => number,
): Extreme | undefined {
  let best: Extreme | undefined;
  for (const row of daily) {
    const value = of(row);
    if (value === null || (best !== undefined && better(best.value, value) === best.value)) continue;
    best = { value, deviceid: row.deviceid, hour: undefined };
  }
  return best;
}

/** Each device's average counts as often as it has the measure; that is its readings, less those in which it is NULL. */
function weightedAverage(
  daily: readonly DailyRow[],
  hourly: readonly HourlyRow[],
  average: (row: DailyRow) => number | null,
  counted: (row: HourlyRow) => number,
): number | undefined {
  const weights = new Map<string, number>();
  for (const row of hourly) weights.set(row.deviceid, (weights.get(row.deviceid) ?? 0) + counted(row));
  let sum = 0;
  let total = 0;
  for (const row of daily) {
    const value = average(row);
    const weight = weights.get(row.deviceid) ?? 0;
    if (value === null) continue;
    sum += value * weight;
    total += weight;
  }
  return total === 0 ? undefined : sum / total;
}

/** The day's hours in which no row is, neighbours joined to `04:00–06:00`. */
function missingHours(hours: readonly DayHour[], rows: readonly HourlyRow[]): string[] {
  const present = new Set(rows.map(({ startMs }) => startMs));
  const ranges: string[] = [];
  for (let first = 0; first < hours.length; first++) {
    if (present.has(hours[first]?.startMs ?? 0)) continue;
    let end = first + 1;
    while (end < hours.length && !present.has(hours[end]?.startMs ?? 0)) end++;
    ranges.push(`${hours[first]?.label}–${hours[end]?.label ?? '24:00'}`);
    first = end;
  }
  return ranges;
}

function byDevice(hourly: readonly HourlyRow[]): Map<string, HourlyRow[]> {
  const groups = new Map<string, HourlyRow[]>();
  for (const row of hourly) {
    const group = groups.get(row.deviceid);
    if (group === undefined) groups.set(row.deviceid, [row]);
    else group.push(row);
  }
  return groups;
}

/** The order of `ORDER BY deviceid` in Trino: by code point, whatever the process's locale. */
function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
