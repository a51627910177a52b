import { dayBounds } from '../contract/time.ts';

/** One hour of a local day. */
export interface DayHour {
  /** Its first instant, ms since the epoch: `hour_start` in hourly-temperature. */
  startMs: number;
  /** `05:00`, with the UTC offset (`02:00 +01:00`) if the hour occurs twice that day. */
  label: string;
}

const QUARTER_MS = 15 * 60_000;

/** The hours on the clock of a local day, in order: 24, or 23 or 25 when the clocks change. */
export function dayHours(date: string, timezone: string): DayHour[] {
  const { startMs, endMs } = dayBounds(date, timezone);
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  });
  const hours = new Map<number, { label: string; offset: string }>();
  // No zone's offset has been finer than a quarter of an hour since 1972.
  for (let ms = startMs; ms < endMs; ms += QUARTER_MS) {
    const part: Record<string, string> = {};
    for (const { type, value } of clock.formatToParts(ms)) part[type] = value;
    const hourMs = ms - Number(part.minute) * 60_000;
    const offset = part.timeZoneName?.replace('GMT', '') || '+00:00';
    if (!hours.has(hourMs)) hours.set(hourMs, { label: `${part.hour}:00`, offset });
  }
  const labels = [...hours.values()].map(({ label }) => label);
  return [...hours].map(([hourMs, { label, offset }]) => ({
    startMs: hourMs,
    label: labels.indexOf(label) === labels.lastIndexOf(label) ? label : `${label} ${offset}`,
  }));
}
