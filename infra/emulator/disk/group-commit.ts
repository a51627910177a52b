/**
 * Shares one slow, durable commit among all who ask while the one before it runs: `commit` is called with everything that
 * was added since, and each `add` settles with the commit that holds its item. Commits never overlap.
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
      // A turn later, so that what arrives in one turn of the event loop shares the first commit.
      if (!running) {
        running = true;
        setImmediate(() => void run());
      }
    });
}
