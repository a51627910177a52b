/**
 * Runs `work` for each item, at most `limit` at a time, and yields the results in item order. Reads ahead no further
 * than that, so it can process a listing of millions. On the first error, waits for the work already started and then
 * throws: on AWS Lambda, that work would otherwise continue during the next call.
 */
export async function* mapConcurrent<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // Awaited below, unless an earlier one fails first; then nothing else handles this rejection.
      result.catch(() => {});
      begun.push(result);
      const first = begun.length < limit ? undefined : begun.shift();
      if (first !== undefined) yield await first;
    }
    for (const result of begun) yield await result;
  } finally {
    await Promise.allSettled(begun);
  }
}
