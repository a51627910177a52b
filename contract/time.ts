/**
 * Parses event times strictly. The process's TZ never matters: a time without a zone is in the zone the caller gives.
 */

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d|[+-]\d{4})?$/;

const EARLIEST_MS = -62_135_596_800_000;
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const DAY_MS = 86_400_000;
/** The widest offset that java.time, and so Athena, reads. */
const MAX_OFFSET_MS = 18 * 3_600_000;

/** Whether a number is whole ms since the epoch in the years 1 to 9999, so that its ISO form has a four-digit year. */
export function isTime(ms: number): boolean {
  return Number.isInteger(ms) && ms >= EARLIEST_MS && ms <= LATEST_MS;
}

/**
 * Parses an ISO 8601 date and time, separated by `T` or a space, with optional seconds and fraction, truncated to
 * whole milliseconds. Returns ms since the epoch, or undefined for anything else: `2026-02-30`, `24:00`, `:60`, or a
 * local time that the zone's clocks skip. A local time that occurs twice gives its first occurrence: see
 * `secondInstant`. Years 1 to 9999, in UTC too.
 */
export function parseIsoTime(text: string, timezone = 'UTC'): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = match;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const asUtc = utc(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second), ms);
  if (asUtc === undefined) return undefined;
  if (zone === 'Z') return asUtc;
  if (zone === undefined) return inYears1To9999(timezone === 'UTC' ? asUtc : fromLocal(asUtc, timezone));
  const offsetMinutes = Number(zone.slice(-2));
  const offsetMs = (Number(zone.slice(1, 3)) * 60 + offsetMinutes) * 60_000;
  if (offsetMinutes > 59 || offsetMs > MAX_OFFSET_MS) return undefined;
  return inYears1To9999(zone.startsWith('-') ? asUtc + offsetMs : asUtc - offsetMs);
}

/**
 * The second instant of a local time that occurs twice, if the text names no zone; undefined for any other time.
 * `firstMs` is the result of `parseIsoTime` for the text.
 */
export function secondInstant(text: string, timezone: string, firstMs: number): number | undefined {
  if (timezone === 'UTC' || /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(16))) return undefined;
  const localMs = firstMs + offsetAt(firstMs, timezone);
  const secondMs = localMs - offsetAt(localMs + DAY_MS, timezone);
  const isOther = secondMs > firstMs && secondMs + offsetAt(secondMs, timezone) === localMs;
  return isOther ? inYears1To9999(secondMs) : undefined;
}

/** Seconds or milliseconds since the epoch, truncated to whole ms; undefined outside years 1 to 9999. */
export function parseEpoch(value: number, unit: 'epoch-seconds' | 'epoch-milliseconds'): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  // Rounds to the microsecond first: 1594598735.123 * 1000 is 1594598735122.9999.
  const ms = unit === 'epoch-seconds' ? Math.floor(Math.round(value * 1e6) / 1e3) : Math.floor(value);
  return inYears1To9999(ms);
}

/**
 * Whether Node knows the IANA zone by exactly that spelling. Node also accepts `europe/berlin`, and newer versions
 * `+02:00`, but Athena does not.
 */
export function isTimeZone(name: string): boolean {
  // Skips the lookup for the default: loading zone data takes longer than the rest of the transform's startup.
  if (name === 'UTC') return true;
  if (!/^[A-Z]/.test(name)) return false;
  try {
    const known = zoneClock(name).resolvedOptions().timeZone;
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** UTC date of a time, `YYYY-MM-DD`: the value of the `dt` partition. */
export function utcDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Whether it is a calendar date, `YYYY-MM-DD`: `2026-02-30` is not. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && parseIsoTime(`${text}T00:00Z`) !== undefined;
}

/**
 * First instant (ms) of a local calendar date, `YYYY-MM-DD`, and of the next one: a day of usually 23, 24 or 25 hours
 * (none if a zone moved across the date line). Throws a `RangeError` for an invalid date.
 */
export function dayBounds(date: string, timezone: string): { startMs: number; endMs: number } {
  if (!isDate(date)) throw new RangeError(`'${date}' is not a calendar date, YYYY-MM-DD`);
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return { startMs: firstInstant(midnight, timezone), endMs: firstInstant(midnight + DAY_MS, timezone) };
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
  for (const guess of [localMs - offsetAt(localMs - DAY_MS, timezone), localMs - offsetAt(localMs + DAY_MS, timezone)])
    if (guess + offsetAt(guess, timezone) === localMs) return guess;
  return undefined;
}

function firstInstant(localMidnightMs: number, timezone: string): number {
  const instant = fromLocal(localMidnightMs, timezone);
  if (instant !== undefined) return instant;
  // The zone's clocks skip this midnight: the day begins at the jump, which need not be at midnight (Toronto, 1919).
  let before = localMidnightMs - 2 * DAY_MS;
  let after = localMidnightMs + 2 * DAY_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offsetAt(middle, timezone) < localMidnightMs) before = middle;
    else after = middle;
  }
  return after;
}

function inYears1To9999(ms: number | undefined): number | undefined {
  // Adding 0 turns -0 into 0.
  return ms !== undefined && isTime(ms) ? ms + 0 : undefined;
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

/** Maximum number of days cached per zone; only a hostile file has more. */
const MAX_DAYS = 20_000;
const offsetsOfDays = new Map<string, Map<number, number>>();

/** Looking up an offset takes microseconds, and most records of a day share one. NaN marks days on which it changes. */
function offsetAt(ms: number, timezone: string): number {
  if (timezone === 'UTC') return 0;
  let days = offsetsOfDays.get(timezone);
  if (days === undefined || days.size > MAX_DAYS) {
    days = new Map();
    offsetsOfDays.set(timezone, days);
  }
  const day = Math.floor(ms / DAY_MS);
  let offset = days.get(day);
  if (offset === undefined) {
    const start = lookUpOffset(day * DAY_MS, timezone);
    offset = start === lookUpOffset((day + 1) * DAY_MS, timezone) ? start : Number.NaN;
    days.set(day, offset);
  }
  return Number.isNaN(offset) ? lookUpOffset(ms, timezone) : offset;
}

function lookUpOffset(ms: number, timezone: string): number {
  const part: Record<string, string> = {};
  for (const { type, value } of zoneClock(timezone).formatToParts(ms)) part[type] = value;
  const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
  local.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
  return local.getTime() - Math.floor(ms / 1000) * 1000;
}
