import { type CommandDeclaration, LAKE_OPTIONS } from '../../declaration.ts';

export const declaration = {
  name: 'report',
  description: [
    "Make the HTML report of one local day: its figures, the contract's numbers by hour, and the data as tables.",
    'The page goes to reports/daily/DATE.html in the lake (DATE.Europe.Berlin.html for a day in that zone) and is listed in reports/index.html. With --out it goes to a file instead.',
  ],
  subcommands: {
    daily: { what: 'make the report of one day', takes: ['date', 'timezone', 'out', 'format'] },
  },
  options: {
    date: { value: 'DATE', default: 'yesterday', what: 'the day: YYYY-MM-DD, today or yesterday' },
    timezone: { value: 'ZONE', default: 'UTC', what: 'IANA time zone of the day' },
    out: { value: 'FILE', defaultText: 'the lake', what: 'write the page to FILE: .html, .htm or no suffix' },
    format: { value: 'json', what: 'print a summary of the report on stdout, as JSON' },
  },
  shared: LAKE_OPTIONS,
  examples: ['sluice report daily --date yesterday --timezone Europe/Berlin'],
} as const satisfies CommandDeclaration;
