/**
 * Formats a number with the given decimals, rounding its decimal digits half away from zero: 22.45 becomes 22.5 and
 * -22.45 becomes -22.5, though the double nearest to 22.45 is below it. Never `-0.0`.
 */
export function fixed(value: number, decimals: number): string {
  const size = Math.abs(value);
  // Outside this range, a double's text already has an exponent, and the value has no such tie.
  const rounded =
    size < 1e-6 || size >= 1e15 ? size : Number(`${Math.round(Number(`${size}e${decimals}`))}e-${decimals}`);
  const text = rounded.toFixed(decimals);
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

/** Numbers from here up are written with an exponent, because their digits are too many to count. */
const LARGE = 1e9;
/** Numbers below this are written with an exponent, because their decimals are too many to read. */
const SMALL = 1e-6;

/** A number as in `fixed`, or as `1.25e+18` or `4.00e-7` if that would be too many digits or only zeros. */
export function readable(value: number, decimals: number): string {
  const size = Math.abs(value);
  const hasExponent = Number.isFinite(value) && (size >= LARGE || (size > 0 && size < SMALL && decimals > 6));
  return hasExponent ? value.toExponential(2) : fixed(value, decimals);
}

/** A count with thousands separators: 9,995. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
