/** From a month's quantities to its bill. */
import { countMonth, type LakeShape, type Month, type Plan, type Workload } from './month.ts';
import { type ListPrice, PRICES, type PriceName } from './prices.ts';

/** One line of the bill; an item whose price has tiers has a line for each that is used. */
export interface CostLine {
  service: string;
  item: string;
  /** In `unit`s. */
  quantity: number;
  unit: string;
  unitPriceUsd: number;
  monthlyUsd: number;
}

/** The bill of a month. */
export interface Estimate {
  lines: CostLine[];
  totalUsd: number;
}

/** What a fleet costs in a month at list prices, free tiers left out. */
export function estimateCost(workload: Workload, shape: LakeShape, plan: Plan = {}): Estimate {
  return bill(countMonth(workload, shape, plan));
}

/** Prices the quantities of a month, in the order of the prices. */
export function bill(month: Month): Estimate {
  const names = Object.keys(PRICES) as PriceName[];
  const lines = names.flatMap(name => {
    const price: ListPrice = PRICES[name];
    // `after` names a price; a test checks that it exists.
    const before = price.after === undefined ? 0 : month[price.after as PriceName];
    return linesOf(price, month[name], before);
  });
  return { lines, totalUsd: lines.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0) };
}

/** The lines for `quantity` units that follow `before` others; a quantity of zero is one line of the first tier. */
function linesOf({ service, item, unit, tiers }: ListPrice, quantity: number, before: number): CostLine[] {
  let from = 0;
  const lines: CostLine[] = [];
  for (const { upTo = Number.POSITIVE_INFINITY, usd } of tiers) {
    const within = Math.min(before + quantity, upTo) - Math.max(before, from);
    if (within > 0 || (quantity === 0 && from === 0)) {
      const name = from === 0 ? item : `${item}, above ${from.toLocaleString('en-US')}`;
      const units = Math.max(within, 0);
      lines.push({ service, item: name, quantity: units, unit, unitPriceUsd: usd, monthlyUsd: units * usd });
    }
    from = upTo;
  }
  return lines;
}
