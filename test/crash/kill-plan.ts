import { noise } from '../../device/noise.ts';

/** When the stack is killed in one round. */
export interface Kill {
  /** Publishing time before the kill. */
  afterMs: number;
  /** In some rounds, a second kill this long after the restart: during its recovery, or soon after. */
  whileStartingMs: number | undefined;
}

const EARLIEST_MS = 300;
const LATEST_MS = 3_000;
const LONGEST_START_MS = 1_500;

/** The kill moments of a seed: the same seed always gives the same ones. Every fourth round kills the restart too. */
export function killPlan(seed: number, kills: number): Kill[] {
  const moments = noise('crash', seed);
  return Array.from({ length: kills }, (_, round) => ({
    afterMs: Math.round(EARLIEST_MS + moments.uniform(2 * round) * (LATEST_MS - EARLIEST_MS)),
    whileStartingMs: round % 4 === 3 ? Math.round(moments.uniform(2 * round + 1) * LONGEST_START_MS) : undefined,
  }));
}

const FIRST_STARTS = 3;

/** When the first starts of a seed are killed, while the data folder is being created: ms after the process started. */
export function firstStartPlan(seed: number): number[] {
  const moments = noise('first start', seed);
  return Array.from({ length: FIRST_STARTS }, (_, start) => Math.round(moments.uniform(start) * LONGEST_START_MS));
}
