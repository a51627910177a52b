import { type Wait, wait } from './pace.ts';

/** A service that takes many records in one call, and may take only some of them. */
export interface Target<Item> {
  /** The service's bounds of one call. */
  maxRecords: number;
  maxBytes: number;
  /** How many bytes of a call a record takes. */
  bytesOf(item: Item): number;
  /**
   * Makes one call. Gives what became of each record, in their order: undefined where it was taken, else the service's
   * error code. A call that was throttled as a whole is every record refused; other trouble of a whole call throws.
   */
  send(items: readonly Item[]): Promise<readonly (string | undefined)[]>;
}

export interface PutEffects {
  wait?: Wait;
  random?: () => number;
  /** Once it is aborted no further call is made. */
  signal?: AbortSignal;
}

/** What became of records that were put. */
export interface PutOutcome<Item> {
  /** What was not taken, in the order it was given. */
  left: Item[];
  /** Why; absent where nothing is left, or where the signal was aborted. */
  failure?: Error;
}

/** Calls in a row that took nothing, after which the rest is left. With the waits between them about half a minute. */
const PATIENCE = 10;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/**
 * Puts records with as few calls as the service's bounds allow, and those that it refused again, after waits that grow
 * while it takes none. Never throws for the service's answers: what could not be put comes back. A record that was taken is
 * not sent again; a call whose answer was lost leaves its records, so that they may be there twice once they are put again.
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
    if (fruitless === PATIENCE) return { left, failure: new Error(`it refuses records: ${codesOf(answer)}`) };
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** fruitless);
    // Of random length, so that several that were refused together do not come back together.
    await waitFor(longest * (0.5 + random() / 2), signal);
  }
  return { left };
}

/** At least one: the service itself says what it thinks of a record that is too large for any call. */
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
    return new Error(`it answered for ${answer.length} of ${call.length} records`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function codesOf(answer: readonly (string | undefined)[]): string {
  return [...new Set(answer.filter(code => code !== undefined))].join(', ');
}
