import type { Contract } from '../contract/contract.ts';

const NO_UNITS = 'data-units="{}"';

/**
 * The live page for a contract: `html` is the content of `live.html`, to which this adds the measures' units as data.
 */
export function livePage(html: string, { columns }: Contract): string {
  const units = columns.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit] as const]));
  const text = JSON.stringify(Object.fromEntries(units));
  const attribute = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  // A function, because `$&` in a string would count as a pattern.
  return html.replace(NO_UNITS, () => `data-units="${attribute}"`);
}
