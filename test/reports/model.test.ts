import { expect, test } from 'vitest';
import { CHARTED_DEVICES, dailyReport } from '../../reports/model.ts';
import { daily, day, HOSTILE, hourly, rows } from './sample-day.ts';

test('extremes come with their device and hour, averages count each reading once', () => {
  const report = dailyReport(day, rows);
  expect(report.readings).toBe(4);
  expect(report.measures[0]?.range).toEqual({
    min: { value: -5.25, deviceid: HOSTILE, hour: '23:00' },
    avg: (20 * 3 - 5.25) / 4,
    max: { value: 30, deviceid: 'a', hour: '05:00' },
  });
});

test('a reading without humidity does not weigh in the average humidity', () => {
  expect(dailyReport(day, rows).measures[1]?.range).toEqual({
    min: { value: 40, deviceid: HOSTILE, hour: undefined },
    avg: (55 * 2 + 40) / 3,
    max: { value: 60, deviceid: 'a', hour: undefined },
  });
});

test('missing hours are reported for each device and for all, over the 25 hours of the day', () => {
  const report = dailyReport(day, rows);
  expect(report.hours).toHaveLength(25);
  expect(report.hoursWithReadings).toBe(3);
  expect(report.missing).toEqual(['00:00–02:00 +02:00', '02:00 +01:00–05:00', '06:00–23:00']);
  expect(report.devices.map(({ hoursWithReadings, missing }) => [hoursWithReadings, missing])).toEqual([
    [1, ['00:00–23:00']],
    [2, ['00:00–02:00 +02:00', '02:00 +01:00–05:00', '06:00–24:00']],
  ]);
});

test('of equal extremes the first device and the first hour are named', () => {
  const twin = daily.map(row => ({ ...row, deviceid: `${row.deviceid}-2` }));
  const twinHours = hourly.map(row => ({ ...row, deviceid: `${row.deviceid}-2` }));
  const report = dailyReport(day, {
    ...rows,
    daily: [...daily, ...twin],
    hourly: [...hourly, ...twinHours],
  });
  expect(report.measures[0]?.range?.max).toEqual({ value: 30, deviceid: 'a', hour: '05:00' });
});

test('a day without readings has no figures and no hours with readings', () => {
  const report = dailyReport({ date: '2026-03-29', timezone: 'Europe/Berlin' }, { ...rows, daily: [], hourly: [] });
  expect(report).toMatchObject({ readings: 0, devices: [], hoursWithReadings: 0, missing: ['00:00–24:00'] });
  expect(report.measures.map(({ range }) => range)).toEqual([undefined, undefined]);
  expect(report.hours).toHaveLength(23);
});

test('a measure without readings has no range', () => {
  const none = { min: null, avg: null, max: null };
  const dry = daily.map(row => ({ ...row, measures: [...row.measures.slice(0, 1), none] }));
  expect(dailyReport(day, { ...rows, daily: dry }).measures[1]?.range).toBeUndefined();
});

test('charts show the devices with the most readings, in the order of their ids', () => {
  const many = Array.from({ length: CHARTED_DEVICES + 5 }, (_, index) => ({
    ...daily[1],
    deviceid: `d${index + 10}`,
    readings: index,
  })) as typeof daily;
  expect(dailyReport(day, { ...rows, daily: many, hourly: [] }).charted).toEqual(
    many.slice(5).map(({ deviceid }) => deviceid),
  );
});
