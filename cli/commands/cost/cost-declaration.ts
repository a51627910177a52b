import type { CommandDeclaration } from '../../declaration.ts';
import { PRICED_REGION } from './prices.ts';

export const declaration = {
  name: 'cost',
  description: [
    `Estimate what a fleet costs on AWS in a month of 730 hours, one line per billed item, at the list prices of ${PRICED_REGION}. Free tiers, discounts, taxes and data transfer are left out. It asks AWS nothing.`,
    'On stderr it then names what dominates the bill and what would lower it. docs/cost.md has the sources of the prices and the assumptions.',
  ],
  options: {
    devices: { value: 'N', default: '1000', what: 'number of devices, always connected' },
    interval: { value: 'SECONDS', default: '60', what: 'seconds between two readings of a device' },
    'message-bytes': { value: 'N', default: '100', what: 'bytes per message' },
    'retention-days': {
      value: 'N',
      default: '365',
      what: 'days of raw objects and Parquet in storage; the stacks delete none by themselves',
    },
    'queries-per-day': { value: 'N', default: '100', what: "Athena queries per day, each over one day's readings" },
    'api-requests-per-day': {
      value: 'N',
      default: '1800',
      what: 'requests for recent values per day; the live page makes 1800 in an hour',
    },
    tracing: { what: 'include traces in X-Ray, as "tracing": true in the stage file records them' },
    region: { value: 'REGION', default: PRICED_REGION, what: 'region of the prices; only the default has prices' },
    format: {
      value: 'FORMAT',
      default: 'table',
      what: 'table, json, csv or markdown; csv has no total, json includes the savings',
    },
  },
  shared: ['config', 'help'],
  examples: ['sluice cost --devices 1000 --interval 60'],
} as const satisfies CommandDeclaration;
