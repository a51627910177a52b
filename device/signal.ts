import type { Column, Contract } from '../contract/contract.ts';
import type { Measure } from '../contract/reading.ts';
import { noise } from './noise.ts';

export interface SignalOptions {
  /** The same seed gives the same values at the same times, whenever a simulation starts. */
  seed: number;
  deviceid: string;
  contract: Contract;
}

/** A device's measures at a time (ms since the epoch), by column; undefined in a silent gap. */
export type Signal = (ms: number) => Record<string, Measure> | undefined;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const GAP_MS = 10 * MINUTE_MS;
const GAPS = 0.004;
const SPIKES = 0.001;

/**
 * A plausible sensor: a daily temperature curve, humidity that falls as it rises, noise, slow drift, a glitch in one
 * of a thousand readings, and ten silent minutes every other day. Every value fits its column's type and range.
 */
export function signal({ seed, deviceid, contract }: SignalOptions): Signal {
  const gaps = noise(seed, deviceid, 'gaps');
  const climate = climateOf(seed, deviceid);
  const columns = contract.columns.map(column => ({ column, at: columnSignal(column, seed, deviceid, climate) }));
  return ms => {
    if (gaps.uniform(Math.floor(ms / GAP_MS)) < GAPS) return undefined;
    return Object.fromEntries(columns.map(({ column, at }) => [column.name, plausible(column, at(ms))]));
  };
}

interface Climate {
  celsius(ms: number): number;
  humidity(ms: number): number;
}

function climateOf(seed: number, deviceid: string): Climate {
  const place = noise(seed, deviceid, 'place');
  const weather = noise(seed, deviceid, 'weather');
  const base = 18 + 6 * place.uniform(0);
  const swing = 3 + 3 * place.uniform(1);
  const celsius = (ms: number) =>
    base + swing * daily(ms) + 2.5 * weather.drift(ms, 3 * DAY_MS) + 0.6 * weather.drift(ms, HOUR_MS);
  return {
    celsius,
    humidity: ms => 55 - 2.4 * (celsius(ms) - base) + 5 * place.drift(ms, DAY_MS),
  };
}

/** -1 before dawn, 1 in the afternoon at 15:00 UTC. */
function daily(ms: number): number {
  return Math.cos((2 * Math.PI * (ms - 15 * HOUR_MS)) / DAY_MS);
}

function columnSignal(column: Column, seed: number, deviceid: string, climate: Climate): (ms: number) => Measure {
  const own = noise(seed, deviceid, column.name);
  if (column.type === 'boolean') return ms => own.drift(ms, 20 * MINUTE_MS) > 0.2;
  if (column.type === 'string') return ms => (own.uniform(Math.floor(ms / HOUR_MS)) < 0.95 ? 'ok' : 'low-battery');
  const glitches = noise(seed, deviceid, column.name, 'glitches');
  const glitch = (ms: number) => (glitches.uniform(ms) < SPIKES ? 12 + 10 * own.uniform(ms) : 0);
  const words = `${column.name} ${column.from} ${column.unit ?? ''}`;
  if (/temp|°[CF]/i.test(words))
    return ms => inUnit(column.unit, climate.celsius(ms) + 0.15 * own.normal(ms) + glitch(ms));
  if (/hum/i.test(words)) return ms => Math.min(100, Math.max(2, climate.humidity(ms) + 0.6 * own.normal(ms)));
  const [low, high] = column.range ?? usualRange(column);
  return ms => {
    const share = 0.4 + 0.15 * daily(ms) + 0.15 * own.drift(ms, 6 * HOUR_MS) + 0.02 * (own.normal(ms) + glitch(ms));
    return low + (high - low) * share;
  };
}

/** Gases in ppm are traces; for other units, nothing is known. */
function usualRange({ unit }: Column): [number, number] {
  return unit === 'ppm' ? [0.001, 0.02] : [0, 1_000];
}

function inUnit(unit: string | undefined, celsius: number): number {
  if (unit === '°F') return celsius * 1.8 + 32;
  return unit === 'K' ? celsius + 273.15 : celsius;
}

function plausible({ type, range }: Column, value: Measure): Measure {
  if (typeof value !== 'number') return value;
  const rounded = type === 'bigint' ? Math.round(value) : roundLikeASensor(value);
  if (range === undefined) return rounded;
  const [low, high] = type === 'bigint' ? [Math.ceil(range[0]), Math.floor(range[1])] : range;
  return Math.min(high, Math.max(low, rounded));
}

/** One decimal, or three significant digits for small values. */
function roundLikeASensor(value: number): number {
  return Math.abs(value) >= 1 ? Math.round(value * 10) / 10 : Number(value.toPrecision(3));
}
