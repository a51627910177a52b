/**
 * Groups items into shared commits: `commit` gets everything that was added while the previous commit ran, and each
 * call settles with the commit that contains its item. Commits never overlap.
 */
export function groupCommit<Item>(commit: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let waiting: { item: Item; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await commit(group.map(({ item }) => item));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    running = false;
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Deferred by a turn, so that items from one turn of the event loop share the first commit.
      if (!running) {
        running = true;
        setImmediate(() => void run());
      }
    });
}
