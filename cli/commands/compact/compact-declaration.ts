import { type CommandDeclaration, LAKE_OPTIONS } from '../../declaration.ts';

export const declaration = {
  name: 'compact',
  description: [
    'Merge the small Parquet objects of each event date into one, so that queries read fewer files. No row is missing at any moment, and the next run finishes one that was interrupted.',
  ],
  options: {
    dt: { value: 'DATE', defaultText: 'every date', what: 'only this event date (UTC, YYYY-MM-DD)' },
    'min-age-minutes': { value: 'N', default: '10', what: 'leave objects that are younger than N minutes' },
    format: { value: 'FORMAT', default: 'table', what: 'table, json, csv or markdown' },
  },
  shared: LAKE_OPTIONS,
  examples: ['sluice compact', 'sluice compact --dt 2026-11-21'],
} as const satisfies CommandDeclaration;
