/** Tells what an object holds by its bytes. Names say little: Firehose's have dots in them, people's end in `.gzip`, `.GZ` or `.log`. */

/** First bytes, as Latin-1, of what is often found beside records, and what it is called. */
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

/** What binary bytes without a first sign of their own are taken for; only names that say so without doubt. */
const BY_SUFFIX: Record<string, string> = { snappy: 'Snappy', parquet: 'Parquet', orc: 'ORC', avro: 'Avro' };

const UTF_16 = /^(?:\xff\xfe|\xfe\xff)/;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
/** As git tells text from binary. */
const SAMPLE_BYTES = 8_000;

/** The name of a format that bytes begin as, and that is neither JSON nor gzip; undefined where they begin as none of these. */
export function knownFormat(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 16);
  return MAGIC.find(([magic]) => head.startsWith(magic))?.[1];
}

/**
 * The name of the format of an object that holds no JSON records, or undefined where it may: JSON, gzip, other text (its lines
 * are judged one by one), nothing at all. `name` is asked only about binary bytes of no known kind.
 */
export function otherFormat(object: Buffer, name: string): string | undefined {
  if (object[0] === 0x1f && (object.length < 3 || object[1] === 0x8b)) return undefined;
  const isBinary = object.subarray(0, SAMPLE_BYTES).includes(0);
  return textFormat(object) ?? (isBinary ? (bySuffix(name) ?? 'binary data of an unknown format') : undefined);
}

/** The same of what an object unpacks to, where single records may be damaged and have bytes that no text has. */
export function textFormat(bytes: Buffer): string | undefined {
  return knownFormat(bytes) ?? (UTF_16.test(bytes.toString('latin1', 0, 2)) ? 'UTF-16 text' : undefined) ?? csv(bytes);
}

function bySuffix(name: string): string | undefined {
  return BY_SUFFIX[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
}

/** Lines of values with commas, semicolons or tabs between them, and no JSON object or array anywhere. */
function csv(bytes: Buffer): string | undefined {
  const [first = ''] = bytes.toString('latin1', 0, SAMPLE_BYTES).split(/\r?\n/, 1);
  if (!/^(?:"[^"]*"|[^"\s,;\t][^",;\t]*)(?:[,;\t](?:"[^"]*"|[^",;\t]*))+$/.test(first)) return undefined;
  return bytes.includes(OPEN_OBJECT) || bytes.includes(OPEN_ARRAY) ? undefined : 'CSV';
}
