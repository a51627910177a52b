import { isDate } from '../contract/time.ts';
import type { LocalDay } from './model.ts';

/**
 * The file of a day's page: `2026-11-21.html` of the day in UTC, `2026-11-21.Europe.Berlin.html` of that in another zone, so
 * that one does not take the other's place. No zone has a dot in its name. Whether the command or the schedule asks is the same.
 */
export function pageName({ date, timezone }: LocalDay): string {
  return timezone === 'UTC' ? `${date}.html` : `${date}.${timezone.replaceAll('/', '.')}.html`;
}

/** The day that a file of this name shows; undefined for a file that is no page of a day. */
export function dayOfPage(name: string): LocalDay | undefined {
  const [, date = '', zone] = /^(\d{4}-\d\d-\d\d)((?:\.[A-Za-z][\w+-]*)+)?\.html$/.exec(name) ?? [];
  if (!isDate(date)) return undefined;
  return { date, timezone: zone === undefined ? 'UTC' : zone.slice(1).replaceAll('.', '/') };
}
