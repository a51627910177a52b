/** The rows of the two queries that a daily report is made of, typed at the boundary. */
import type { Value } from '../queries/row.ts';

/** A row of daily-temperature. A measure is null where none of the readings has it. */
export interface DailyRow {
  deviceid: string;
  readings: number;
  min_temperature: number | null;
  avg_temperature: number | null;
  max_temperature: number | null;
  min_humidity: number | null;
  avg_humidity: number | null;
  max_humidity: number | null;
}

/** A row of hourly-temperature. */
export interface HourlyRow {
  deviceid: string;
  /** The hour's first instant, ms since the epoch. */
  startMs: number;
  readings: number;
  min_temperature: number | null;
  avg_temperature: number | null;
  max_temperature: number | null;
  avg_humidity: number | null;
  temperature_readings: number;
  humidity_readings: number;
}

type Cells = Record<string, Value>;

/** Types a row of daily-temperature; throws an `Error` if a column is missing or not of its kind. */
export function dailyRow(cells: Cells): DailyRow {
  return {
    deviceid: text(cells, 'deviceid'),
    readings: count(cells, 'readings'),
    min_temperature: measure(cells, 'min_temperature'),
    avg_temperature: measure(cells, 'avg_temperature'),
    max_temperature: measure(cells, 'max_temperature'),
    min_humidity: measure(cells, 'min_humidity'),
    avg_humidity: measure(cells, 'avg_humidity'),
    max_humidity: measure(cells, 'max_humidity'),
  };
}

/** Types a row of hourly-temperature; throws an `Error` if a column is missing or not of its kind. */
export function hourlyRow(cells: Cells): HourlyRow {
  return {
    deviceid: text(cells, 'deviceid'),
    startMs: Date.parse(`${text(cells, 'hour_start').replace(' ', 'T')}Z`),
    readings: count(cells, 'readings'),
    min_temperature: measure(cells, 'min_temperature'),
    avg_temperature: measure(cells, 'avg_temperature'),
    max_temperature: measure(cells, 'max_temperature'),
    avg_humidity: measure(cells, 'avg_humidity'),
    temperature_readings: count(cells, 'temperature_readings'),
    humidity_readings: count(cells, 'humidity_readings'),
  };
}

function text(cells: Cells, name: string): string {
  const value = cells[name];
  if (typeof value === 'string') return value;
  throw new Error(`Column ${name} holds ${String(value)}, which is no text.`);
}

function count(cells: Cells, name: string): number {
  const value = measure(cells, name);
  if (value !== null) return value;
  throw new Error(`Column ${name} is NULL, which is no count.`);
}

function measure(cells: Cells, name: string): number | null {
  const value = cells[name];
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw new Error(`Column ${name} holds ${String(value)}, which is no number.`);
}
