/**
 * Characters of a legend entry that are certain to be drawn; the specifications cut entries off at a width in pixels.
 */
const DRAWN = 18;
const HEAD = 7;
const TAIL = DRAWN - HEAD - 1;

/**
 * The names of devices in a chart's legend: their ids, unless some share a beginning so long that the drawn parts
 * could not be told apart. Then long ids lose their middle or their common beginning; the table below shows them in
 * full.
 */
export function legendNames(ids: readonly string[]): string[] {
  const shared = sharedPrefix(ids.filter(id => id.length > DRAWN));
  const ways: ((id: string) => string)[] = [
    id => id,
    id => (id.length <= DRAWN ? id : `${id.slice(0, HEAD)}…${id.slice(-TAIL)}`),
    id => (id.length <= DRAWN ? id : `…${id.slice(shared)}`),
  ];
  for (const way of ways) {
    const names = ids.map(way);
    if (new Set(names.map(name => name.slice(0, DRAWN))).size === ids.length) return names;
  }
  return [...ids];
}

/** The length of the ids' common prefix. */
function sharedPrefix([first = '', ...others]: readonly string[]): number {
  let length = first.length;
  for (const id of others) while (!id.startsWith(first.slice(0, length))) length--;
  return length;
}
