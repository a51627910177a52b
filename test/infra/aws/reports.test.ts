import { beforeAll, describe, expect, test } from 'vitest';
import { localDate, parseIsoTime } from '../../../contract/time.ts';
import { parseDay } from '../../../reports/daily.ts';
import { requestedDay } from '../../../reports/request.ts';
import {
  filledIn,
  onlyResource,
  type Resource,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  type Synthesized,
  synthesize,
  type Template,
} from './synth.ts';

let synthesized: Synthesized;
let reports: Template;
beforeAll(async () => {
  synthesized = await synthesize({ timezone: 'America/Havana' });
  reports = synthesized.templates.reports;
}, SYNTHESIS_TIMEOUT_MS);

/** The stack may have schedules for other functions too. */
function named(type: string, construct: string): Resource {
  const found = Object.entries(resourcesOf(reports, type)).find(([id]) => id.startsWith(construct))?.[1];
  if (found === undefined) throw new Error(`no ${type} ${construct}`);
  return found;
}

interface Target {
  Input: string;
  DeadLetterConfig: { Arn: unknown };
  RetryPolicy: { MaximumRetryAttempts: number; MaximumEventAgeInSeconds: number };
}

function schedule(): Resource['Properties'] & { Target: Target } {
  return named('AWS::Scheduler::Schedule', 'Daily').Properties as Resource['Properties'] & { Target: Target };
}

/** The local time of the schedule, `HH:MM`. */
function dueTime(): string {
  const [, minute = '', hour = ''] =
    /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(String(schedule().ScheduleExpression)) ?? [];
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}

describe('the schedule', () => {
  test('is due once a day, in the time zone of the reports', () => {
    expect(schedule()).toMatchObject({
      ScheduleExpressionTimezone: 'America/Havana',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
    });
    expect(dueTime()).toMatch(/^\d\d:\d\d$/);
  });

  test.each([
    ['Africa/Cairo', 'at midnight'],
    ['America/Havana', 'at midnight'],
    ['America/Santiago', 'at midnight'],
    ['Asia/Beirut', 'at midnight'],
    ['Atlantic/Azores', 'at midnight'],
    ['Europe/Lisbon', 'at one'],
    ['Antarctica/Troll', 'at one, by two hours'],
    ['Europe/Berlin', 'at two'],
    ['America/New_York', 'at two'],
    ['Australia/Lord_Howe', 'at two, by half an hour'],
  ])('is skipped on no day in %s, where clocks go forward %s', timezone => {
    const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, timeStyle: 'short' });
    for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2027, 0, 1); day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10);
      const due = parseIsoTime(`${date}T${dueTime()}:00`, timezone);
      expect(`${date} ${clock.format(due)}`).toBe(`${date} ${dueTime()}`);
    }
  });

  test('asks the function for the day before the due date, however late it is called', () => {
    const due = `2026-11-22T${dueTime()}:00-05:00`;
    const event = JSON.parse(schedule().Target.Input.replace('<aws.scheduler.scheduled-time>', due));
    const sixHoursLater = Date.parse(due) + 6 * 3_600_000;
    const { date, now } = requestedDay(event, sixHoursLater);
    expect(now).toBe(Date.parse(due));
    expect(parseDay({ date, timezone: 'America/Havana' }, now)).toEqual({
      date: '2026-11-21',
      timezone: 'America/Havana',
    });
    expect(localDate(now, 'America/Havana')).toBe('2026-11-22');
  });

  test('retries for less than a day, and keeps what it could not deliver', () => {
    const [queueId] = Object.keys(resourcesOf(reports, 'AWS::SQS::Queue'));
    const { DeadLetterConfig, RetryPolicy } = schedule().Target;
    expect(DeadLetterConfig.Arn).toEqual({ 'Fn::GetAtt': [queueId, 'Arn'] });
    expect(RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0);
    expect(RetryPolicy.MaximumEventAgeInSeconds).toBeLessThan(86_400);
    expect(onlyResource(reports, 'AWS::SQS::Queue').Properties).toHaveProperty('KmsMasterKeyId');
  });

  test('calls with a role that no other schedule of the account gets', () => {
    const [groupId] = Object.keys(resourcesOf(reports, 'AWS::Scheduler::ScheduleGroup'));
    const [call] = Object.values(resourcesOf(reports, 'AWS::IAM::Role')).filter(({ Properties }) =>
      JSON.stringify(Properties).includes('scheduler.amazonaws.com'),
    );
    expect(call?.Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Condition: { ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': [groupId, 'Arn'] } } } }],
    });
  });
});

describe('the function', () => {
  test('gets the names of this deployment, and the time zone of its days', () => {
    expect(named('AWS::Lambda::Function', 'Report').Properties).toMatchObject({
      Environment: { Variables: { SLUICE_TIMEZONE: 'America/Havana', SLUICE_BUCKET: expect.anything() } },
    });
  });

  test('leaves a failed day in the queue', () => {
    const [queueId] = Object.keys(resourcesOf(reports, 'AWS::SQS::Queue'));
    expect(named('AWS::Lambda::Function', 'Report').Properties.DeadLetterConfig).toEqual({
      TargetArn: { 'Fn::GetAtt': [queueId, 'Arn'] },
    });
  });

  test('reads the readings, and writes only reports and results', () => {
    const resources = allowed();
    expect(resources['s3:PutObject']).toEqual([`${LAKE}/reports/*`, `${RESULTS}/results/*`]);
    expect(resources['s3:GetObject']).toEqual([`${LAKE}/readings/*`, `${RESULTS}/results/*`]);
    expect(Object.keys(resources).filter(action => /Delete|\*/.test(action))).toEqual([]);
  });

  test("queries this deployment's tables only through its work group", () => {
    const resources = allowed();
    // A reference to the work group gives its name.
    expect(resources['athena:StartQueryExecution']).toEqual([expect.stringMatching(/:workgroup\/WorkGroup$/)]);
    expect(resources['glue:GetTable']?.filter(arn => arn.includes(':table/'))).toEqual([
      expect.stringMatching(/:table\/sluice_main\/readings$/),
      expect.stringMatching(/:table\/sluice_main\/readings_log$/),
    ]);
  });
});

test('nothing is left behind when the stack is deleted', () => {
  expect(Object.values(reports.Resources).filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'))).toEqual(
    [],
  );
});

const [LAKE, RESULTS] = ['<lake>', '<results>'];

/** The permissions of the report function: the resources of each action, in order. */
function allowed(): Record<string, string[]> {
  const [, policy] =
    Object.entries(resourcesOf(reports, 'AWS::IAM::ManagedPolicy')).find(([id]) => id.startsWith('Report')) ?? [];
  if (policy === undefined) throw new Error('the report function has no policy');
  const { Statement } = policy.Properties.PolicyDocument as {
    Statement: { Action: string | string[]; Resource: unknown }[];
  };
  const found: Record<string, Set<string>> = {};
  for (const { Action, Resource } of Statement)
    for (const action of [Action].flat())
      for (const resource of [Resource].flat()) {
        found[action] ??= new Set();
        found[action].add(arnOf(resource));
      }
  return Object.fromEntries(Object.entries(found).map(([action, arns]) => [action, [...arns].sort()]));
}

function arnOf(resource: unknown): string {
  return String(filledIn(resource, synthesized.templates))
    .replace(/^Lake[0-9A-F]{8}\.Arn/, LAKE)
    .replace(/^Results[0-9A-F]{8}\.Arn/, RESULTS);
}
