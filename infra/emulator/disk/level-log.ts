/** Reads LevelDB's `.log` and `MANIFEST` files and verifies their checksums (LevelDB, "doc/log_format.md"). */
import { startCrc32c } from './crc32c.ts';

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
/** A disk writes a sector atomically: after a power cut, the sectors it did not reach are zeros. */
const SECTOR_BYTES = 512;

const FULL = 1;
const FIRST = 2;
const LAST = 4;

export interface LevelLog {
  /** The payloads of the complete records, oldest first. */
  records: Buffer[];
  /** Byte offset of the first fragment that was once written completely but fails its checksum. */
  damagedAt?: number;
}

/**
 * The records of a log. A killed process may leave a torn record at the end of the file; it was never acknowledged and
 * is ignored. Any other record that fails its checksum is damage.
 */
export function readLevelLog(bytes: Buffer): LevelLog {
  const records: Buffer[] = [];
  let parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (left < HEADER_BYTES) at += left;
    if (at >= bytes.length) return { records };
    const fragment = fragmentAt(bytes, at);
    if (fragment === undefined) return isTorn(bytes, at) ? { records } : { records, damagedAt: at };
    if (fragment.type === FULL || fragment.type === FIRST) parts = [];
    parts.push(fragment.data);
    if (fragment.type === FULL || fragment.type === LAST) records.push(Buffer.concat(parts.splice(0)));
    at = fragment.end;
  }
}

/** LevelDB's checksum of these bytes: a masked CRC-32C. */
export function maskedCrc(...parts: Uint8Array[]): number {
  const state = startCrc32c();
  for (const part of parts) state.update(part);
  const crc = state.value();
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

interface Fragment {
  type: number;
  data: Buffer;
  end: number;
}

function fragmentAt(bytes: Buffer, at: number): Fragment | undefined {
  const start = at + HEADER_BYTES;
  if (start > bytes.length) return undefined;
  const type = bytes[at + 6] ?? 0;
  const end = start + bytes.readUInt16LE(at + 4);
  if (type < FULL || type > LAST || end > blockEnd(at) || end > bytes.length) return undefined;
  const isWhole = maskedCrc(bytes.subarray(at + 6, at + 7), bytes.subarray(start, end)) === bytes.readUInt32LE(at);
  return isWhole ? { type, data: bytes.subarray(start, end), end } : undefined;
}

function blockEnd(at: number): number {
  return at - (at % BLOCK_BYTES) + BLOCK_BYTES;
}

/** Whether the record at `at` is the last one and was never written completely. */
function isTorn(bytes: Buffer, at: number): boolean {
  if (isFollowed(bytes, at)) return false;
  const start = at + HEADER_BYTES;
  if (start > bytes.length) return true;
  const end = start + bytes.readUInt16LE(at + 4);
  // A length beyond the end of the file may itself be the damage: then the bytes up to the end match the checksum.
  if (end > bytes.length && end <= blockEnd(at))
    return maskedCrc(bytes.subarray(at + 6, at + 7), bytes.subarray(start)) !== bytes.readUInt32LE(at);
  return hasUnwrittenSector(bytes, at);
}

/** Whether another record begins after `at`. In the same block it may begin at any byte: the length is not reliable. */
function isFollowed(bytes: Buffer, at: number): boolean {
  const within = Math.min(blockEnd(at), bytes.length);
  for (let next = at + 1; next < within; next++) if (beginsRecord(bytes, next)) return true;
  for (let block = blockEnd(at); block < bytes.length; block += BLOCK_BYTES)
    for (let next = block; next < bytes.length; ) {
      const fragment = fragmentAt(bytes, next);
      if (fragment === undefined) break;
      if (fragment.type === FULL || fragment.type === FIRST) return true;
      next = fragment.end;
    }
  return false;
}

/**
 * Whether a record begins at `at`. Fragments of one record may reach the disk in any order, so only the start of
 * another record shows that this one was completed.
 */
function beginsRecord(bytes: Buffer, at: number): boolean {
  const type = bytes[at + 6];
  return (type === FULL || type === FIRST) && (fragmentAt(bytes, at)?.data.length ?? 0) > 0;
}

function hasUnwrittenSector(bytes: Buffer, at: number): boolean {
  for (let from = at; from < bytes.length; ) {
    const to = Math.min(from - (from % SECTOR_BYTES) + SECTOR_BYTES, bytes.length);
    if (bytes.subarray(from, to).every(byte => byte === 0)) return true;
    from = to;
  }
  return false;
}
