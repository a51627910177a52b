import { type CommandDeclaration, LAKE_OPTIONS } from '../../declaration.ts';

export const declaration = {
  name: 'reprocess',
  description: [
    "Read the lake's own errors/ or raw/ again with the contract as it is now: after the contract has learned to accept what it rejected, or after a delivery that failed. Records that are still rejected stay where they are. Running the command again changes nothing.",
    'raw reads everything that arrived. Records that were delivered before are then twice in readings_log, and once in the view readings.',
  ],
  subcommands: {
    errors: {
      what: 'read what was rejected, or could not be delivered or passed on (the default)',
      takes: ['from', 'to', 'dry-run', 'format'],
    },
    raw: { what: 'read everything that arrived; needs --from', takes: ['from', 'to', 'dry-run', 'format'] },
  },
  defaultSubcommand: 'errors',
  options: {
    from: { value: 'DATE', defaultText: 'all; required for raw', what: 'first date of arrival (UTC, YYYY-MM-DD)' },
    to: { value: 'DATE', defaultText: 'all', what: 'last date of arrival' },
    'dry-run': { what: 'read and count, write nothing' },
    format: { value: 'FORMAT', default: 'table', what: 'print the report as a table on stderr, or as json on stdout' },
  },
  shared: LAKE_OPTIONS,
  exit3: 'done, but some records are still rejected.',
  examples: ['sluice reprocess errors --from 2026-11-20', 'sluice reprocess raw --from 2026-11-20 --dry-run'],
} as const satisfies CommandDeclaration;
