/** The checksums that S3 keeps beside an object (Amazon S3 user guide, "Checking object integrity"). */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { startCrc32c } from '../disk/crc32c.ts';

export const ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumAlgorithm = (typeof ALGORITHMS)[number];

/** As in `x-amz-checksum-<algorithm>`: base64. */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  value: string;
}

/** `CRC32` and the like, as headers name algorithms; undefined for one that is not known here. */
export function parseAlgorithm(name: string): ChecksumAlgorithm | undefined {
  return ALGORITHMS.find(algorithm => algorithm === name.toLowerCase());
}

export const CHECKSUM_BYTES: Record<ChecksumAlgorithm, number> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
};

/** A running checksum. */
export interface ChecksumState {
  update(bytes: Uint8Array): void;
  /** Raw, big-endian. Call it once. */
  digest(): Buffer;
}

export function startChecksum(algorithm: ChecksumAlgorithm): ChecksumState {
  switch (algorithm) {
    case 'crc32':
      return startCrc32();
    case 'crc32c':
      return bytesOf(startCrc32c());
    case 'crc64nvme':
      return startCrc64();
    default:
      return startHash(algorithm);
  }
}

/** The checksum of bytes that are all at hand, in base64. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  const state = startChecksum(algorithm);
  state.update(bytes);
  return state.digest().toString('base64');
}

function startHash(algorithm: 'sha1' | 'sha256'): ChecksumState {
  const hash = createHash(algorithm);
  return { update: bytes => void hash.update(bytes), digest: () => hash.digest() };
}

function startCrc32(): ChecksumState {
  let crc = 0;
  return {
    update: bytes => {
      crc = crc32(bytes, crc);
    },
    digest: () => bigEndian(crc),
  };
}

// NVMe's reflected polynomial, in two halves.
const CRC64_HIGH = 0x9a6c9329;
const CRC64_LOW = 0xac4bc9b5;

let crc64Tables: { high: Uint32Array; low: Uint32Array } | undefined;

function startCrc64(): ChecksumState {
  crc64Tables ??= makeCrc64Tables();
  const tables = crc64Tables;
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: bytes => {
      for (const byte of bytes) {
        const index = (low ^ byte) & 255;
        low = ((low >>> 8) | (high << 24)) ^ (tables.low[index] as number);
        high = (high >>> 8) ^ (tables.high[index] as number);
      }
    },
    digest: () => Buffer.concat([bigEndian(~high >>> 0), bigEndian(~low >>> 0)]),
  };
}

function makeCrc64Tables(): { high: Uint32Array; low: Uint32Array } {
  const tables = { high: new Uint32Array(256), low: new Uint32Array(256) };
  for (let index = 0; index < 256; index++) {
    let high = 0;
    let low = index;
    for (let bit = 0; bit < 8; bit++) {
      const odd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (odd === 0) continue;
      high ^= CRC64_HIGH;
      low ^= CRC64_LOW;
    }
    tables.high[index] = high;
    tables.low[index] = low;
  }
  return tables;
}

function bytesOf({ update, value }: ReturnType<typeof startCrc32c>): ChecksumState {
  return { update, digest: () => bigEndian(value()) };
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
