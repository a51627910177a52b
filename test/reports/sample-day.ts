import { CHARTS } from '../../reports/charts.ts';
import type { Measure } from '../../reports/measures.ts';
import type { DayRows } from '../../reports/model.ts';
import type { DailyRow, HourlyRow } from '../../reports/rows.ts';

/** An id that no contract accepts, to check that a page would show it as text. */
export const HOSTILE = `<img src=x onerror=alert(1)>"'&</svg><script>alert(2)</script>`;

/** Three readings of `a` (10, 20, 30 °C; no humidity in the last), one of the hostile device (-5.25 °C, 40 %). */
export const daily: DailyRow[] = [
  {
    deviceid: HOSTILE,
    readings: 1,
    measures: [
      { min: -5.25, avg: -5.25, max: -5.25 },
      { min: 40, avg: 40, max: 40 },
    ],
  },
  {
    deviceid: 'a',
    readings: 3,
    measures: [
      { min: 10, avg: 20, max: 30 },
      { min: 50, avg: 55, max: 60 },
    ],
  },
];

const hour = (deviceid: string, start: string, temperatures: number[], humidities: number[]): HourlyRow => ({
  deviceid,
  startMs: Date.parse(start),
  readings: temperatures.length,
  measures: [
    {
      min: Math.min(...temperatures),
      avg: temperatures.reduce((sum, value) => sum + value, 0) / temperatures.length,
      max: Math.max(...temperatures),
      readings: temperatures.length,
    },
    {
      min: null,
      avg: humidities.length === 0 ? null : humidities.reduce((sum, value) => sum + value, 0) / humidities.length,
      max: null,
      readings: humidities.length,
    },
  ],
});

/** The hours of those readings, on the 25-hour day of Berlin: `a` in the first 02:00 and in 05:00, the other in 23:00. */
export const hourly: HourlyRow[] = [
  hour(HOSTILE, '2026-10-25T22:00Z', [-5.25], [40]),
  hour('a', '2026-10-25T00:00Z', [10, 20], [50, 60]),
  hour('a', '2026-10-25T04:00Z', [30], []),
];

export const day = { date: '2026-10-25', timezone: 'Europe/Berlin' };

export const measures: Measure[] = [
  { name: 'temperature', unit: '°C', whole: false },
  { name: 'humidity', unit: '%', whole: false },
];

/** That day's rows, as a report takes them. */
export const rows: DayRows = { measures, leftOut: [], daily, hourly };

export const context = { generatedAt: Date.UTC(2026, 9, 26, 6, 30) };

/** The charts by hour, which tests of the page show; `charts.test.ts` draws every chart. */
export const byHour = CHARTS.filter(({ spec }) => ['range-by-hour', 'average-by-hour'].includes(spec));
