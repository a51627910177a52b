/** A position in a byte array; reading a number moves it past that number. */
export interface Cursor {
  bytes: Uint8Array;
  at: number;
}

/** Reads a LevelDB varint: 7 bits per byte, lowest first, below 2^53. Throws if the bytes end within the number. */
export function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined || scale > 2 ** 63) throw new RangeError('a number extends past the end');
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}
