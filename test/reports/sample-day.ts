import type { DailyRow, HourlyRow } from '../../reports/rows.ts';

/** An id that no contract lets in, to see that a page would show it as text. */
export const HOSTILE = `<img src=x onerror=alert(1)>"'&</svg><script>alert(2)</script>`;

/** Three readings of `a` (10, 20, 30 °C; no humidity in the last), one of the hostile device (-5.25 °C, 40 %). */
export const daily: DailyRow[] = [
  {
    deviceid: HOSTILE,
    readings: 1,
    min_temperature: -5.25,
    avg_temperature: -5.25,
    max_temperature: -5.25,
    min_humidity: 40,
    avg_humidity: 40,
    max_humidity: 40,
  },
  {
    deviceid: 'a',
    readings: 3,
    min_temperature: 10,
    avg_temperature: 20,
    max_temperature: 30,
    min_humidity: 50,
    avg_humidity: 55,
    max_humidity: 60,
  },
];

const hour = (deviceid: string, start: string, temperatures: number[], humidities: number[]): HourlyRow => ({
  deviceid,
  startMs: Date.parse(start),
  readings: temperatures.length,
  min_temperature: Math.min(...temperatures),
  avg_temperature: temperatures.reduce((sum, value) => sum + value, 0) / temperatures.length,
  max_temperature: Math.max(...temperatures),
  avg_humidity: humidities.length === 0 ? null : humidities.reduce((sum, value) => sum + value, 0) / humidities.length,
  temperature_readings: temperatures.length,
  humidity_readings: humidities.length,
});

/** The hours of those readings, on the 25-hour day of Berlin: `a` in the first 02:00 and in 05:00, the other in 23:00. */
export const hourly: HourlyRow[] = [
  hour(HOSTILE, '2026-10-25T22:00Z', [-5.25], [40]),
  hour('a', '2026-10-25T00:00Z', [10, 20], [50, 60]),
  hour('a', '2026-10-25T04:00Z', [30], []),
];

export const day = { date: '2026-10-25', timezone: 'Europe/Berlin' };

export const context = { temperatureUnit: '°C', humidityUnit: '%', generatedAt: Date.UTC(2026, 9, 26, 6, 30) };
