import { type Wait, wait } from './pace.ts';

/** A service that accepts many records per call, and may accept only some of them. */
export interface Target<Item> {
  /** The service's limits per call. */
  maxRecords: number;
  maxBytes: number;
  /** Bytes that a record adds to a call. */
  bytesOf(item: Item): number;
  /**
   * Makes one call. Returns the outcome of each record, in order: undefined if accepted, else the service's error
   * code. A call that is throttled as a whole refuses every record; any other failure of a whole call throws.
   */
  send(items: readonly Item[]): Promise<readonly (string | undefined)[]>;
}

export interface PutEffects {
  wait?: Wait;
  random?: () => number;
  /** Once aborted, no further calls are made. */
  signal?: AbortSignal;
}

/** The outcome of putting records. */
export interface PutOutcome<Item> {
  /** Records not accepted, in order. */
  left: Item[];
  /** Why; absent if nothing is left or the signal was aborted. */
  failure?: Error;
}

/** Consecutive calls without an accepted record before giving up: about half a minute, including the waits. */
const PATIENCE = 10;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/**
 * Puts records in as few calls as the service's limits allow, and retries refused records with waits that grow while
 * none is accepted. Never throws on the service's answers: returns the records that could not be put. An accepted
 * record is not sent again. If a call's answer is lost, its records count as left, so they may arrive twice when put
 * again.
 */
export async function putRecords<Item>(
  items: readonly Item[],
  target: Target<Item>,
  { wait: waitFor = wait, random = Math.random, signal = new AbortController().signal }: PutEffects = {},
): Promise<PutOutcome<Item>> {
  let left = [...items];
  for (let fruitless = 0; left.length > 0 && !signal.aborted; ) {
    const call = left.slice(0, countOfCall(left, target));
    const answer = await answerOf(call, target);
    if (answer instanceof Error) return { left, failure: answer };
    const refused = call.filter((_, index) => answer[index] !== undefined);
    left = [...refused, ...left.slice(call.length)];
    if (refused.length === 0) {
      fruitless = 0;
      continue;
    }
    fruitless = refused.length < call.length ? 0 : fruitless + 1;
    if (fruitless === PATIENCE) return { left, failure: new Error(`the service refuses records: ${codesOf(answer)}`) };
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** fruitless);
    // Random length, so that clients refused together do not retry together.
    await waitFor(longest * (0.5 + random() / 2), signal);
  }
  return { left };
}

/** At least one: the service itself reports a record too large for any call. */
function countOfCall<Item>(items: readonly Item[], { maxRecords, maxBytes, bytesOf }: Target<Item>): number {
  let bytes = 0;
  let count = 0;
  for (const item of items.slice(0, maxRecords)) {
    bytes += bytesOf(item);
    if (count > 0 && bytes > maxBytes) break;
    count++;
  }
  return count;
}

async function answerOf<Item>(
  call: readonly Item[],
  target: Target<Item>,
): Promise<readonly (string | undefined)[] | Error> {
  try {
    const answer = await target.send(call);
    if (answer.length === call.length) return answer;
    return new Error(`the service answered for ${answer.length} of ${call.length} records`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function codesOf(answer: readonly (string | undefined)[]): string {
  return [...new Set(answer.filter(code => code !== undefined))].join(', ');
}
