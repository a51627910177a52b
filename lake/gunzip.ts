import { promisify } from 'node:util';
import { constants, crc32, gunzip, inflateRaw, type ZlibOptions } from 'node:zlib';

/** Why an object could not be read whole. */
export interface Damage {
  kind: 'truncated' | 'corrupt' | 'trailing-garbage' | 'too-large' | 'not-gzip' | 'other-format';
  detail: string;
}

export interface Unzipped {
  /** What could be read; of a damaged object, everything before (and between) the damage. */
  bytes: Buffer;
  damage?: Damage;
}

/** Of one object, unzipped: 512 MiB. 100 KB of gzip can unpack to 100 MiB. */
export const MAX_OBJECT_BYTES = 512 * 1024 * 1024;

/**
 * Unzips an object of one or more gzip members (RFC 1952); bytes that are text and not gzip are given back as they are.
 * Bad bytes are reported, never thrown: a member that is cut short, fails its checksum or is followed by something else
 * leaves what it held up to there, and the members after it are read if they are whole. More than `maxBytes` gives nothing.
 */
export async function unzip(object: Buffer, { maxBytes = MAX_OBJECT_BYTES } = {}): Promise<Unzipped> {
  if (!isGzip(object, 0)) return readPlain(object, maxBytes);
  try {
    const options = { info: true, maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES };
    const { buffer, engine } = await gunzipWithInfo(object, options);
    // Node stops without an error at the first zero byte after a member, whatever follows it.
    if (skipZeros(object, engine.bytesWritten) === object.length) return { bytes: buffer };
  } catch (error) {
    if (!isZlibError(error)) throw error;
    if (error.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes);
  }
  return salvage(object, maxBytes);
}

interface Inflated {
  buffer: Buffer;
  engine: { bytesWritten: number };
}
type WithInfo = (input: Buffer, options: ZlibOptions) => Promise<Inflated>;
// With `info`, zlib calls back with the engine beside the buffer; @types/node does not know.
const gunzipWithInfo = promisify(gunzip) as unknown as WithInfo;
const inflateWithInfo = promisify(inflateRaw) as unknown as WithInfo;

const CHUNK_BYTES = 256 * 1024;
/** Members tried after damage; beyond, the rest of a hostile object is given up. */
const MAX_RESUMES = 100;

function readPlain(object: Buffer, maxBytes: number): Unzipped {
  if (object.length > maxBytes) return tooLarge(maxBytes);
  if (object.length > 0 && object.length < 3 && object[0] === 0x1f)
    return { bytes: EMPTY, damage: { kind: 'truncated', detail: 'the object ends within the gzip header' } };
  // As git tells text from binary.
  if (object.subarray(0, 8_000).includes(0))
    return { bytes: EMPTY, damage: { kind: 'not-gzip', detail: 'the object is neither gzip nor text' } };
  return { bytes: object };
}

/** Reads member by member, and goes on after a broken one with the next that is whole. */
async function salvage(object: Buffer, maxBytes: number): Promise<Unzipped> {
  const parts: Buffer[] = [];
  let damage: Damage | undefined;
  let length = 0;
  let at = 0;
  let resumes = 0;
  while (at < object.length && resumes <= MAX_RESUMES) {
    // After damage, what only looks like the start of a member must prove itself with its checksum.
    const isTrusted: boolean = damage === undefined;
    const member = await readMember(object, at, { maxBytes: maxBytes - length, keepBroken: isTrusted });
    if (member.damage?.kind === 'too-large') return tooLarge(maxBytes);
    damage ??= member.damage;
    if (isTrusted || member.damage === undefined) {
      parts.push(member.bytes);
      length += member.bytes.length;
    }
    at = skipZeros(object, member.end);
    if (at >= object.length || isGzip(object, at)) continue;
    damage ??= { kind: 'trailing-garbage', detail: `${object.length - at} bytes from byte ${at} on are no gzip` };
    at = nextMember(object, at);
    resumes++;
  }
  return { bytes: Buffer.concat(parts, length), ...(damage === undefined ? {} : { damage }) };
}

interface Member extends Unzipped {
  /** Where to look for the next member. */
  end: number;
}

async function readMember(
  object: Buffer,
  start: number,
  { maxBytes, keepBroken }: { maxBytes: number; keepBroken: boolean },
): Promise<Member> {
  const body = bodyOffset(object, start);
  if (body === undefined) return broken(EMPTY, 'truncated', object.length, `within the gzip header at byte ${start}`);
  const deflated = object.subarray(body);
  try {
    const options = { info: true, maxOutputLength: Math.max(1, maxBytes), chunkSize: CHUNK_BYTES };
    const { buffer, engine } = await inflateWithInfo(deflated, options);
    return checkTrailer(object, body + engine.bytesWritten, buffer);
  } catch (error) {
    if (!isZlibError(error)) throw error;
    if (error.code === 'ERR_BUFFER_TOO_LARGE') return broken(EMPTY, 'too-large', object.length, '');
    const bytes = keepBroken ? await inflateUpToError(deflated) : EMPTY;
    if (error.code === 'Z_BUF_ERROR')
      return broken(bytes, 'truncated', object.length, 'the object ends within a gzip member');
    return broken(bytes, 'corrupt', nextMember(object, body), `the gzip member at byte ${start}: ${error.message}`);
  }
}

function checkTrailer(object: Buffer, at: number, bytes: Buffer): Member {
  const end = at + 8;
  if (end > object.length) return broken(bytes, 'truncated', object.length, 'the object ends within the gzip checksum');
  if (object.readUInt32LE(at) !== crc32(bytes))
    return broken(bytes, 'corrupt', end, 'the gzip checksum does not match');
  if (object.readUInt32LE(at + 4) !== bytes.length % 2 ** 32)
    return broken(bytes, 'corrupt', end, 'the length in the gzip trailer does not match');
  return { bytes, end };
}

function broken(bytes: Buffer, kind: Damage['kind'], end: number, detail: string): Member {
  return { bytes, end, damage: { kind, detail } };
}

/** Everything that inflates before the damage: what the longest sound prefix of the input holds, found by bisection. */
async function inflateUpToError(deflated: Buffer): Promise<Buffer> {
  let best: Buffer = EMPTY;
  let sound = 0;
  let unsound = deflated.length + 1;
  for (let length = deflated.length; unsound - sound > 1; length = (sound + unsound) >> 1) {
    try {
      const options = { info: true, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES };
      best = (await inflateWithInfo(deflated.subarray(0, length), options)).buffer;
      sound = length;
    } catch (error) {
      if (!isZlibError(error)) throw error;
      unsound = length;
    }
  }
  return best;
}

const EMPTY = Buffer.alloc(0);

function tooLarge(maxBytes: number): Unzipped {
  return { bytes: EMPTY, damage: { kind: 'too-large', detail: `the object unpacks to more than ${maxBytes} bytes` } };
}

function isGzip(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
}

function nextMember(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(MAGIC, from);
  return at === -1 ? bytes.length : at;
}
const MAGIC = Buffer.from([0x1f, 0x8b, 8]);

/** Zeros pad a member to a block of a tape or a disk; they are no damage. */
function skipZeros(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0) at++;
  return at;
}

/** Where the deflated data of the member at `start` begins, after the optional header fields; undefined if it is cut off. */
function bodyOffset(bytes: Buffer, start: number): number | undefined {
  const flags = bytes[start + 3] ?? 0;
  let at = start + 10;
  if (flags & 4) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end === -1) return undefined;
    at = end + 1;
  }
  if (flags & 2) at += 2;
  return at < bytes.length ? at : undefined;
}

function isZlibError(error: unknown): error is Error & { code: string } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE');
}
