import { isDate } from '../contract/time.ts';
import type { LocalDay } from './model.ts';

/**
 * The file name of a day's page: `2026-11-21.html` for the day in UTC, `2026-11-21.Europe.Berlin.html` in another
 * zone, so that neither overwrites the other. Zone names contain no dots. The name is the same from the command and
 * from the schedule.
 */
export function pageName({ date, timezone }: LocalDay): string {
  return timezone === 'UTC' ? `${date}.html` : `${date}.${timezone.replaceAll('/', '.')}.html`;
}

/** The day of a file with this name; undefined if the file is not a day's page. */
export function dayOfPage(name: string): LocalDay | undefined {
  const [, date = '', zone] = /^(\d{4}-\d\d-\d\d)((?:\.[A-Za-z][\w+-]*)+)?\.html$/.exec(name) ?? [];
  if (!isDate(date)) return undefined;
  return { date, timezone: zone === undefined ? 'UTC' : zone.slice(1).replaceAll('.', '/') };
}
