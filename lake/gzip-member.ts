/** Reads one member of a gzip file (RFC 1952), at a cost limited by what it unpacks to, whatever the bytes are. */
import { promisify } from 'node:util';
import { constants, crc32, createInflateRaw, inflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';

/** Bytes that begin like a member, and the result of reading them. */
export interface Member {
  kind: 'whole' | 'truncated' | 'corrupt' | 'too-large';
  /** Why it is incomplete. */
  detail: string;
  /** Its content, if all of it inflated. */
  bytes?: Buffer;
  /** Start of its deflated data. */
  body: number;
  /** Earliest start of the next member. */
  end: number;
  /** Maximum bytes inflated to find this out. */
  spentBytes: number;
}

interface Inflated {
  buffer: Buffer;
  engine: { bytesWritten: number };
}
type WithInfo = (input: Buffer, options: ZlibOptions) => Inflated;
// With `info`, zlib also returns the engine; @types/node does not declare it.
const inflateNow = inflateRawSync as unknown as WithInfo;
const inflateLater = promisify(inflateRaw) as unknown as (...parts: Parameters<WithInfo>) => Promise<Inflated>;

/** Initial limit for inflating a member: most are small, and false starts fail early. */
const FIRST_BYTES = 4 * 1024;
const STEP = 16;
/** Up to this size, inflates on the main thread: switching threads takes longer. */
const MAX_NOW_BYTES = 64 * 1024;

/** Reads the member at `start`, up to `maxBytes` unpacked. */
export async function inflateMember(object: Buffer, start: number, maxBytes: number): Promise<Member> {
  const body = bodyOffset(object, start);
  if (typeof body === 'string') {
    const detail = `the gzip header at byte ${start} ${body}`;
    const kind = body === CUT ? 'truncated' : 'corrupt';
    return { kind, detail, bytes: EMPTY, body: object.length, end: start + 3, spentBytes: FIRST_BYTES };
  }
  const deflated = object.subarray(body);
  let spentBytes = 0;
  for (let limit = FIRST_BYTES; ; limit *= STEP) {
    const maxOutputLength = Math.min(limit, Math.max(1, maxBytes));
    spentBytes += maxOutputLength;
    const read = { body, end: body, spentBytes };
    try {
      const isSmall = maxOutputLength <= MAX_NOW_BYTES;
      const options = { info: true, maxOutputLength, chunkSize: isSmall ? FIRST_BYTES : MAX_NOW_BYTES };
      const { buffer, engine } = await (isSmall ? inflateNow : inflateLater)(deflated, options);
      if (buffer.length > maxBytes) return { ...read, kind: 'too-large', detail: '' };
      return checkTrailer(object, body + engine.bytesWritten, { ...read, bytes: ownBytes(buffer) });
    } catch (error) {
      if (!isZlibError(error)) throw error;
      if (error.code === 'Z_BUF_ERROR')
        return { ...read, kind: 'truncated', detail: 'the object ends within a gzip member' };
      if (error.code !== 'ERR_BUFFER_TOO_LARGE')
        return { ...read, kind: 'corrupt', detail: `the gzip member at byte ${start}: ${error.message}` };
      if (maxOutputLength >= maxBytes) return { ...read, kind: 'too-large', detail: '' };
    }
  }
}

/**
 * zlib returns a view of a whole chunk; keeping views would make ten thousand small members take a thousand times
 * their size.
 */
function ownBytes(buffer: Buffer): Buffer {
  return buffer.length < FIRST_BYTES ? Buffer.from(buffer) : buffer;
}

function checkTrailer(object: Buffer, at: number, read: { bytes: Buffer; body: number; spentBytes: number }): Member {
  const end = at + 8;
  if (end > object.length)
    return { ...read, kind: 'truncated', detail: 'the object ends within the gzip checksum', end: object.length };
  if (object.readUInt32LE(at) !== crc32(read.bytes))
    return { ...read, kind: 'corrupt', detail: 'the gzip checksum does not match', end };
  if (object.readUInt32LE(at + 4) !== read.bytes.length % 2 ** 32)
    return { ...read, kind: 'corrupt', detail: 'the length in the gzip trailer does not match', end };
  return { ...read, kind: 'whole', detail: '', end };
}

/**
 * Everything that inflates before the damage: the output of the longest valid prefix. Costs three times the work of
 * inflating it.
 */
export async function inflateUpToError(deflated: Buffer): Promise<Buffer> {
  let found: { sound: number; bytes: Buffer } = { sound: 0, bytes: EMPTY };
  for (const step of [64 * 1024, 256, 1]) found = await inflateInSteps(deflated, found.sound, step);
  return found.bytes;
}

/**
 * Inflates the first `sound` bytes, then as many steps as are valid: an error discards the output of its whole step.
 */
async function inflateInSteps(
  deflated: Buffer,
  sound: number,
  step: number,
): Promise<{ sound: number; bytes: Buffer }> {
  const engine = createInflateRaw({ flush: constants.Z_SYNC_FLUSH, chunkSize: MAX_NOW_BYTES });
  const chunks: Buffer[] = [];
  engine.on('data', (chunk: Buffer) => chunks.push(chunk));
  let fail: (error: unknown) => void = () => {};
  engine.on('error', error => fail(error));
  const write = (piece: Buffer) =>
    new Promise<boolean>((resolve, reject) => {
      fail = error => (isZlibError(error) ? resolve(false) : reject(error));
      engine.write(piece, error => {
        if (!error) resolve(true);
      });
    });
  let at = 0;
  for (let end = sound; at < deflated.length; end = Math.min(at + step, deflated.length)) {
    if (end > at && !(await write(deflated.subarray(at, end)))) break;
    at = end;
  }
  engine.destroy();
  return { sound: at, bytes: Buffer.concat(chunks) };
}

const EMPTY = Buffer.alloc(0);
const CUT = 'is cut off';
const MAX_TEXT_BYTES = 64 * 1024;

/**
 * Start of the deflated data of the member at `start`, after the optional header fields, or what is wrong with them.
 */
function bodyOffset(bytes: Buffer, start: number): number | string {
  const flags = bytes[start + 3] ?? 0;
  let at = start + 10;
  if (flags & 4) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const length = bytes.subarray(at, at + MAX_TEXT_BYTES).indexOf(0);
    if (length === -1)
      return at + MAX_TEXT_BYTES < bytes.length ? `has a text of more than ${MAX_TEXT_BYTES} bytes` : CUT;
    at += length + 1;
  }
  if (flags & 2) at += 2;
  return at < bytes.length ? at : CUT;
}

export function isZlibError(error: unknown): error is Error & { code: string } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE');
}
