import type { DailyReport } from './model.ts';
import type { HourlyRow, HourStatistics } from './rows.ts';

/** The range over all devices in one hour of the day. */
export interface FleetHour {
  /** Index of the hour in the day, and of its end. */
  start: number;
  end: number;
  min: number;
  max: number;
}

/**
 * For each hour with values of a measure (given by its index in the rows), the minimum and maximum over all devices:
 * of their readings if the hours have them, else of their averages. So a chart of a few devices also shows the range
 * of the others.
 */
export function fleetBand({ hours, hourly }: DailyReport, measure: number): FleetHour[] {
  const rows = new Map<number, HourlyRow[]>(hours.map(({ startMs }) => [startMs, []]));
  for (const row of hourly) rows.get(row.startMs)?.push(row);
  return hours.flatMap(({ startMs }, start) => {
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { measures } of rows.get(startMs) ?? []) {
      const values = measures[measure];
      min = Math.min(min, valueOr(values, 'min', min));
      max = Math.max(max, valueOr(values, 'max', max));
    }
    return min <= max ? [{ start, end: start + 1, min, max }] : [];
  });
}

function valueOr(values: HourStatistics | undefined, of: 'min' | 'max', otherwise: number): number {
  return values?.[of] ?? values?.avg ?? otherwise;
}
