import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayBounds, isTimeZone, localDate, parseEpoch, parseIsoTime, utcDate } from '../../contract/time.ts';

const HOUR = 3_600_000;

function two(number: number): string {
  return String(number).padStart(2, '0');
}

describe('a time with a zone', () => {
  const instant = fc.date({
    min: new Date('0002-01-01T00:00:00Z'),
    max: new Date('9998-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });

  test('agrees with Date', () => {
    const offset = fc.tuple(
      fc.constantFrom('+', '-'),
      fc.integer({ min: 0, max: 17 }),
      fc.integer({ min: 0, max: 59 }),
    );
    fc.assert(
      fc.property(instant, offset, (date, [sign, hours, minutes]) => {
        const text = date.toISOString();
        expect(parseIsoTime(text)).toBe(date.getTime());
        const zoned = `${text.slice(0, -1)}${sign}${two(hours)}:${two(minutes)}`;
        expect(parseIsoTime(zoned)).toBe(Date.parse(zoned));
        expect(parseIsoTime(zoned.replace('T', ' ').replace(/:(\d\d)$/, '$1'))).toBe(Date.parse(zoned));
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test.each([
    ['2026-11-21T10:15Z', '2026-11-21T10:15:00.000Z'],
    ['2026-11-21T10:15:30.1Z', '2026-11-21T10:15:30.100Z'],
    ['2026-11-21T10:15:30.123999999Z', '2026-11-21T10:15:30.123Z'],
    ['2026-11-21T10:15:30-00:00', '2026-11-21T10:15:30.000Z'],
    ['2026-11-21T10:15:30+18:00', '2026-11-20T16:15:30.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(parseIsoTime(text, 'Asia/Seoul') ?? Number.NaN).toISOString()).toBe(expected);
  });

  test.each(['0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00', '2026-11-21T10:15:30+18:01'])(
    '%s is refused: its year has no four digits in UTC, or no zone is so far',
    text => expect(parseIsoTime(text)).toBeUndefined(),
  );
});

test('a date that is not in the calendar is not a time', () => {
  const part = fc.integer({ min: 0, max: 99 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), part, part, (year, month, day) => {
      const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
      const rolled = new Date(`${date}T00:00:00Z`);
      const exists = !Number.isNaN(rolled.getTime()) && rolled.toISOString().slice(0, 10) === date;
      expect(parseIsoTime(`${date}T00:00:00Z`) !== undefined).toBe(exists);
    }),
    { seed: 4, numRuns: 2_000 },
  );
});

test('no text makes it throw, and every result is a whole number', () => {
  const near = fc.tuple(fc.nat(9999), fc.nat(13), fc.nat(32), fc.nat(25), fc.nat(61), fc.string({ maxLength: 4 }));
  const likely = near.map(
    ([y, m, d, h, n, rest]) => `${String(y).padStart(4, '0')}-${two(m)}-${two(d)}T${two(h)}:${two(n)}${rest}`,
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), likely),
      fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe'),
      (text, zone) => {
        const ms = parseIsoTime(text, zone);
        expect(ms === undefined || (Number.isInteger(ms) && utcDate(ms).length === 10)).toBe(true);
      },
    ),
    { seed: 5, numRuns: 500 },
  );
});

describe('a time without a zone', () => {
  test.each([
    ['2026-07-01T12:00:00', 'UTC', '2026-07-01T12:00:00.000Z'],
    ['2026-07-01T12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
    ['2026-01-01T12:00:00', 'Europe/Berlin', '2026-01-01T11:00:00.000Z'],
    ['2026-07-01T12:00:00', 'Asia/Seoul', '2026-07-01T03:00:00.000Z'],
    ['2026-07-01T12:00:00', 'Asia/Kathmandu', '2026-07-01T06:15:00.000Z'],
    ['2026-07-01T12:00:00', 'America/St_Johns', '2026-07-01T14:30:00.000Z'],
    ['2026-01-01T12:00:00', 'Australia/Lord_Howe', '2026-01-01T01:00:00.000Z'],
    ['2026-07-01T12:00:00.25', 'Pacific/Kiritimati', '2026-06-30T22:00:00.250Z'],
    ['1890-01-01T00:00:00', 'Europe/Berlin', '1889-12-31T23:06:32.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(new Date(parseIsoTime(text, zone) ?? Number.NaN).toISOString()).toBe(expected);
  });

  test.each([
    ['2026-03-29T02:30:00', 'Europe/Berlin'],
    ['2026-03-08T02:00:00', 'America/New_York'],
    ['2026-10-04T02:15:00', 'Australia/Lord_Howe'],
    ['2018-11-04T00:30:00', 'America/Sao_Paulo'],
    ['2011-12-30T12:00:00', 'Pacific/Apia'],
  ])('%s in %s is refused: the clocks skip it', (text, zone) => expect(parseIsoTime(text, zone)).toBeUndefined());

  test.each([
    ['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-11-01T01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['2026-04-05T01:45:00', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z'],
    ['1969-09-30T12:00:00', 'Pacific/Kwajalein', '1969-09-30T01:00:00.000Z'],
  ])('%s in %s, which occurs twice, is the first: %s', (text, zone, expected) => {
    expect(new Date(parseIsoTime(text, zone) ?? Number.NaN).toISOString()).toBe(expected);
  });

  test('is what the zone’s clock shows then', () => {
    const instant = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2035, 0) });
    const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Seoul', 'Australia/Lord_Howe', 'Africa/Cairo'];
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (ms, zone) => {
        const shown = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'medium',
        }).format(ms);
        const parsed = parseIsoTime(shown, zone) ?? Number.NaN;
        const second = ms - (((ms % 1000) + 1000) % 1000);
        // Within an overlap the parsed time is the first occurrence, so up to an hour earlier.
        expect([0, HOUR, HOUR / 2]).toContain(second - parsed);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

test("the process's TZ does not matter", () => {
  const file = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
  const command = [file('../../node_modules/jiti/lib/jiti-cli.mjs'), file('print-times.ts')];
  const runIn = (TZ: string) => {
    const env = { ...process.env, TZ, JITI_FS_CACHE: 'false' };
    return JSON.parse(execFileSync(process.execPath, command, { env, encoding: 'utf8' }));
  };
  const expected = [
    Date.UTC(2026, 10, 21, 10, 15, 30),
    Date.UTC(2026, 10, 21, 9, 15, 30),
    Date.UTC(2026, 2, 8, 2, 30),
    { startMs: Date.UTC(2026, 2, 28, 23), endMs: Date.UTC(2026, 2, 29, 22) },
    '1969-12-31',
  ];
  for (const zone of ['Asia/Seoul', 'America/New_York', 'UTC']) expect(runIn(zone), zone).toEqual(expected);
});

describe('a local day', () => {
  test.each([
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['Europe/Berlin', '2026-11-21', 24],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Asia/Seoul', '2026-03-29', 24],
    ['Asia/Seoul', '1988-05-08', 23],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Asia/Kathmandu', '2026-07-01', 24],
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['America/Sao_Paulo', '2018-02-17', 25],
    ['America/Havana', '2026-11-01', 25],
    ['Africa/Cairo', '2026-04-24', 23],
    ['Asia/Beirut', '2026-03-29', 23],
    ['Pacific/Apia', '2011-12-30', 0],
    ['America/Toronto', '1919-03-31', 23.5],
    ['UTC', '2024-02-29', 24],
  ])('in %s, %s, has %d hours', (zone, date, hours) => {
    const { startMs, endMs } = dayBounds(date, zone);
    expect((endMs - startMs) / HOUR).toBe(hours);
    if (hours === 0) return;
    expect(localDate(startMs, zone)).toBe(date);
    expect(localDate(endMs - 1, zone)).toBe(date);
    expect(localDate(startMs - 1, zone)).not.toBe(date);
    expect(localDate(endMs, zone)).not.toBe(date);
  });

  test('begins where the previous one ended, also at the turn of the year', () => {
    for (const zone of ['Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia', 'Australia/Lord_Howe'])
      for (let at = Date.UTC(2011, 11, 20); at < Date.UTC(2012, 0, 10); at += 24 * HOUR)
        expect(dayBounds(utcDate(at), zone).endMs).toBe(dayBounds(utcDate(at + 24 * HOUR), zone).startMs);
  });

  test.each(['2026-02-30', '2026-13-01', '2026-1-1', '', 'today', '2026-11-21T00:00:00Z'])('%j is not a date', date => {
    expect(() => dayBounds(date, 'UTC')).toThrow(`'${date}'`);
  });
});

describe('a number since the epoch', () => {
  test.each([
    [1_594_598_735.123, 1_594_598_735_123],
    [1_594_598_735.77, 1_594_598_735_770],
    [1_594_598_735.9999, 1_594_598_735_999],
    [1_594_598_735, 1_594_598_735_000],
    [0, 0],
    [-0, 0],
    [-1.5, -1_500],
    [253_402_300_799.999, 253_402_300_799_999],
  ])('%d s is %d ms', (value, expected) => expect(parseEpoch(value, 'epoch-seconds')).toBe(expected));

  test('every millisecond written as seconds comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2200, 0) }), ms => {
        expect(
          parseEpoch(Number(`${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`), 'epoch-seconds'),
        ).toBe(ms);
        expect(parseEpoch(ms, 'epoch-milliseconds')).toBe(ms);
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });

  test.each([1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800_000, -62_135_596_800_001])(
    '%d ms is not a time in the years 1 to 9999',
    value => expect(parseEpoch(value, 'epoch-milliseconds')).toBeUndefined(),
  );
});

test('a time zone is an IANA name, spelt as IANA spells it', () => {
  for (const name of ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'US/Eastern', 'Etc/GMT+5'])
    expect(isTimeZone(name), name).toBe(true);
  for (const name of ['', 'Berlin', 'Europe/Atlantis', 'europe/berlin', 'utc', '+02:00', 'CEST', '../UTC'])
    expect(isTimeZone(name), name).toBe(false);
});
