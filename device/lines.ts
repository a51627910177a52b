import { UserError } from '../contract/user-error.ts';

/** Maximum line length; bounds the memory for a pipe without newlines. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Splits a pipe into lines, without their ends (LF or CRLF) and without empty ones; the last line needs no end.
 * Yields the lines that each piece completes, so lines are available at once and in groups. Throws a `UserError` for
 * a line longer than a message can be, and for gzip.
 */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let isFirst = true;
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (isFirst && bytes[0] === 0x1f && bytes[1] === 0x8b)
      throw new UserError('Standard input is gzipped.', {
        todo: 'Unpack it first: gzip -dc FILE | sluice put -',
      });
    isFirst = false;
    const end = bytes.lastIndexOf(NEWLINE);
    if (end < 0) {
      begun.push(bytes);
      begunBytes += bytes.length;
    } else {
      const lines = split(Buffer.concat([...begun, bytes.subarray(0, end)]));
      begun = [bytes.subarray(end + 1)];
      begunBytes = bytes.length - end - 1;
      if (lines.length > 0) yield lines;
    }
    if (begunBytes > MAX_LINE_BYTES)
      throw new UserError(`A line of standard input is longer than ${MAX_LINE_BYTES} bytes.`, {
        todo: 'Write one message per line, as jq -c . does.',
      });
  }
  const lines = split(Buffer.concat(begun));
  if (lines.length > 0) yield lines;
}

function split(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, from);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(from, bytes[end - 1] === 0x0d && end > from ? end - 1 : end);
    if (line.length > 0) lines.push(line);
    from = end + 1;
  }
  return lines;
}
