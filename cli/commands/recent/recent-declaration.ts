import type { CommandDeclaration } from '../../declaration.ts';

export const declaration = {
  name: 'recent',
  description: ["Ask the hot path for a device's newest readings, newest first."],
  operand: { name: 'DEVICE', count: 'one' },
  options: {
    limit: { value: 'N', defaultText: '30', what: 'how many readings, 1 to 1000' },
    before: { value: 'TIME', what: 'only readings before TIME (ISO 8601)' },
    format: { value: 'FORMAT', default: 'table', what: 'table, json, csv or markdown' },
  },
  shared: ['data', 'aws', 'stage', 'help'],
  examples: ['sluice recent device-001 --limit 5 --format json'],
} as const satisfies CommandDeclaration;
