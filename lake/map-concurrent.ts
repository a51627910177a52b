/**
 * Does `work` for each item, for at most `limit` at a time, and gives the results in the order of the items. Reads ahead
 * no further than that, so that a listing of millions can be worked through. The first error ends it, once what was
 * begun beside it has ended too: on AWS Lambda it would go on in the middle of the function's next call.
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
      // It is awaited below, unless an earlier one fails first; then this failure has nobody to hear it.
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
