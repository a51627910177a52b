import { type CommandDeclaration, LAKE_OPTIONS } from '../../declaration.ts';

export const declaration = {
  name: 'query',
  description: [
    "Run saved queries, or any SQL in Athena's dialect, over the lake. Rows go to stdout, or to a file with --out.",
    'JSON is an array with one object per row. A bigint is a number up to 2^53 and a string above; NaN and infinities are strings; dates, timestamps (UTC) and decimals are strings. Table and Markdown show doubles to 6 digits, JSON and CSV all digits. Parquet has the types of Athena; a type that it cannot hold exactly is refused. Ctrl-C stops the query.',
  ],
  subcommands: {
    list: { what: 'list the saved queries', takes: ['format', 'queries'] },
    show: {
      what: 'show the text, parameters and example of a saved query',
      operand: { name: 'NAME', count: 'one' },
      takes: ['queries'],
    },
    run: {
      what: 'run a saved query',
      operand: { name: 'NAME', count: 'one' },
      takes: ['param', 'format', 'out', 'dry-run', 'reuse', 'queries'],
    },
    sql: {
      what: "run SQL in Athena's dialect",
      operand: { name: 'TEXT', count: 'one' },
      takes: ['format', 'out', 'dry-run', 'reuse'],
    },
  },
  options: {
    param: {
      value: 'NAME=VALUE',
      repeated: true,
      defaultText: "the query's own",
      what: 'set a parameter of the saved query; a date may be today or yesterday',
    },
    format: {
      value: 'FORMAT',
      defaultText: 'by the suffix of --out, else table',
      what: 'table, json, csv or markdown; also parquet with --out',
    },
    out: { value: 'FILE', defaultText: 'stdout', what: 'write the rows to FILE, which appears when it is complete' },
    'dry-run': { what: 'run nothing; estimate the bytes that the query reads at most, and their price on Athena' },
    reuse: { value: 'AGE', what: 'reuse an earlier result of the same query, at most AGE old: 60m, 12h, 7d' },
    queries: {
      value: 'DIR',
      defaultText: 'those that ship with Sluice',
      what: 'folder with saved queries of your own',
    },
  },
  shared: LAKE_OPTIONS,
  examples: [
    'sluice query list',
    'sluice query show daily-temperature',
    'sluice query run daily-temperature --param date=yesterday --param timezone=Europe/Berlin --format csv',
    "sluice query sql 'SELECT deviceid, count(*) AS n FROM readings GROUP BY deviceid'",
  ],
} as const satisfies CommandDeclaration;
