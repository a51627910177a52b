import { type CommandDeclaration, LAKE_OPTIONS } from '../../declaration.ts';

export const declaration = {
  name: 'backfill',
  usage: ['backfill SOURCE… [options]', 'backfill --aws [--stage NAME] --follow RUN | --redrive RUN | --stop RUN'],
  description: [
    "Read gzipped (or plain) objects of JSON records into the lake. A SOURCE is a folder, a file or s3://bucket/prefix. Records may be one per line, concatenated, or pretty-printed; they may be messages as devices send them, or the lake's own raw objects.",
    'Rejected records and damaged objects are counted and kept under errors/. Running the command again changes nothing; after an interruption it continues.',
    'With --aws the lake is the deployed one. This machine reads folders and files; AWS reads s3:// sources, in many functions at once, while the command follows. Ctrl-C stops following, not the backfill.',
  ],
  operand: { name: 'SOURCE', count: 'any' },
  options: {
    from: {
      value: 'DATE',
      defaultText: "the contract's since",
      what: 'first event date to read (UTC, YYYY-MM-DD); good records before it are skipped',
    },
    to: {
      value: 'DATE',
      defaultText: 'as far ahead as the contract accepts',
      what: 'last event date to read',
    },
    'dry-run': { what: 'read and count, write nothing' },
    follow: { value: 'RUN', what: 'follow a backfill that was started on AWS' },
    redrive: { value: 'RUN', what: 'continue one that failed or was stopped, with the batches that were not read' },
    stop: { value: 'RUN', what: 'stop one' },
    format: { value: 'FORMAT', default: 'table', what: 'print the report as a table on stderr, or as json on stdout' },
  },
  shared: LAKE_OPTIONS,
  exit3: 'done, but some records were rejected or some objects damaged.',
  examples: [
    'sluice backfill s3://sluice-lake/raw/ --dry-run',
    'sluice backfill ./firehose-export s3://old-bucket/2026/ --from 2026-01-01',
    'sluice backfill --aws s3://old-bucket/2026/',
  ],
} as const satisfies CommandDeclaration;
