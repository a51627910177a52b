import { type CommandDeclaration, LAKE_OPTIONS } from '../../declaration.ts';

export const declaration = {
  name: 'catalog',
  description: [
    'List the event dates of readings_log with their objects, bytes and rows, and report where the catalog or a file differs from the contract. With --aws it also reports whether the stage was deployed with this contract.',
  ],
  options: {
    dt: { value: 'DATE', defaultText: 'every date', what: 'only this event date (UTC, YYYY-MM-DD)' },
    format: { value: 'FORMAT', default: 'table', what: 'table, json, csv or markdown; json includes the drift' },
  },
  shared: LAKE_OPTIONS,
  examples: ['sluice catalog', 'sluice catalog --dt 2026-11-21'],
} as const satisfies CommandDeclaration;
