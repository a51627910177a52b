import { expect, test } from 'vitest';
import { isTimeZone } from '../../contract/time.ts';
import { dayOfPage, pageName } from '../../reports/page-name.ts';

test.each([
  ['UTC', '2026-11-21.html'],
  ['Europe/Berlin', '2026-11-21.Europe.Berlin.html'],
  ['America/Port-au-Prince', '2026-11-21.America.Port-au-Prince.html'],
  ['America/Argentina/Buenos_Aires', '2026-11-21.America.Argentina.Buenos_Aires.html'],
  ['Etc/GMT+5', '2026-11-21.Etc.GMT+5.html'],
  ['US/Eastern', '2026-11-21.US.Eastern.html'],
])('the page of a day in %s is %s', (timezone, name) => {
  const day = { date: '2026-11-21', timezone };
  expect(pageName(day)).toBe(name);
  expect(dayOfPage(name)).toEqual(day);
});

test('every time zone has its own page name, which gives the zone back', () => {
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter(isTimeZone)];
  const names = zones.map(timezone => pageName({ date: '2026-11-21', timezone }));
  expect(new Set(names.map(name => name.toLowerCase())).size).toBe(new Set(zones).size);
  expect(names.map(name => dayOfPage(name)?.timezone)).toEqual(zones);
});

test.each([
  'index.html',
  '2026-02-30.html',
  '2026-11-21.html.bak',
  '2026-11-21.Europe.html~',
  '2026-11-21..html',
  'x/y',
])('%s is not the page of a day', name => {
  expect(dayOfPage(name)).toBeUndefined();
});
