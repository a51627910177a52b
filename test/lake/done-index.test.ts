import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDoneIndex, findDone } from '../../lake/done-index.ts';
import { sha256 } from '../../lake/ledger.ts';

const batchName = (number: number) => sha256(`batch ${number}`).slice(0, 24);

it('finds the batch of every added content, and of no other', () =>
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(5_000), { maxLength: 300 }), contents => {
      const index = createDoneIndex();
      for (const content of contents) index.add({ sha256: sha256(`${content}`), batch: batchName(content % 7) });
      expect(index.objects).toBe(contents.length);
      const table = Buffer.from(index.bytes());
      for (const content of contents) expect(findDone(table, sha256(`${content}`))).toBe(batchName(content % 7));
      for (const other of [1, 2, 3]) expect(findDone(table, sha256(`other ${other}`))).toBeUndefined();
    }),
    { numRuns: 200, seed: 1 },
  ));

it('holds hashes with the same slot, also at the end of the table', () => {
  const index = createDoneIndex();
  const hashes = ['ffffffff', '7fffffff', '0000000f'].map(start => start.padEnd(64, '1'));
  for (const [number, hash] of hashes.entries()) index.add({ sha256: hash, batch: batchName(number) });
  for (const [number, hash] of hashes.entries()) expect(findDone(index.bytes(), hash)).toBe(batchName(number));
});

it('counts an object that is added again once, with its last batch', () => {
  const index = createDoneIndex();
  for (const number of [1, 2]) index.add({ sha256: sha256('a'), batch: batchName(number) });
  expect(index.objects).toBe(1);
  expect(findDone(index.bytes(), sha256('a'))).toBe(batchName(2));
});

it('takes less than 84 bytes per object', () => {
  const index = createDoneIndex();
  for (let content = 0; content < 20_000; content++) index.add({ sha256: sha256(`${content}`), batch: batchName(0) });
  expect(index.bytes().length / 20_000).toBeLessThanOrEqual(84);
});
