import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unzip } from '../../lake/gunzip.ts';

const lines = Array.from(
  { length: 2_000 },
  (_, index) => `{"n":${index},"h":"${(index * 2654435761) % 4294967296}"}\n`,
);
const first = Buffer.from(lines.slice(0, 1_000).join(''));
const second = Buffer.from(lines.slice(1_000).join(''));
const both = Buffer.concat([first, second]);
const [zippedFirst, zippedSecond] = [gzipSync(first), gzipSync(second)];

it('reads one member, several, and padding with zeros', async () => {
  expect(await unzip(zippedFirst)).toEqual({ bytes: first });
  expect(await unzip(Buffer.concat([zippedFirst, zippedSecond]))).toEqual({ bytes: both });
  expect(await unzip(Buffer.concat([zippedFirst, Buffer.alloc(512)]))).toEqual({ bytes: first });
  expect(await unzip(Buffer.concat([zippedFirst, Buffer.alloc(512), zippedSecond]))).toEqual({ bytes: both });
});

it('reads a member with every optional header field', async () => {
  const header = Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, 0x61, 0, 0x62, 0]);
  const member = Buffer.concat([header, zippedFirst.subarray(10)]);
  expect(await unzip(member)).toEqual({ bytes: first });
  // Followed by garbage, it takes the other code path.
  expect((await unzip(Buffer.concat([member, Buffer.from('x')]))).bytes).toEqual(first);
});

it('returns text as it is, and nothing for nothing', async () => {
  expect(await unzip(Buffer.from('{"a":1}'))).toEqual({ bytes: Buffer.from('{"a":1}') });
  expect(await unzip(Buffer.alloc(0))).toEqual({ bytes: Buffer.alloc(0) });
});

it.each([
  ['zlib', deflateSync(Buffer.concat([first, randomBytes(10_000)]))],
  ['a Parquet file', Buffer.from('PAR1\u0015\u0000\u0015')],
])('refuses %s as not gzip', async (_name, bytes) => {
  expect(await unzip(bytes)).toEqual({ bytes: Buffer.alloc(0), damage: expect.objectContaining({ kind: 'not-gzip' }) });
});

describe('a truncated object', () => {
  it.each([0.1, 0.5, 0.9])('gives what is before the cut (%d of it)', async share => {
    const { bytes, damage } = await unzip(zippedFirst.subarray(0, Math.floor(zippedFirst.length * share)));
    expect(damage?.kind).toBe('truncated');
    expect(first.subarray(0, bytes.length)).toEqual(bytes);
    expect(bytes.length).toBeGreaterThan(first.length * (share - 0.1));
  });

  it('gives everything when only the checksum is cut', async () => {
    const result = await unzip(Buffer.concat([zippedFirst, zippedSecond.subarray(0, -3)]));
    expect(result).toEqual({ bytes: both, damage: expect.objectContaining({ kind: 'truncated' }) });
  });

  it.each([1, 2, 5, 10])('of %d bytes gives nothing', async length => {
    const result = await unzip(zippedFirst.subarray(0, length));
    expect(result).toEqual({ bytes: Buffer.alloc(0), damage: expect.objectContaining({ kind: 'truncated' }) });
  });
});

describe('a corrupt object', () => {
  it('with a wrong checksum gives all of its bytes, and the next member', async () => {
    const wrong = Buffer.from(zippedFirst);
    wrong[wrong.length - 8] = ~(wrong.at(-8) ?? 0);
    const result = await unzip(Buffer.concat([wrong, zippedSecond]));
    expect(result).toEqual({ bytes: both, damage: expect.objectContaining({ kind: 'corrupt' }) });
  });

  it('in the middle of a member gives what is before, and the next member', async () => {
    const wrong = Buffer.from(zippedFirst);
    wrong.fill(0xff, wrong.length / 2, wrong.length / 2 + 20);
    const { bytes, damage } = await unzip(Buffer.concat([wrong, zippedSecond]));
    expect(damage?.kind).toBe('corrupt');
    expect(bytes.subarray(0, first.length / 4)).toEqual(first.subarray(0, first.length / 4));
    expect(bytes.subarray(-second.length)).toEqual(second);
  });
});

it('reports garbage after a member, or between two, and reads both', async () => {
  const garbage = Buffer.from('<html>');
  expect(await unzip(Buffer.concat([zippedFirst, garbage]))).toEqual({
    bytes: first,
    damage: { kind: 'trailing-garbage', detail: expect.stringContaining(`6 bytes from byte ${zippedFirst.length} `) },
  });
  expect((await unzip(Buffer.concat([zippedFirst, garbage, zippedSecond]))).bytes).toEqual(both);
  expect((await unzip(Buffer.concat([zippedFirst, Buffer.alloc(1), garbage]))).damage?.kind).toBe('trailing-garbage');
});

describe('the bound', () => {
  const bomb = gzipSync(Buffer.alloc(8_000_000, 0x20));

  it('refuses a gzip bomb, also one in members and one that is damaged', async () => {
    const damage = { kind: 'too-large', detail: 'the object unpacks to more than 1000000 bytes' };
    const limit = { maxBytes: 1_000_000 };
    expect(await unzip(bomb, limit)).toEqual({ bytes: Buffer.alloc(0), damage });
    expect(await unzip(Buffer.concat([zippedFirst, bomb]), limit)).toEqual({ bytes: Buffer.alloc(0), damage });
    expect(await unzip(bomb.subarray(0, -9), limit)).toEqual({ bytes: Buffer.alloc(0), damage });
    expect(await unzip(Buffer.alloc(1_000_001, 0x20), limit)).toEqual({ bytes: Buffer.alloc(0), damage });
  });

  it('accepts an object of exactly that size', async () => {
    expect(await unzip(zippedFirst, { maxBytes: first.length })).toEqual({ bytes: first });
  });
});

describe('an object of many members, of which one is damaged', () => {
  const members = Array.from({ length: 1_000 }, (_, index) => gzipSync(Buffer.from(`{"n":${index}}\n`)));
  const text = (from: number) => members.map((_, index) => (index < from ? '' : `{"n":${index}}\n`)).join('');
  const damaged = (at: number) => {
    const copies = members.map(member => Buffer.from(member));
    copies[at]?.writeUInt32LE(0xdeadbeef, (copies[at]?.length ?? 0) - 8);
    return Buffer.concat(copies);
  };

  it.each([0, 500, 999])('gives the others, in little memory (the one at %d)', async at => {
    let mostBytes = 0;
    const before = process.memoryUsage().arrayBuffers;
    const sampler = setInterval(() => {
      mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers - before);
    }, 0);
    const { bytes, damage } = await unzip(damaged(at)).finally(() => clearInterval(sampler));
    expect(damage?.kind).toBe('corrupt');
    // The bytes of the first member that fails its checksum are kept: nothing shows which of them are wrong.
    expect(bytes.equals(Buffer.from(text(0)))).toBe(true);
    expect(mostBytes).toBeLessThan(64 * 1024 * 1024);
  });

  it('is not lost behind bytes that only look like a truncated member', async () => {
    // The start of a member whose single stored block would extend beyond the object's end.
    const lookalike = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0, 0xff, 0xff, 0, 0]);
    const { bytes, damage } = await unzip(Buffer.concat([damaged(0), lookalike, zippedSecond]));
    expect(damage?.kind).toBe('corrupt');
    expect(bytes.subarray(-second.length).equals(second)).toBe(true);
  });
});

it('ends its search in an object of only member starts', async () => {
  const starts = Buffer.alloc(1_000_000, Buffer.from([0x1f, 0x8b, 8, 8]));
  const { bytes, damage } = await unzip(starts);
  expect([bytes.length, damage?.kind]).toEqual([0, 'corrupt']);
});
