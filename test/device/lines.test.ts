import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../device/lines.ts';

async function* pipe(...pieces: (string | Uint8Array)[]) {
  for (const piece of pieces) yield Buffer.from(piece);
}

async function groups(...pieces: (string | Uint8Array)[]): Promise<string[][]> {
  const found: string[][] = [];
  for await (const lines of linesOf(pipe(...pieces))) found.push(lines.map(line => line.toString()));
  return found;
}

test('lines arrive once complete, those of one piece together', async () => {
  expect(await groups('a\nb', 'c\n', 'd', 'e\r\nf\n\n', '\r\n', 'g')).toEqual([['a'], ['bc'], ['de', 'f'], ['g']]);
});

test('no bytes give no lines', async () => {
  expect(await groups()).toEqual([]);
  expect(await groups('\n', '', '\r\n')).toEqual([]);
});

test('however a text is split, its lines are the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r', '{', ' ') }), { maxLength: 12 }),
      fc.array(fc.nat(9), { maxLength: 12 }),
      async (parts, sizes) => {
        const bytes = Buffer.from(parts.join(''));
        const pieces: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        const expected = bytes
          .toString()
          .split(/\r?\n/)
          .map((line, index, all) => (index === all.length - 1 ? line.replace(/\r$/, '') : line));
        expect((await groups(...pieces, bytes.subarray(at))).flat()).toEqual(expected.filter(line => line !== ''));
      },
    ),
    { numRuns: 2_000, seed: 8 },
  );
});

test('gzip is refused with what to do', async () => {
  await expect(groups(Buffer.from([0x1f, 0x8b, 8, 0]))).rejects.toMatchObject({
    todo: expect.stringContaining('gzip -dc'),
  });
});

test('a pipe without newlines is refused before it fills the memory', async () => {
  const piece = Buffer.alloc(1024 * 1024, 0x61);
  await expect(groups(...Array.from({ length: 17 }, () => piece))).rejects.toMatchObject({
    name: 'UserError',
    todo: expect.stringContaining('jq -c'),
  });
});
