import { IS_SPACE, scanContainer, stringEnd, wordEnd } from './scan.ts';

/** The original bytes of one JSON value, or of malformed data. Both are views of the input, not copies. */
export type Split =
  | { record: Buffer; malformed?: never; detail?: never }
  | { malformed: Buffer; detail: string; record?: never };

const NEWLINE = 0x0a;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const QUOTE = 0x22;

/**
 * Splits an object, from Firehose or elsewhere, into its records: JSON objects one after another with or without
 * whitespace between, one per line (LF or CRLF), or pretty-printed; other JSON values on their own lines. Loses no
 * byte except whitespace and byte order marks between records: anything that is not a value comes out as `malformed`,
 * and a broken object does not affect its neighbours. The record step validates UTF-8 and content. One pass, linear
 * time whatever the bytes; memory does not grow with the input.
 */
export function* splitRecords(input: Uint8Array): Generator<Split> {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  let bad = -1;
  let isLineStart = true;
  for (;;) {
    const from = at;
    at = skipSpace(bytes, at);
    if (hasNewline(bytes, from, at)) isLineStart = true;
    if (at === bytes.length) break;
    if (bad >= 0 && beginsAnew(bytes, at)) {
      yield malformed(bytes, bad, at);
      bad = -1;
    }
    const end = valueEnd(bytes, at, isLineStart && bad < 0);
    isLineStart = false;
    if (end > 0) {
      if (bad >= 0) yield malformed(bytes, bad, at);
      bad = -1;
      yield { record: bytes.subarray(at, end) };
      at = end;
    } else {
      if (bad < 0) bad = at;
      at = ~end;
    }
  }
  if (bad >= 0) yield malformed(bytes, bad, bytes.length);
}

/** Index after the value at `at`, or `~index` at which to continue. */
function valueEnd(bytes: Buffer, at: number, isAlone: boolean): number {
  const byte = bytes[at];
  if (byte === OPEN_OBJECT || (byte === OPEN_ARRAY && isAlone)) return scanContainer(bytes, at);
  const end = isAlone ? (byte === QUOTE ? stringEnd(bytes, at + 1) : wordEnd(bytes, at)) : -1;
  // A bare word counts as a value only if it is JSON and alone on its line: prose is malformed.
  if (end > at && endsLine(bytes, end) && isScalar(bytes, at, end)) return end;
  return ~nextBrace(bytes, at);
}

function isScalar(bytes: Buffer, at: number, end: number): boolean {
  return (
    bytes[at] === QUOTE ||
    /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)$/.test(head(bytes, at, end))
  );
}

/** Limits the length of a number; a longer one is called malformed, but still kept. */
function head(bytes: Buffer, at: number, end: number): string {
  return end - at > 1024 ? '' : bytes.toString('latin1', at, end);
}

function hasNewline(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === NEWLINE) return true;
  return false;
}

function endsLine(bytes: Buffer, from: number): boolean {
  let at = from;
  while (at < bytes.length && bytes[at] !== NEWLINE && IS_SPACE[bytes[at] as number] === 1) at++;
  return at === bytes.length || bytes[at] === NEWLINE;
}

function nextBrace(bytes: Buffer, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== OPEN_OBJECT && bytes[at] !== NEWLINE) at++;
  return at;
}

/** Whether malformed bytes end before `at`: at an unindented line, or at what looks like an object. */
function beginsAnew(bytes: Buffer, at: number): boolean {
  const byte = bytes[at];
  if (byte === OPEN_OBJECT && bytes[at + 1] === QUOTE) return true;
  return bytes[at - 1] === NEWLINE && byte !== 0x7d && byte !== 0x5d;
}

function malformed(bytes: Buffer, from: number, to: number): Split {
  let end = to;
  while (end > from && IS_SPACE[bytes[end - 1] as number] === 1) end--;
  return { malformed: bytes.subarray(from, end), detail: `no complete JSON value, at byte ${from} of the object` };
}

/** Skips whitespace and UTF-8 byte order marks, which remain where files were joined. */
function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    if (IS_SPACE[bytes[at] as number] === 1) continue;
    if (bytes[at] !== 0xef || bytes[at + 1] !== 0xbb || bytes[at + 2] !== 0xbf) break;
    at += 2;
  }
  return at;
}
