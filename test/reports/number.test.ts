import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixed, readable } from '../../reports/number.ts';

test.each([
  [22.45, '22.5'],
  [-22.45, '-22.5'],
  [1.05, '1.1'],
  [22.449, '22.4'],
  [19.26649465536266, '19.3'],
  [-0.04, '0.0'],
  [-0.05, '-0.1'],
  [0, '0.0'],
  [5e-324, '0.0'],
  [9.95, '10.0'],
  [1e21, '1e+21'],
  [123456789.25, '123456789.3'],
])('%d with one decimal is %s', (value, text) => {
  expect(fixed(value, 1)).toBe(text);
});

test('rounding changes a number by at most half a unit, and alike on both sides of zero', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 3 }), (value, decimals) => {
      expect(Math.abs(Number(fixed(value, decimals)) - value)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-6);
      expect(Number(fixed(-value, decimals)) + Number(fixed(value, decimals))).toBe(0);
    }),
  );
});

test.each([
  [999_999_999, 1, '999999999.0'],
  [1e9, 1, '1.00e+9'],
  [-1e18, 1, '-1.00e+18'],
  [1.7976931348623157e308, 0, '1.80e+308'],
  [4e-7, 9, '4.00e-7'],
  [4e-7, 1, '0.0'],
  [0, 9, '0.000000000'],
  [Number.POSITIVE_INFINITY, 1, 'Infinity'],
])('%d with %d decimals is read as %s', (value, decimals, text) => {
  expect(readable(value, decimals)).toBe(text);
});
