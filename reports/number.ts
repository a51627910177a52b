/**
 * A number with so many decimals, rounded half away from zero as its decimal digits read: 22.45 is 22.5 and -22.45 is
 * -22.5, though the double nearest to 22.45 lies below it. Never `-0.0`.
 */
export function fixed(value: number, decimals: number): string {
  const size = Math.abs(value);
  // Outside this range a double's text has an exponent of its own; such a value has no such tie either.
  const rounded =
    size < 1e-6 || size >= 1e15 ? size : Number(`${Math.round(Number(`${size}e${decimals}`))}e-${decimals}`);
  const text = rounded.toFixed(decimals);
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

/** Numbers of this size and more are written with an exponent: nobody counts their digits. */
const LARGE = 1e9;
/** Decimals beyond this show nothing that the eye takes in. */
const SMALL = 1e-6;

/** A number as `fixed` writes it, or as `1.25e+18` or `4.00e-7` where that would be all digits or all zeros. */
export function readable(value: number, decimals: number): string {
  const size = Math.abs(value);
  const hasExponent = Number.isFinite(value) && (size >= LARGE || (size > 0 && size < SMALL && decimals > 6));
  return hasExponent ? value.toExponential(2) : fixed(value, decimals);
}

/** A count with thousands separated: 9,995. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
