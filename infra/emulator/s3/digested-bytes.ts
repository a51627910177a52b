import { createHash } from 'node:crypto';
import { type Checksum, type ChecksumAlgorithm, startChecksum } from './checksum.ts';

/** What bytes turned out to be, once they were all taken. */
export interface BytesDigest {
  size: number;
  md5: Buffer;
  checksums: Checksum[];
}

export interface DigestedBytes {
  bytes: AsyncIterable<Buffer>;
  /** Only after all bytes were taken. */
  digest(): BytesDigest;
}

/** Passes bytes through, and digests them on the way. `verify` sees the digest before the last is over, and may throw. */
export function digestedBytes(
  source: AsyncIterable<Buffer>,
  algorithms: Iterable<ChecksumAlgorithm>,
  verify: (digest: BytesDigest) => void = () => {},
): DigestedBytes {
  let digest: BytesDigest | undefined;

  async function* bytes(): AsyncGenerator<Buffer> {
    const md5 = createHash('md5');
    const sums = [...new Set(algorithms)].map(algorithm => ({ algorithm, state: startChecksum(algorithm) }));
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      md5.update(chunk);
      for (const { state } of sums) state.update(chunk);
      yield chunk;
    }
    const checksums = sums.map(({ algorithm, state }) => ({ algorithm, value: state.digest().toString('base64') }));
    const found = { size, md5: md5.digest(), checksums };
    verify(found);
    digest = found;
  }

  return {
    bytes: bytes(),
    digest() {
      if (digest === undefined) throw new Error('The bytes were not read to their end.');
      return digest;
    },
  };
}
