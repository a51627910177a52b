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

/** A count with thousands separated: 9,995. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
