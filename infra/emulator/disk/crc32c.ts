/** CRC-32C (Castagnoli; RFC 3720, B.4), which LevelDB and S3 check with, and zlib does not have. */

const REFLECTED_POLYNOMIAL = 0x82f63b78;

let table: Uint32Array | undefined;

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ REFLECTED_POLYNOMIAL : crc >>> 1;
    return crc;
  });
}

/** A running checksum; `value` gives that of the bytes so far, as an unsigned 32-bit integer. */
export function startCrc32c(): { update(bytes: Uint8Array): void; value(): number } {
  table ??= makeTable();
  const entries = table;
  let crc = 0xffffffff;
  return {
    update: bytes => {
      // A byte indexes a table of 256, so the entry is always there.
      for (const byte of bytes) crc = (crc >>> 8) ^ (entries[(crc ^ byte) & 255] as number);
    },
    value: () => ~crc >>> 0,
  };
}
