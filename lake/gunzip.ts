import { promisify } from 'node:util';
import { gunzip, type ZlibOptions } from 'node:zlib';
import { inflateMember, inflateUpToError, isZlibError } from './gzip-member.ts';

/** Why an object could not be read whole. */
export interface Damage {
  kind: 'truncated' | 'corrupt' | 'trailing-garbage' | 'too-large' | 'not-gzip' | 'other-format';
  detail: string;
}

export interface Unzipped {
  /** The bytes read; for a damaged object, everything before (and between) the damage. */
  bytes: Buffer;
  damage?: Damage;
}

/** Maximum unzipped size of one object: 512 MiB. 100 KB of gzip can unpack to 100 MiB. */
export const MAX_OBJECT_BYTES = 512 * 1024 * 1024;

/**
 * Unzips an object of one or more gzip members (RFC 1952); returns plain text as it is. Reports bad bytes and never
 * throws for them. A member that is cut short, fails its checksum or is followed by other data keeps what it held up
 * to there, and later members are read if they are whole. Returns nothing if the result exceeds `maxBytes`. The work
 * is proportional to the object and what it unpacks to: the search for members after damage is limited.
 */
export async function unzip(object: Buffer, { maxBytes = MAX_OBJECT_BYTES } = {}): Promise<Unzipped> {
  if (!isGzip(object, 0)) return readPlain(object, maxBytes);
  try {
    const options = { info: true, maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES };
    const { buffer, engine } = await gunzipWithInfo(object, options);
    // Node stops without an error at the first zero byte after a member, whatever follows.
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
// With `info`, zlib also passes the engine to the callback; @types/node does not declare it.
const gunzipWithInfo = promisify(gunzip) as unknown as WithInfo;

const CHUNK_BYTES = 256 * 1024;
/** Maximum bytes inflated in vain while searching for the next whole member after damage; then the rest is given up. */
const MAX_VAIN_BYTES = 128 * 1024 * 1024;
/** Members read before yielding to other work. */
const MEMBERS_AT_ONCE = 256;

function readPlain(object: Buffer, maxBytes: number): Unzipped {
  if (object.length > maxBytes) return tooLarge(maxBytes);
  if (object.length > 0 && object.length < 3 && object[0] === 0x1f)
    return { bytes: EMPTY, damage: { kind: 'truncated', detail: 'the object ends within the gzip header' } };
  // Git's test for binary data.
  if (object.subarray(0, 8_000).includes(0))
    return { bytes: EMPTY, damage: { kind: 'not-gzip', detail: 'the object is neither gzip nor text' } };
  return { bytes: object };
}

/** Reads member by member; after a broken one, continues with the next whole one. */
async function salvage(object: Buffer, maxBytes: number): Promise<Unzipped> {
  const parts: Buffer[] = [];
  let damage: Damage | undefined;
  let length = 0;
  let at = 0;
  let vainBytes = 0;
  for (let members = 1; at < object.length; members++) {
    if (members % MEMBERS_AT_ONCE === 0) await new Promise(resolve => setImmediate(resolve));
    if (vainBytes > MAX_VAIN_BYTES) {
      damage = { kind: 'corrupt', detail: `${damage?.detail ?? ''}; the search stopped at byte ${at}` };
      break;
    }
    // After damage, bytes that look like the start of a member must pass their checksum.
    const isTrusted: boolean = damage === undefined;
    const member = await inflateMember(object, at, maxBytes - length);
    if (member.kind === 'too-large' && isTrusted) return tooLarge(maxBytes);
    if (member.kind === 'whole' || isTrusted) {
      const bytes = member.bytes ?? (await inflateUpToError(object.subarray(member.body)));
      parts.push(bytes);
      length += bytes.length;
    } else vainBytes += member.spentBytes;
    if (member.kind !== 'whole') damage ??= { kind: member.kind, detail: member.detail };
    at = member.kind === 'whole' ? skipZeros(object, member.end) : nextMember(object, member.end);
    if (at >= object.length || isGzip(object, at)) continue;
    damage ??= { kind: 'trailing-garbage', detail: `${object.length - at} bytes from byte ${at} on are not gzip` };
    at = nextMember(object, at);
  }
  return { bytes: Buffer.concat(parts, length), ...(damage === undefined ? {} : { damage }) };
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

/** Zeros that pad a member to a tape or disk block are not damage. */
function skipZeros(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0) at++;
  return at;
}
