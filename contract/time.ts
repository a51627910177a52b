/** Parses event times strictly. The process's TZ never matters: a zoneless time is in the zone that the caller names. */

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d|[+-]\d{4})?$/;

const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * ISO 8601 date and time, `T` or a space between, seconds and their fraction optional, cut to whole milliseconds.
 * Gives ms since the epoch, or undefined for anything else: `2026-02-30`, `24:00`, `:60`, and a local time that the
 * zone's clocks skip. A local time that occurs twice is its first occurrence.
 */
export function parseIsoTime(text: string, timezone = 'UTC'): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = match;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const asUtc = utc(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second), ms);
  if (asUtc === undefined) return undefined;
  if (zone === 'Z') return asUtc;
  if (zone === undefined) return timezone === 'UTC' ? asUtc : fromLocal(asUtc, timezone);
  const offsetHours = Number(zone.slice(1, 3));
  const offsetMinutes = Number(zone.slice(-2));
  if (offsetHours > 18 || offsetMinutes > 59) return undefined;
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000;
  return zone.startsWith('-') ? asUtc + offsetMs : asUtc - offsetMs;
}

/** A JSON number of seconds or milliseconds since the epoch, fractions cut to whole ms; undefined outside years 1 to 9999. */
export function parseEpoch(value: number, unit: 'epoch-seconds' | 'epoch-milliseconds'): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  // Rounded at the microsecond first: 1594598735.123 * 1000 is 1594598735122.9999.
  const ms = unit === 'epoch-seconds' ? Math.floor(Math.round(value * 1e6) / 1e3) : Math.floor(value);
  return Math.abs(ms) <= LATEST_MS && ms > -62_135_596_800_000 ? ms : undefined;
}

/** Whether this Node knows the IANA zone. */
export function isTimeZone(name: string): boolean {
  try {
    zoneClock(name);
    return true;
  } catch {
    return false;
  }
}

/** Event date of a time: `YYYY-MM-DD`, UTC, the value of the `dt` partition. */
export function utcDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** First instant (ms) of a local calendar date, and of the one after it: a day of 23, 24 or 25 hours. */
export function dayBounds(date: string, timezone: string): { startMs: number; endMs: number } {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return {
    startMs: firstInstant(Date.UTC(year, month - 1, day), timezone),
    endMs: firstInstant(Date.UTC(year, month - 1, day + 1), timezone),
  };
}

/** The local calendar date of an instant, `YYYY-MM-DD`. */
export function localDate(ms: number, timezone: string): string {
  return new Date(ms + offsetAt(ms, timezone)).toISOString().slice(0, 10);
}

function utc(year: number, month: number, day: number, hour: number, minute: number, second: number, ms: number) {
  if (hour > 23 || minute > 59 || second > 59 || year === 0) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hour, minute, second, ms);
}

function fromLocal(localMs: number, timezone: string): number | undefined {
  for (const guess of [
    localMs - offsetAt(localMs - 86_400_000, timezone),
    localMs - offsetAt(localMs + 86_400_000, timezone),
  ])
    if (guess + offsetAt(guess, timezone) === localMs) return guess;
  return undefined;
}

function firstInstant(localMidnightMs: number, timezone: string): number {
  const instant = fromLocal(localMidnightMs, timezone);
  if (instant !== undefined) return instant;
  // The zone's clocks skip this midnight: the day begins when they jump, at the old offset.
  return localMidnightMs - offsetAt(localMidnightMs - 86_400_000, timezone);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function zoneClock(timezone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timezone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(timezone, clock);
  }
  return clock;
}

function offsetAt(ms: number, timezone: string): number {
  if (timezone === 'UTC') return 0;
  const part: Record<string, string> = {};
  for (const { type, value } of zoneClock(timezone).formatToParts(ms)) part[type] = value;
  const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
  local.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
  return local.getTime() - Math.floor(ms / 1000) * 1000;
}
