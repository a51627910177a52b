/** The readings that the cases query: fixed, and with everything that occurs in a lake. */
import { defineContract } from '../../contract/contract.ts';
import type { Reading } from '../../contract/reading.ts';

/** A contract with a column of each type. */
export const contract = defineContract({
  topic: 'data/{deviceid}',
  device: { from: 'id' },
  time: { from: 'time', form: 'iso8601', timezone: 'UTC' },
  columns: [
    { name: 'temperature', from: 'temperature', type: 'double', unit: '°C' },
    { name: 'humidity', from: 'humidity', type: 'double', unit: '%' },
    { name: 'battery', from: 'battery', type: 'bigint', unit: 'mV' },
    { name: 'charging', from: 'charging', type: 'boolean' },
    { name: 'firmware', from: 'firmware', type: 'string' },
  ],
  accept: { pastDays: 400, futureDays: 1 },
  since: '2020-01-01',
});

/**
 * Days at the edges: the end of a year, the days on which Europe/Berlin changes its clocks and the days before, and two
 * days of summer. Asia/Seoul has had no such day since 1988; its local days start at 15:00 UTC.
 */
export const DAYS = [
  '2025-12-31',
  '2026-01-01',
  '2026-03-28',
  '2026-03-29',
  '2026-07-13',
  '2026-07-14',
  '2026-10-24',
  '2026-10-25',
];
const DEVICES = ['device-001', 'device-002', 'site:7:probe_3', 'x'];
const FIRMWARE = ['v1.2.3', 'v1.10.0', '', 'grün/α', '😀 beta', null];
const MINUTE_MS = 60_000;

/**
 * The readings in order of arrival. Temperatures are eighths and humidities halves, so that sums do not depend on the
 * order of addition. Some readings come twice, some twice with another value, some a day late; humidity, battery,
 * charging and firmware are sometimes missing; `device-002` is silent for hours.
 */
export function readings(): Reading[] {
  const next = random(435);
  const all = DAYS.flatMap(day =>
    DEVICES.flatMap((deviceid, device) => {
      const every = [30, 60, 45, 240][device] ?? 60;
      return Array.from({ length: Math.floor(1_440 / every) }, (_, index) => index * every)
        .filter(minute => deviceid !== 'device-002' || minute < 540 || minute > 840)
        .flatMap(minute => {
          const ts =
            Date.parse(`${day}T00:00:00Z`) + minute * MINUTE_MS + (device === 2 ? Math.floor(next() * 60_000) : 0);
          const reading = makeReading(deviceid, ts, next);
          if (next() > 0.08) return [reading];
          const later = { ...reading, receivedAt: reading.receivedAt + 3_600_000 };
          const temperature = (reading.measures.temperature as number) + 0.125;
          return [reading, next() > 0.5 ? later : { ...later, measures: { ...reading.measures, temperature } }];
        });
    }),
  );
  return all.sort((a, b) => a.receivedAt - b.receivedAt);
}

function makeReading(deviceid: string, ts: number, next: () => number): Reading {
  const hour = (ts / 3_600_000) % 24;
  const temperature =
    Math.round(8 * (12 + 9 * Math.sin(((hour - 9) / 12) * Math.PI) - 14 * (deviceid === 'x' ? 1 : 0) + next())) / 8;
  const late = next() < 0.03 ? 86_400_000 : 0;
  return {
    deviceid,
    ts,
    receivedAt: ts + late + Math.floor(next() * 5_000),
    measures: {
      temperature: temperature === 0 ? 0 : temperature,
      humidity: next() < 0.1 ? null : Math.round(next() * 200) / 2,
      battery: next() < 0.05 ? null : next() < 0.01 ? Number.MAX_SAFE_INTEGER : 3_000 + Math.floor(next() * 1_200),
      charging: next() < 0.1 ? null : next() < 0.3,
      firmware: FIRMWARE[Math.floor(next() * FIRMWARE.length)] ?? null,
    },
  };
}

/** mulberry32: numbers from 0 (inclusive) to 1 (exclusive), the same on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
