/** Characters of a legend's entry that are drawn for certain; the specifications cut it off at a width in pixels. */
const DRAWN = 18;
const HEAD = 7;
const TAIL = DRAWN - HEAD - 1;

/**
 * What a chart's legend calls the devices: their ids, unless some begin alike for so long that what is drawn of them could not
 * be told apart. Then the long ones lose their middle, or what they have in common, and the table below has them whole.
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

/** How many characters the ids have in common at their beginning. */
function sharedPrefix([first = '', ...others]: readonly string[]): number {
  let length = first.length;
  for (const id of others) while (!id.startsWith(first.slice(0, length))) length--;
  return length;
}
