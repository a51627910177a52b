import { parseIsoTime } from '../contract/time.ts';
import { UserError } from '../contract/user-error.ts';

/**
 * A schedule's request to the report function: the day or, if absent, the day before the scheduled time (ISO 8601, as
 * EventBridge Scheduler writes `<aws.scheduler.scheduled-time>`), or before now.
 */
export interface ReportRequest {
  /** `YYYY-MM-DD`, `today` or `yesterday`. */
  date?: string;
  scheduledTime?: string;
}

/** The day as `parseDay` accepts it, and its reference time (ms); throws a `UserError` if either is invalid. */
export function requestedDay(request: unknown, now: number): { date: string; now: number } {
  const { date = 'yesterday', scheduledTime }: Record<string, unknown> = { ...(request as object | null) };
  if (typeof date !== 'string') throw wrong('date', date, 'a date such as "2020-07-13"');
  if (scheduledTime === undefined) return { date, now };
  // A report retried after midnight is still for the scheduled day.
  const due = typeof scheduledTime === 'string' ? parseIsoTime(scheduledTime) : undefined;
  if (due === undefined) throw wrong('scheduledTime', scheduledTime, 'a time such as "2020-07-14T01:00:00Z"');
  return { date, now: due };
}

function wrong(name: string, value: unknown, wanted: string): UserError {
  return new UserError(`The event's ${name} is ${JSON.stringify(value)}; it must be ${wanted}.`, {
    todo: 'Send {"date":"2020-07-13"}, or {} for yesterday.',
  });
}
