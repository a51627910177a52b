/**
 * The objects that earlier backfills have read, in one file small enough for every worker to load: a hash table with
 * open addressing. Each slot holds the first half of the SHA-256 of an object's content (16 bytes) and the name of
 * the batch whose ledger entry lists it (12 bytes). An empty slot is all zeros. 42 to 84 bytes per object.
 */
const HASH_BYTES = 16;
const BATCH_BYTES = 12;
const SLOT_BYTES = HASH_BYTES + BATCH_BYTES;
const LEAST_SLOTS = 4;

/** A done object: the hash of its content, 64 hex digits, and its batch, 24 hex digits. */
export interface DoneObject {
  sha256: string;
  batch: string;
}

/** A growable table; `findDone` reads its `bytes`. For an object added more than once, the last batch counts. */
export interface DoneIndex {
  readonly objects: number;
  add(done: DoneObject): void;
  bytes(): Buffer;
}

export function createDoneIndex(): DoneIndex {
  let table = Buffer.alloc(LEAST_SLOTS * SLOT_BYTES);
  let objects = 0;

  function grow(): void {
    const old = table;
    table = Buffer.alloc(old.length * 2);
    for (let at = 0; at < old.length; at += SLOT_BYTES) {
      const hash = old.subarray(at, at + HASH_BYTES);
      if (!isEmpty(hash)) old.copy(table, slotOf(table, hash).at, at, at + SLOT_BYTES);
    }
  }

  return {
    get objects() {
      return objects;
    },
    add({ sha256, batch }) {
      const hash = key(sha256);
      const slot = slotOf(table, hash);
      hash.copy(table, slot.at);
      table.write(batch, slot.at + HASH_BYTES, BATCH_BYTES, 'hex');
      if (slot.found) return;
      objects++;
      // Above two thirds full, a search takes long.
      if (objects * SLOT_BYTES * 3 > table.length * 2) grow();
    },
    bytes: () => table,
  };
}

/** The batch (24 hex digits) whose ledger entry lists a content; undefined if none does. */
export function findDone(table: Buffer, sha256: string): string | undefined {
  const { at, found } = slotOf(table, key(sha256));
  return found ? table.toString('hex', at + HASH_BYTES, at + SLOT_BYTES) : undefined;
}

function key(sha256: string): Buffer {
  return Buffer.from(sha256, 'hex').subarray(0, HASH_BYTES);
}

/**
 * The slot that holds a hash, or the empty one for it. A hash is effectively random, so its first bytes choose the
 * slot.
 */
function slotOf(table: Buffer, hash: Buffer): { at: number; found: boolean } {
  const slots = table.length / SLOT_BYTES;
  let slot = hash.readUInt32BE(0) % slots;
  for (;;) {
    const at = slot * SLOT_BYTES;
    if (hash.equals(table.subarray(at, at + HASH_BYTES))) return { at, found: true };
    if (isEmpty(table.subarray(at, at + HASH_BYTES))) return { at, found: false };
    slot = (slot + 1) % slots;
  }
}

function isEmpty(hash: Buffer): boolean {
  return hash.equals(ZEROS);
}

const ZEROS = Buffer.alloc(HASH_BYTES);
