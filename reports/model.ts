import { type DayHour, dayHours } from './day-hours.ts';
import { type DayRange, decimalsOf, rangeOf } from './day-range.ts';
import type { Measure, ReportMeasures } from './measures.ts';
import type { DailyRow, HourlyRow } from './rows.ts';

/** A local calendar day. */
export interface LocalDay {
  /** `YYYY-MM-DD` */
  date: string;
  timezone: string;
}

/** The content of a daily report, as values; `page.ts` puts it into words. */
export interface DailyReport extends LocalDay {
  /** Readings of all devices. */
  readings: number;
  /** One per device with readings, sorted by id. */
  devices: DeviceDay[];
  /** The measures, in the order of the rows' values; the first is the report's subject. */
  measures: DayMeasure[];
  /** Numeric columns that do not fit into the report. */
  leftOut: string[];
  /** The local day's hours: 23, 24 or 25. */
  hours: DayHour[];
  hoursWithReadings: number;
  /** Hours without a reading from any device, as `04:00–06:00`. */
  missing: string[];
  hourly: (HourlyRow & { label: string })[];
  /** The devices in the charts: those with the most readings, sorted by id. */
  charted: string[];
}

/** A device's row of daily-temperature, with its number of hours with readings and its missing hours. */
export interface DeviceDay extends DailyRow {
  hoursWithReadings: number;
  missing: string[];
}

/** A measure and its range on the day. */
export interface DayMeasure extends Measure {
  /** undefined if no reading of the day has it. */
  range: DayRange | undefined;
  /** Decimals of its displayed values. */
  decimals: number;
}

/** Maximum lines in one chart; more cannot be told apart. */
export const CHARTED_DEVICES = 10;

/** A report's input: the measures, and the rows of daily-temperature and hourly-temperature over them. */
export interface DayRows extends ReportMeasures {
  daily: readonly DailyRow[];
  hourly: readonly HourlyRow[];
}

/** Creates the report of one local day. */
export function dailyReport(day: LocalDay, { measures, leftOut, daily, hourly }: DayRows): DailyReport {
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
    measures: measures.map((measure, index) => {
      const range = rangeOf(index, daily, labelled);
      return { ...measure, range, decimals: decimalsOf(measure, range) };
    }),
    leftOut,
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

/** The day's hours without a row, with neighbours joined as `04:00–06:00`. */
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

/** Orders as `ORDER BY deviceid` in Trino: by code point, whatever the process's locale. */
function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
