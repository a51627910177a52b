import type { Measure } from './measures.ts';
import type { DailyRow, HourlyRow } from './rows.ts';

/** The day's extremes of one measure, and the average over all readings that have it. */
export interface DayRange {
  min: Extreme;
  avg: number;
  max: Extreme;
}

export interface Extreme {
  value: number;
  deviceid: string;
  /** The first hour with that value, if the hourly rows have it: they do for the report's first measure. */
  hour: string | undefined;
}

type LabelledHour = HourlyRow & { label: string };

/** The range of the measure at an index of the rows; undefined if no reading has it. */
export function rangeOf(
  index: number,
  daily: readonly DailyRow[],
  hourly: readonly LabelledHour[],
): DayRange | undefined {
  const min = extreme(index, daily, 'min');
  const max = extreme(index, daily, 'max');
  const avg = weightedAverage(index, daily, hourly);
  if (min === undefined || max === undefined || avg === undefined) return undefined;
  const hourOf = ({ value, deviceid }: Extreme, of: 'min' | 'max') =>
    hourly.find(row => row.deviceid === deviceid && row.measures[index]?.[of] === value)?.label;
  return { min: { ...min, hour: hourOf(min, 'min') }, avg, max: { ...max, hour: hourOf(max, 'max') } };
}

function extreme(index: number, daily: readonly DailyRow[], of: 'min' | 'max'): Extreme | undefined {
  const better = Math[of];
  let best: Extreme | undefined;
  for (const { deviceid, measures } of daily) {
    const value = measures[index]?.[of] ?? null;
    if (value === null || (best !== undefined && better(best.value, value) === best.value)) continue;
    best = { value, deviceid, hour: undefined };
  }
  return best;
}

/**
 * Weights each device's average by its readings that have the measure: all its readings minus those in which it is
 * NULL.
 */
function weightedAverage(index: number, daily: readonly DailyRow[], hourly: readonly HourlyRow[]): number | undefined {
  const weights = new Map<string, number>();
  for (const { deviceid, measures } of hourly)
    weights.set(deviceid, (weights.get(deviceid) ?? 0) + (measures[index]?.readings ?? 0));
  let sum = 0;
  let total = 0;
  for (const { deviceid, measures } of daily) {
    const value = measures[index]?.avg ?? null;
    const weight = weights.get(deviceid) ?? 0;
    if (value === null) continue;
    sum += value * weight;
    total += weight;
  }
  return total === 0 ? undefined : sum / total;
}

/** The queries round averages to nine decimals. */
const MOST_DECIMALS = 9;

/** Measures whose sensors report tenths, whatever the day. */
const TENTHS = new Set(['temperature', 'humidity']);

/** Decimals that give the day's largest value three digits (0.0045, 3.71, 98.2), at least one. */
export function decimalsOf({ name }: Pick<Measure, 'name'>, range: DayRange | undefined): number {
  const largest = range === undefined ? 0 : Math.max(Math.abs(range.min.value), Math.abs(range.max.value));
  if (TENTHS.has(name) || largest === 0 || !Number.isFinite(largest)) return 1;
  return Math.min(MOST_DECIMALS, Math.max(1, 2 - Math.floor(Math.log10(largest))));
}
