/**
 * Detects an object's format from its bytes. Names are unreliable: Firehose's contain dots, and others end in
 * `.gzip`, `.GZ` or `.log`.
 */

/** First bytes, as Latin-1, of formats often found among records, and their names. */
const MAGIC: readonly (readonly [string, string])[] = [
  ['PAR1', 'Parquet'],
  ['ORC', 'ORC'],
  ['Obj\x01', 'Avro'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['PK\x05\x06', 'a ZIP archive'],
  ['BZh', 'bzip2'],
  ['\x28\xb5\x2f\xfd', 'Zstandard'],
  ['\xfd7zXZ\x00', 'xz'],
  ['\x04\x22\x4d\x18', 'LZ4'],
  ['\xff\x06\x00\x00sNaPpY', 'Snappy'],
  ['SQLite format 3\x00', 'an SQLite database'],
  ['%PDF-', 'PDF'],
];

/** Formats of binary data without a known signature; only unambiguous suffixes. */
const BY_SUFFIX: Record<string, string> = { snappy: 'Snappy', parquet: 'Parquet', orc: 'ORC', avro: 'Avro' };

const UTF_16 = /^(?:\xff\xfe|\xfe\xff)/;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
/** The sample size of git's test for binary data. */
const SAMPLE_BYTES = 8_000;

/** The format whose signature the bytes begin with, other than JSON and gzip; undefined if there is none. */
export function knownFormat(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 16);
  return MAGIC.find(([magic]) => head.startsWith(magic))?.[1];
}

/**
 * The format of an object without JSON records, or undefined if it may hold some: JSON, gzip, other text (judged line
 * by line), or nothing at all. `name` is used only for binary data of unknown format.
 */
export function otherFormat(object: Buffer, name: string): string | undefined {
  if (object[0] === 0x1f && (object.length < 3 || object[1] === 0x8b)) return undefined;
  const isBinary = object.subarray(0, SAMPLE_BYTES).includes(0);
  return textFormat(object) ?? (isBinary ? (bySuffix(name) ?? 'binary data of an unknown format') : undefined);
}

/** The same for unpacked data, in which damaged records may contain bytes that are not text. */
export function textFormat(bytes: Buffer): string | undefined {
  return knownFormat(bytes) ?? (UTF_16.test(bytes.toString('latin1', 0, 2)) ? 'UTF-16 text' : undefined) ?? csv(bytes);
}

function bySuffix(name: string): string | undefined {
  return BY_SUFFIX[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
}

/** Detects lines of values separated by commas, semicolons or tabs, without any JSON object or array. */
function csv(bytes: Buffer): string | undefined {
  const [first = ''] = bytes.toString('latin1', 0, SAMPLE_BYTES).split(/\r?\n/, 1);
  if (!/^(?:"[^"]*"|[^"\s,;\t][^",;\t]*)(?:[,;\t](?:"[^"]*"|[^",;\t]*))+$/.test(first)) return undefined;
  return bytes.includes(OPEN_OBJECT) || bytes.includes(OPEN_ARRAY) ? undefined : 'CSV';
}
