/** LevelDB's log format (LevelDB, "doc/log_format.md"), in which its `.log` and `MANIFEST` files are written, read with its checksums. */
import { startCrc32c } from './crc32c.ts';

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
/** What a disk writes whole: a power cut leaves sectors of zeros where it did not get to. */
const SECTOR_BYTES = 512;

const FULL = 1;
const FIRST = 2;
const LAST = 4;

export interface LevelLog {
  /** The payloads of the whole records, oldest first. */
  records: Buffer[];
  /** Byte offset of the first fragment that fails its checksum, though it was once written whole. */
  damagedAt?: number;
}

/**
 * The records of a log. The end of the file may be torn, as a process that was killed leaves it: such a record was never
 * acknowledged, and does not count. Anything else that fails its checksum is damage.
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

/** The checksum that LevelDB writes over these bytes: CRC-32C, masked. */
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

/** Whether what begins at `at` is the last record, and was never written to its end. */
function isTorn(bytes: Buffer, at: number): boolean {
  if (isFollowed(bytes, at)) return false;
  const start = at + HEADER_BYTES;
  if (start > bytes.length) return true;
  const end = start + bytes.readUInt16LE(at + 4);
  // A length that says more than there is may itself be what is damaged: then all that is there fits the checksum.
  if (end > bytes.length && end <= blockEnd(at))
    return maskedCrc(bytes.subarray(at + 6, at + 7), bytes.subarray(start)) !== bytes.readUInt32LE(at);
  return hasUnwrittenSector(bytes, at);
}

/** Whether another record begins after `at`: the next one of the same block may be anywhere, for the length is not to be trusted. */
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

/** The fragments of one record may have reached the disk in any order; where another record begins, this one was done. */
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
