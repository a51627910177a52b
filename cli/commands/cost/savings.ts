/**
 * The services that dominate a bill, and the changes that would lower it: each change is estimated by counting the
 * month again.
 */
import { IOT_MAX_PAYLOAD_BYTES } from '../../../contract/contract.ts';
import type { LakeShape, Plan, Workload } from './month.ts';
import { type CostLine, type Estimate, estimateCost } from './monthly-bill.ts';

/** A change, and what it saves in a month. */
export interface Saving {
  what: string;
  monthlyUsd: number;
  /** What it requires; absent where it is only a setting. */
  needs?: string;
}

/** A service's share of the bill, from 0 to 1. */
export interface Share {
  service: string;
  monthlyUsd: number;
  share: number;
}

/** The services of the bill, largest first. */
export function shares({ lines, totalUsd }: Estimate): Share[] {
  const sums = new Map<string, number>();
  for (const { service, monthlyUsd } of lines) sums.set(service, (sums.get(service) ?? 0) + monthlyUsd);
  return [...sums]
    .map(([service, monthlyUsd]) => ({ service, monthlyUsd, share: monthlyUsd / totalUsd }))
    .sort((a, b) => b.monthlyUsd - a.monthlyUsd);
}

/** The most expensive line. */
export function largestLine({ lines }: Estimate): CostLine | undefined {
  return [...lines].sort((a, b) => b.monthlyUsd - a.monthlyUsd)[0];
}

const FEWER = 5;
const BATCH = 10;
const HOT_DAYS = 7;

/** Changes that would save a cent or more, the largest first. */
export function savings(workload: Workload, shape: LakeShape): Saving[] {
  const { totalUsd } = estimateCost(workload, shape);
  const without = (change: { workload?: Workload; shape?: LakeShape; plan?: Plan }) =>
    totalUsd - estimateCost(change.workload ?? workload, change.shape ?? shape, change.plan).totalUsd;
  const longer = { ...workload, intervalSeconds: workload.intervalSeconds * FEWER };
  const all: Saving[] = [
    { what: `A reading every ${longer.intervalSeconds} s`, monthlyUsd: without({ workload: longer }) },
    {
      what: `${BATCH} readings in a message`,
      monthlyUsd: without({ plan: { readingsPerMessage: BATCH } }),
      needs: 'a contract that takes several readings from a message',
    },
    {
      what: 'Basic Ingest',
      monthlyUsd: without({ plan: { basicIngest: true } }),
      needs: "devices that publish to $aws/rules/…, which the stacks' device policy does not allow",
    },
    {
      what: 'No hot path',
      monthlyUsd: without({ plan: { withoutHotPath: true } }),
      needs: 'stacks without the stream, the hot table and the API',
    },
    ...(shape.hotDays <= HOT_DAYS
      ? []
      : [
          {
            what: `hotDays: ${HOT_DAYS} in the contract`,
            monthlyUsd: without({ shape: { ...shape, hotDays: HOT_DAYS } }),
          },
        ]),
  ];
  const fits = workload.messageBytes * BATCH <= IOT_MAX_PAYLOAD_BYTES;
  return all
    .filter(({ what, monthlyUsd }) => monthlyUsd >= 0.01 && (fits || !what.startsWith(`${BATCH} readings`)))
    .sort((a, b) => b.monthlyUsd - a.monthlyUsd);
}
