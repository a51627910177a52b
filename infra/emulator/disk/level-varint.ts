/** Where a number is read, which moves on past it. */
export interface Cursor {
  bytes: Uint8Array;
  at: number;
}

/** LevelDB's numbers: 7 bits a byte, the lowest first, below 2^53. Throws where the bytes end within one. */
export function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined || scale > 2 ** 63) throw new RangeError('a number goes past the end');
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}
