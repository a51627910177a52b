/**
 * Local times that occur twice, as when the clocks go back in autumn. What decides between the two instants travels
 * with the record, so that the same bytes give the same rows however they arrive: see docs/contract.md.
 */

/** The first or second occurrence of a local time. */
export type Occurrence = 1 | 2;

/** The two instants of a repeated local time, ms since the epoch. */
export interface TwoInstants {
  firstMs: number;
  secondMs: number;
}

/**
 * The chosen occurrence and what decided it. `nothing` means the first by default: the reading is counted as
 * ambiguous.
 */
export interface RepeatedTime extends TwoInstants {
  occurrence: Occurrence;
  decidedBy: 'sender' | 'arrival' | 'nothing';
}

/**
 * A device's clock may be fast. Also, Firehose names an object by its first record, up to its longest buffering time
 * before its last.
 */
const AHEAD_MS = 15 * 60_000;

/** Decides for one message: by the sender's knowledge, else by arrival time (ms since the epoch), else the first. */
export function decideRepeated(
  instants: TwoInstants,
  { receivedAt, occurrence }: { receivedAt: number; occurrence?: Occurrence | undefined },
): RepeatedTime {
  if (occurrence !== undefined) return { ...instants, occurrence, decidedBy: 'sender' };
  const arrived = occurrenceByArrival(instants, receivedAt);
  if (arrived !== undefined) return { ...instants, occurrence: arrived, decidedBy: 'arrival' };
  return { ...instants, occurrence: 1, decidedBy: 'nothing' };
}

/**
 * Decides by arrival time. A message arrives after its event, so the arrival decides if the delay is shorter than the
 * time between the two instants: one hour, or half an hour on Lord Howe Island. Undefined if the message arrives
 * before both instants, or long after.
 */
function occurrenceByArrival({ firstMs, secondMs }: TwoInstants, receivedAt: number): Occurrence | undefined {
  const apartMs = secondMs - firstMs;
  const afterFirstMs = receivedAt - firstMs + Math.min(AHEAD_MS, apartMs / 2);
  if (!(afterFirstMs >= 0 && afterFirstMs < 2 * apartMs)) return undefined;
  return afterFirstMs < apartMs ? 1 : 2;
}

/** Consecutive repeated times of one device, with the times before and after if known. */
export interface RepeatedRun {
  /** In order of arrival. */
  instants: readonly TwoInstants[];
  /** Whether the message is byte-identical to the one before it. */
  isCopy: readonly boolean[];
  beforeMs: number | undefined;
  afterMs: number | undefined;
}

/**
 * Decides by order, for times that rise or fall steadily. The second occurrence begins where the clock goes back by
 * most of the hour. If it never goes back, the neighbours decide if they are unambiguous. Returns the occurrence of
 * each time; undefined if order does not decide.
 */
export function occurrencesInRun(run: RepeatedRun): Occurrence[] | undefined {
  if (!isFalling(run)) return rising(run);
  return rising({
    instants: run.instants.toReversed(),
    // A copy follows its original in either direction.
    isCopy: [false, ...run.isCopy.slice(1).toReversed()],
    beforeMs: run.afterMs,
    afterMs: run.beforeMs,
  })?.reverse();
}

function isFalling({ instants, beforeMs, afterMs }: RepeatedRun): boolean {
  const [first, last] = [instants[0], instants.at(-1)];
  if (first === undefined || last === undefined) return false;
  const steps = instants.slice(1).map(({ firstMs }, index) => firstMs - (instants[index]?.firstMs ?? firstMs));
  if (beforeMs !== undefined) steps.unshift(first.firstMs - beforeMs);
  if (afterMs !== undefined) steps.push(afterMs - last.firstMs);
  return steps.reduce((sum, step) => sum + Math.sign(step), 0) < 0;
}

function rising({ instants, isCopy, beforeMs, afterMs }: RepeatedRun): Occurrence[] | undefined {
  const [first, last] = [instants[0], instants.at(-1)];
  if (first === undefined || last === undefined) return [];
  const all = (occurrence: Occurrence) => instants.map(() => occurrence);
  const folds = instants.flatMap((_, index) => (beginsSecond({ instants, isCopy, beforeMs }, index) ? [index] : []));
  if (folds.length > 1) return undefined;
  const [fold] = folds;
  if (fold !== undefined) return instants.map((_, index) => (index < fold ? 1 : 2));
  const apartMs = first.secondMs - first.firstMs;
  // Neighbours that are out of order or far away in time decide nothing.
  const gapBefore = gap(beforeMs, first.firstMs, apartMs);
  const gapAfter = gap(last.secondMs, afterMs, apartMs);
  if (gapBefore === undefined && gapAfter === undefined) return undefined;
  if (gapAfter === undefined) return all(1);
  if (gapBefore === undefined) return all(2);
  // The device was silent for the other hour, before or after, unless its other pauses are as long.
  return undefined;
}

function gap(fromMs: number | undefined, toMs: number | undefined, apartMs: number): number | undefined {
  if (fromMs === undefined || toMs === undefined) return undefined;
  return toMs >= fromMs && toMs - fromMs < apartMs ? toMs - fromMs : undefined;
}

/**
 * Whether the clock went back before a time: by at least half of the repeated hour, or, for a device that reports
 * less often, by the hour minus its last pause. A message that came twice counts once.
 */
function beginsSecond({ instants, isCopy, beforeMs }: Omit<RepeatedRun, 'afterMs'>, index: number): boolean {
  const [time, last] = [instants[index], instants[index - 1]];
  if (time === undefined || last === undefined || isCopy[index] === true) return false;
  const apartMs = time.secondMs - time.firstMs;
  const backMs = last.firstMs - time.firstMs;
  if (backMs < 0) return false;
  if (backMs * 2 >= apartMs) return true;
  const earlierMs = index > 1 ? instants[index - 2]?.firstMs : beforeMs;
  const pauseMs = earlierMs === undefined ? Number.NaN : last.firstMs - earlierMs;
  return Math.abs(apartMs - backMs - pauseMs) * 10 <= pauseMs;
}
