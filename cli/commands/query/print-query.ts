/** Prints the rows of a query, or an estimate of what it would read. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../../contract/user-error.ts';
import { publishFile } from '../../../infra/emulator/index.ts';
import type { BoundQuery } from '../../../queries/bind.ts';
import type { QueryResult, QueryStatistics } from '../../../queries/run-query.ts';
import type { Effects } from '../../command.ts';
import { type Format, formatRows, writeRows } from '../../format.ts';
import { openLake } from '../../open-lake.ts';
import { athenaCostUsd } from '../cost/athena-cost.ts';

/** Parquet is for files only: it is binary, and its footer comes last. */
export type QueryFormat = Format | 'parquet';

export interface RunOptions {
  format: QueryFormat;
  /** The file to write the rows to. */
  out?: string | undefined;
  data?: string | undefined;
  config?: string | undefined;
  aws?: boolean | undefined;
  stage?: string | undefined;
  reuseMinutes?: number | undefined;
}

/** Runs a bound query and prints its rows, then its statistics on stderr. Throws a `UserError` if the query fails. */
export async function printQuery(query: BoundQuery, options: RunOptions, effects: Effects): Promise<0> {
  // Loaded only here: list, show and usage errors need no AWS client.
  const { runQuery } = await import('../../../queries/run-query.ts');
  const { lake, close } = await openLake({ ...options, cwd: effects.cwd, stderr: effects.stderr });
  try {
    const { reuseMinutes } = options;
    const asked = { ...query, ...(reuseMinutes === undefined ? {} : { reuseMinutes }) };
    const result = await runQuery(lake, asked, { signal: effects.signal });
    const count = await output(result, options, effects);
    effects.stderr(`${statisticsText(count, result.statistics)}\n`);
    if (count === 0 && hasReadNothing(result.statistics)) effects.stderr(NOTHING_READ);
    return 0;
  } finally {
    await close();
  }
}

const NOTHING_READ =
  'The query read no file of the lake. List the dates that have readings: sluice catalog\n' +
  'Readings that were just published reach the lake later: after 15 s with sluice up, 6 to 9 minutes on AWS.\n';

/** Newcomers often start with a dt, or a saved query's date, that has no readings. */
function hasReadNothing({ bytesScanned, reused, statementType }: QueryStatistics): boolean {
  return bytesScanned === 0 && !reused && statementType === 'DML';
}

async function output({ columns, rows }: QueryResult, { format, out }: RunOptions, effects: Effects): Promise<number> {
  const file = out === undefined ? undefined : path.resolve(effects.cwd, out);
  const count = { rows: 0 };
  if (format === 'parquet') {
    if (file === undefined) throw new Error('Parquet goes to a file.');
    const { parquetRows } = await import('./parquet-rows.ts');
    await publishFile(file, parquetRows(columns, rows, count));
  } else {
    const names = columns.map(({ name }) => name);
    const printable = { names, types: columns.map(({ type }) => type), rows, format };
    if (file === undefined) return (await writeRows(printable, effects)).rows;
    await publishFile(file, encoded(formatRows(printable, count)));
  }
  effects.stderr(`Wrote ${file}\n`);
  return count.rows;
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text);
}

/** Prints the maximum that a query reads, and its cost, without running it. */
export async function printEstimate(query: BoundQuery, options: RunOptions, effects: Effects): Promise<0> {
  const { format } = options;
  if (options.out !== undefined || format === 'parquet')
    throw new UserError('--dry-run writes no file.', { exitCode: 2, todo: 'Leave out --out.' });
  const { estimateQuery } = await import('./dry-run.ts');
  const { lake, close } = await openLake({ ...options, cwd: effects.cwd, stderr: effects.stderr });
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-estimate-'));
  try {
    const { partitions, files, bytes } = await estimateQuery(lake, query, folder, effects.now());
    const costUsd = athenaCostUsd(bytes);
    const names = ['partitions', 'files', 'bytes', 'cost_usd'];
    await writeRows({ names, rows: [[partitions, files, bytes, costUsd]], format }, effects);
    effects.stderr(`Nothing was run. The query reads at most ${bytesText(bytes)}: $${costUsd.toFixed(5)} on Athena.\n`);
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await close();
  }
}

/** `3 rows, 0.12 s, 45.2 KB scanned, $0.00005 on Athena` */
export function statisticsText(rows: number, statistics: QueryStatistics): string {
  const { engineMs, bytesScanned, reused, statementType } = statistics;
  // A CREATE TABLE AS is DDL too, and is billed by what it scans.
  const isFree = reused || (statementType !== 'DML' && bytesScanned === 0);
  const parts = [
    `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`,
    `${(engineMs / 1000).toFixed(2)} s`,
    `${bytesText(bytesScanned)} scanned`,
    isFree ? 'free on Athena' : `$${athenaCostUsd(bytesScanned).toFixed(5)} on Athena`,
  ];
  return reused ? `${parts.join(', ')}, an earlier result reused` : parts.join(', ');
}

function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
