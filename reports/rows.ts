/** The rows of a daily report's two queries, typed at the boundary. */
import type { Value } from '../queries/row.ts';
import type { ResultColumns } from './measure-queries.ts';

/** A row of daily-temperature. */
export interface DailyRow {
  deviceid: string;
  readings: number;
  /** In the order of the report's measures. */
  measures: Statistics[];
}

/** Values of one measure; null if no reading has it. */
export interface Statistics {
  min: number | null;
  avg: number | null;
  max: number | null;
}

/** A row of hourly-temperature. */
export interface HourlyRow {
  deviceid: string;
  /** The hour's first instant, ms since the epoch. */
  startMs: number;
  readings: number;
  /** In the order of the report's measures. */
  measures: HourStatistics[];
}

/** For the report's first measure, also the extremes; they are null for the others. */
export interface HourStatistics extends Statistics {
  /** Readings that have the measure. */
  readings: number;
}

type Cells = Record<string, Value>;

/** Types a row of daily-temperature; throws an `Error` if a column is missing or not of its kind. */
export function dailyRow(cells: Cells, columns: readonly ResultColumns[]): DailyRow {
  return {
    deviceid: text(cells, 'deviceid'),
    readings: count(cells, 'readings'),
    measures: columns.map(names => statistics(cells, names)),
  };
}

/** Types a row of hourly-temperature; throws an `Error` if a column is missing or not of its kind. */
export function hourlyRow(cells: Cells, columns: readonly ResultColumns[]): HourlyRow {
  return {
    deviceid: text(cells, 'deviceid'),
    startMs: Date.parse(`${text(cells, 'hour_start').replace(' ', 'T')}Z`),
    readings: count(cells, 'readings'),
    measures: columns.map((names, index) => ({
      ...(index === 0 ? statistics(cells, names) : { min: null, avg: measure(cells, names.avg), max: null }),
      readings: count(cells, names.readings),
    })),
  };
}

function statistics(cells: Cells, names: ResultColumns): Statistics {
  return { min: measure(cells, names.min), avg: measure(cells, names.avg), max: measure(cells, names.max) };
}

function text(cells: Cells, name: string): string {
  const value = cells[name];
  if (typeof value === 'string') return value;
  throw new Error(`Column ${name} holds ${String(value)}, which is not a string.`);
}

function count(cells: Cells, name: string): number {
  const value = measure(cells, name);
  if (value !== null) return value;
  throw new Error(`Column ${name} is NULL, which is not a count.`);
}

function measure(cells: Cells, name: string): number | null {
  const value = cells[name];
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw new Error(`Column ${name} holds ${String(value)}, which is not a number.`);
}
