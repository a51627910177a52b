/**
 * Finds the end of one JSON object or array in a run of bytes (RFC 8259's structure; numbers and words are only
 * recognized, and the record step validates them). One pass, no recursion, no copy; bytes ≥ 0x80 are accepted as they
 * are.
 */

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Maximum nesting, which limits the stack for a hostile file. The record step's limit is far lower. */
const MAX_DEPTH = 1_000_000;

/** 1 for JSON whitespace. */
export const IS_SPACE = byteTable('\t\n\r ');
const IS_WORD = byteTable('+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_');

// What may come next. Numbers rather than strings: this is the inner loop of a backfill.
const WANT_VALUE = 0;
const WANT_VALUE_OR_CLOSE = 1;
const WANT_KEY = 2;
const WANT_KEY_OR_CLOSE = 3;
const WANT_COLON = 4;
const WANT_COMMA_OR_CLOSE = 5;

/**
 * Scans the object or array that begins at `start`. Returns the index after its end, or, if it is broken, `~resume`:
 * `resume > start` is where the next record may begin, chosen so that a cut-off record never takes its neighbour with
 * it.
 */
export function scanContainer(bytes: Uint8Array, start: number): number {
  const opened: number[] = [];
  let want = WANT_VALUE;
  let lastString = -1;
  let lastStringEnd = -1;
  // Start of the object closed by the previous token: it may be a neighbour swallowed by a cut-off object.
  let justClosed = -1;
  let at = start;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (IS_SPACE[byte] === 1) continue;
    if (byte === QUOTE) {
      if (want > WANT_KEY_OR_CLOSE) break;
      justClosed = -1;
      lastString = at;
      lastStringEnd = stringEnd(bytes, at + 1);
      if (lastStringEnd < 0) {
        lastStringEnd = ~lastStringEnd;
        break;
      }
      at = lastStringEnd - 1;
      want = want <= WANT_VALUE_OR_CLOSE ? WANT_COMMA_OR_CLOSE : WANT_COLON;
    } else if (byte === COLON) {
      if (want !== WANT_COLON) break;
      want = WANT_VALUE;
    } else if (byte === COMMA) {
      if (want !== WANT_COMMA_OR_CLOSE) break;
      justClosed = -1;
      want = bytes[opened.at(-1) as number] === OPEN_OBJECT ? WANT_KEY : WANT_VALUE;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (want > WANT_VALUE_OR_CLOSE || opened.length === MAX_DEPTH) break;
      justClosed = -1;
      opened.push(at);
      want = byte === OPEN_OBJECT ? WANT_KEY_OR_CLOSE : WANT_VALUE_OR_CLOSE;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      const isObject = byte === CLOSE_OBJECT;
      if (want !== WANT_COMMA_OR_CLOSE && want !== (isObject ? WANT_KEY_OR_CLOSE : WANT_VALUE_OR_CLOSE)) break;
      if ((bytes[opened.at(-1) as number] === OPEN_OBJECT) !== isObject) break;
      const from = opened.pop() as number;
      if (opened.length === 0) {
        const brace = isOddlyFollowed(bytes, at + 1) ? braceIn(bytes, lastString, lastStringEnd) : -1;
        return brace < 0 ? at + 1 : ~brace;
      }
      justClosed = isObject ? from : -1;
      want = WANT_COMMA_OR_CLOSE;
    } else if (IS_WORD[byte] === 1) {
      if (want > WANT_VALUE_OR_CLOSE) break;
      justClosed = -1;
      at = wordEnd(bytes, at) - 1;
      want = WANT_COMMA_OR_CLOSE;
    } else break;
  }
  const brace = braceIn(bytes, lastString, lastStringEnd);
  if (brace >= 0 && (justClosed < 0 || brace < justClosed)) return ~brace;
  return ~Math.max(start + 1, justClosed < 0 ? at : justClosed);
}

/**
 * Index after the closing quote of the string whose content begins at `from`, or `~index` of the byte that breaks it.
 */
export function stringEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return ~at;
    // The next iteration handles an escaped control character, and breaks there.
    if (byte === BACKSLASH && (bytes[at + 1] ?? 0) >= 0x20) at++;
  }
  return ~bytes.length;
}

/** Index after the number, literal or other bare word at `from`; `from` itself if there is none. */
export function wordEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && IS_WORD[bytes[at] as number] === 1) at++;
  return at;
}

/** A cut-off string ends at its neighbour's first quote, and so contains the neighbour's brace. */
function braceIn(bytes: Uint8Array, from: number, to: number): number {
  if (from < 0) return -1;
  for (let at = from; at < to; at++) if (bytes[at] === OPEN_OBJECT) return at;
  return -1;
}

/** `{"a":"cut{"}b":1}`: the first object appears to end within the key of the second. */
function isOddlyFollowed(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  if (byte === undefined || IS_SPACE[byte] === 1) return false;
  return byte !== OPEN_OBJECT && byte !== COMMA && byte !== CLOSE_ARRAY && byte !== OPEN_ARRAY && byte !== 0xef;
}

function byteTable(members: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const member of members) table[member.charCodeAt(0)] = 1;
  return table;
}
