import { expect, test } from 'vitest';
import { dayHours } from '../../reports/day-hours.ts';

const at = (text: string) => Date.parse(text);

test('a day has 24 hours, 23 when clocks go forward and 25 when they go back', () => {
  expect(dayHours('2020-07-13', 'UTC')).toHaveLength(24);
  expect(
    dayHours('2026-03-29', 'Europe/Berlin')
      .map(({ label }) => label)
      .slice(0, 4),
  ).toEqual(['00:00', '01:00', '03:00', '04:00']);
  expect(dayHours('2026-03-29', 'Europe/Berlin')).toHaveLength(23);
  expect(dayHours('2026-10-25', 'Europe/Berlin')).toHaveLength(25);
});

test('a repeated hour is told apart by its offset', () => {
  expect(dayHours('2026-10-25', 'Europe/Berlin').slice(1, 5)).toEqual([
    { startMs: at('2026-10-24T23:00Z'), label: '01:00' },
    { startMs: at('2026-10-25T00:00Z'), label: '02:00 +02:00' },
    { startMs: at('2026-10-25T01:00Z'), label: '02:00 +01:00' },
    { startMs: at('2026-10-25T02:00Z'), label: '03:00' },
  ]);
});

test('hours begin at the half or quarter hour of UTC where the zone does', () => {
  expect(dayHours('2026-01-01', 'Asia/Kolkata')[0]).toEqual({ startMs: at('2025-12-31T18:30Z'), label: '00:00' });
  expect(dayHours('2026-01-01', 'Asia/Kathmandu')[0]).toEqual({ startMs: at('2025-12-31T18:15Z'), label: '00:00' });
});

test('a day whose midnight the clocks skip begins at 01:00', () => {
  const hours = dayHours('2026-04-24', 'Africa/Cairo');
  expect(hours).toHaveLength(23);
  expect(hours[0]).toEqual({ startMs: at('2026-04-23T22:00Z'), label: '01:00' });
});
