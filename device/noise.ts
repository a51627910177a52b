/** Random numbers by position, not by call order: the same key and index always give the same number. */
export interface Noise {
  /** Uniform, 0 ≤ x < 1. */
  uniform(index: number): number;
  /** Approximately normal, mean 0 and standard deviation 1, within ±3.5. */
  normal(index: number): number;
  /** Wanders between -1 and 1, with a new direction every `periodMs`. */
  drift(ms: number, periodMs: number): number;
}

/** A separate source for each key, such as a seed, a device and a column. */
export function noise(...key: (string | number)[]): Noise {
  const state = hash(JSON.stringify(key));
  const uniform = (index: number) => mix(state, index) / 2 ** 32;
  return {
    uniform,
    normal(index) {
      let sum = 0;
      for (let term = 0; term < 4; term++) sum += mix(state + term + 1, index) / 2 ** 32;
      // Four uniforms have mean 2 and variance 4/12.
      return (sum - 2) * Math.sqrt(3);
    },
    drift(ms, periodMs) {
      const step = Math.floor(ms / periodMs);
      const part = ms / periodMs - step;
      const eased = part * part * (3 - 2 * part);
      return 2 * (uniform(step) * (1 - eased) + uniform(step + 1) * eased) - 1;
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/** MurmurHash3's finalizer over the state and both halves of an index of up to 2^53. */
function mix(state: number, index: number): number {
  let value = state ^ Math.imul(index | 0, 0x9e3779b1) ^ Math.imul(Math.floor(index / 2 ** 32), 0x85ebca77);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
