/** A part that is removed from the product, or a bug planted in it, in a run that must fail: `sabotage-<name>.ts`. */
export const SABOTAGES = ['fsync', 'checkpoint', 'plan', 'append', 'consumer', 'unchecked', 'sources-first'] as const;
export type Sabotage = (typeof SABOTAGES)[number];

/** The module that plants it, for `node --import`. */
export function sabotageModule(sabotage: Sabotage): string {
  return new URL(`sabotage-${sabotage}.js`, import.meta.url).href;
}
