/**
 * The content encoding `aws-chunked`: `<hex size>[;chunk-signature=…]CRLF <bytes> CRLF … 0 CRLF <trailers> CRLF`
 * (Amazon S3 API reference, "Signature calculations: chunked upload" and "with trailing headers").
 * Chunk signatures are not checked: the endpoint knows clients by their access key alone.
 */
import { S3Error } from '../wire/s3-error.ts';

const MAX_LINE_BYTES = 4096;
const MAX_TRAILERS = 16;
const CHUNK_LINE = /^([0-9a-f]{1,13})(;chunk-signature=[0-9a-f]+)?$/i;
const TRAILER_LINE = /^([a-z0-9-]+):\s*(\S*)\s*$/i;

/** The bytes of a body in aws-chunked. `trailers` holds what follows them (names in lower case) once all bytes are taken. */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = startReader(source);
  for (;;) {
    const size = CHUNK_LINE.exec(await reader.line())?.[1];
    if (size === undefined) throw new S3Error('InvalidChunkSizeError', 400, 'A chunk does not begin with its size.');
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    yield* reader.bytes(length);
    if ((await reader.line()) !== '')
      throw new S3Error('InvalidChunkSizeError', 400, 'A chunk is longer than its size says.');
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const [, name, value] = TRAILER_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined || trailers.size === MAX_TRAILERS) throw malformedTrailer();
    trailers.set(name.toLowerCase(), value);
  }
  if (!(await reader.atEnd())) throw malformedTrailer();
}

export function malformedTrailer(): S3Error {
  const message =
    'The request contained trailing data that was not well-formed or did not conform to our published schema.';
  return new S3Error('MalformedTrailerError', 400, message);
}

export function incompleteBody(): S3Error {
  return new S3Error('IncompleteBody', 400, 'The body is not as long as the request announces.');
}

interface Reader {
  /** Up to CRLF, which is taken but not given. */
  line(): Promise<string>;
  bytes(length: number): AsyncGenerator<Buffer>;
  atEnd(): Promise<boolean>;
}

function startReader(source: AsyncIterable<Buffer>): Reader {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const next = await iterator.next();
    if (next.done === true) return false;
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  }

  return {
    async line() {
      for (;;) {
        const end = rest.indexOf('\r\n');
        if (end !== -1) {
          const text = rest.toString('latin1', 0, end);
          rest = rest.subarray(end + 2);
          return text;
        }
        if (rest.length > MAX_LINE_BYTES)
          throw new S3Error('InvalidChunkSizeError', 400, 'A chunk or trailer line does not end.');
        if (!(await more())) throw incompleteBody();
      }
    },
    async *bytes(length) {
      for (let left = length; left > 0; ) {
        if (rest.length === 0 && !(await more())) throw incompleteBody();
        const part = rest.subarray(0, left);
        rest = rest.subarray(part.length);
        left -= part.length;
        if (part.length > 0) yield part;
      }
    },
    async atEnd() {
      while (rest.length === 0) if (!(await more())) return true;
      return false;
    },
  };
}
