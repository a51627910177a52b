import fc from 'fast-check';
import { expect, test } from 'vitest';
import { legendNames } from '../../reports/legend.ts';

test.each([
  [
    ['device-001', 'device-002'],
    ['device-001', 'device-002'],
  ],
  // The drawn part is enough.
  [
    ['a-very-long-name-of-a-boiler', 'another-long-name-of-a-pump'],
    ['a-very-long-name-of-a-boiler', 'another-long-name-of-a-pump'],
  ],
  [
    ['factory-7:line-12:sensor-0001', 'factory-7:line-12:sensor-0002', 'a'],
    ['factory…ensor-0001', 'factory…ensor-0002', 'a'],
  ],
  [
    ['factory-building-7:line-1:temperature', 'factory-building-7:line-2:temperature'],
    ['…1:temperature', '…2:temperature'],
  ],
])('%j are called %j', (ids, names) => {
  expect(legendNames(ids)).toEqual(names);
});

test('no two devices ever have the same name, so that each has a line of its own', () => {
  const id = fc.string({ unit: fc.constantFrom(...'ab…-'), minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 10 }), ids => {
      const names = legendNames(ids);
      expect(names).toHaveLength(ids.length);
      expect(new Set(names).size).toBe(ids.length);
    }),
  );
});
