/** LevelDB's table files (LevelDB, "doc/table_format.md"), read to check the checksum of each block. */
import { snappyUncompress } from 'hyparquet';
import { maskedCrc } from './level-log.ts';
import { type Cursor, readVarint } from './level-varint.ts';

const FOOTER_BYTES = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
/** How a block is compressed, in the byte after it; four bytes with the checksum of both follow. */
const SNAPPY = 1;

/** What is wrong with a table file; undefined where every block is as it was written. */
export function tableDamage(bytes: Buffer): string | undefined {
  if (bytes.length < FOOTER_BYTES || !bytes.subarray(-MAGIC.length).equals(MAGIC))
    return 'its end is not that of a table';
  const footer = { bytes: bytes.subarray(-FOOTER_BYTES), at: 0 };
  const handles = [readHandle(footer), readHandle(footer)];
  for (const handle of handles) if (!isWhole(bytes, handle)) return damagedBlock(handle);
  const data = handles.flatMap(handle => handlesIn(contentOf(bytes, handle)));
  const damaged = data.find(handle => !isWhole(bytes, handle));
  return damaged && damagedBlock(damaged);
}

/** Where a block lies: its offset, and its bytes without the trailer. */
interface Handle {
  offset: number;
  size: number;
}

function readHandle(cursor: Cursor): Handle {
  return { offset: readVarint(cursor), size: readVarint(cursor) };
}

function damagedBlock({ offset }: Handle): string {
  return `the checksum of the block at byte ${offset} is wrong`;
}

function isWhole(bytes: Buffer, { offset, size }: Handle): boolean {
  const end = offset + size + 1;
  if (end + 4 > bytes.length) return false;
  return maskedCrc(bytes.subarray(offset, end)) === bytes.readUInt32LE(end);
}

function contentOf(bytes: Buffer, { offset, size }: Handle): Buffer {
  const stored = bytes.subarray(offset, offset + size);
  if (bytes[offset + size] !== SNAPPY) return stored;
  const content = Buffer.alloc(readVarint({ bytes: stored, at: 0 }));
  snappyUncompress(stored, content);
  return content;
}

/** The blocks that an index, or the index of filters, names: the values of its entries. */
function handlesIn(block: Buffer): Handle[] {
  const restarts = block.readUInt32LE(block.length - 4);
  const cursor = { bytes: block.subarray(0, block.length - 4 * (restarts + 1)), at: 0 };
  const handles: Handle[] = [];
  while (cursor.at < cursor.bytes.length) {
    readVarint(cursor); // bytes of the key that are those of the entry before
    const [keyBytes, valueBytes] = [readVarint(cursor), readVarint(cursor)];
    cursor.at += keyBytes;
    handles.push(readHandle({ bytes: cursor.bytes, at: cursor.at }));
    cursor.at += valueBytes;
  }
  return handles;
}
