/** UNLOAD: a query's rows as files, without a table. */

import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { locationFolder } from '../catalog/s3-location.ts';
import { StatementError } from '../language/statement-error.ts';
import { readTokens, type TokenReader } from '../language/token-reader.ts';
import { checkQueryTypes, type OpenQuery, withQuery } from '../read/open-query.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { ROWS_COLUMN, storedSelect, tableColumns } from './stored-columns.ts';
import { codecOption, namesOption, onlyOptions, readOptions, type TableOptions, textOption } from './table-options.ts';
import { requireEmpty, type Written, writeManifest, writeRows } from './write-rows.ts';
import { type TextFormat, writeText } from './write-text.ts';

interface Unload {
  select: string;
  location: string;
  options: TableOptions;
}

/** `UNLOAD (query) TO 's3://…' WITH (format = …)`: Parquet, JSON or text files below an empty location. */
export async function unload(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  const { select, location, options } = parseUnload(query.sql);
  onlyOptions(options, ['format', 'compression', 'partitioned_by', 'field_delimiter'], 'UNLOAD');
  const format = textOption(options, 'format')?.toUpperCase();
  if (format === undefined) throw new StatementError('SYNTAX_ERROR: UNLOAD needs a format property');
  if (!['PARQUET', 'JSON', 'TEXTFILE'].includes(format)) throw notSupported(`UNLOAD with format ${format}`);
  const folder = locationFolder(location, place.s3Root);
  await requireEmpty(folder, location, 'unload');
  const run = async (open: OpenQuery) => {
    await checkQueryTypes(open);
    const written = await write(open, { query, options, format, folder, s3Root: place.s3Root });
    const manifestLocation = await writeManifest(query, written.files, place.s3Root);
    const { scannedBytes } = open;
    return { columns: ROWS_COLUMN, rows: 0, scannedBytes, updateCount: written.rows, manifestLocation };
  };
  return withQuery({ ...query, sql: select }, place, run);
}

interface Target {
  query: Query;
  options: TableOptions;
  format: string;
  folder: string;
  s3Root: string;
}

async function write(open: OpenQuery, { query, options, format, folder, s3Root }: Target): Promise<Written> {
  const { sql, columns } = open.translation;
  const names = tableColumns(columns).map(({ Name }) => Name);
  const partitionKeys = namesOption(options, 'partitioned_by');
  if (format === 'PARQUET') {
    if (options.has('field_delimiter')) throw notSupported('field_delimiter with PARQUET');
    if (names.slice(names.length - partitionKeys.length).join('\0') !== partitionKeys.join('\0'))
      throw new StatementError(
        `HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionKeys.join(', ')}]`,
      );
    const stored = columns.map(({ type }, index) => ({ name: names[index] ?? '', type }));
    const codec = codecOption(options, ['compression']);
    return writeRows(
      open.connection,
      { select: storedSelect(sql, stored), partitionKeys, codec, name: query.id, folder },
      s3Root,
    );
  }
  if (partitionKeys.length > 0) throw notSupported(`partitioned_by with ${format}`, 'Use PARQUET.');
  const text: TextFormat =
    format === 'JSON'
      ? { kind: 'json', names }
      : { kind: 'delimited', delimiter: textOption(options, 'field_delimiter') ?? '\u0001' };
  if (format === 'JSON' && options.has('field_delimiter')) throw notSupported('field_delimiter with JSON');
  const compression = (textOption(options, 'compression') ?? 'gzip').toLowerCase();
  if (!['gzip', 'none'].includes(compression))
    throw notSupported(`UNLOAD of ${format} with compression ${compression}`);
  const isGzip = compression === 'gzip';
  return writeText(open, text, { folder, name: query.id, isGzip, signal: query.signal });
}

function parseUnload(sql: string): Unload {
  const reader = readTokens(sql, 'trino');
  reader.expect('UNLOAD');
  if (!reader.at('(')) reader.fail("'('");
  const select = parenthesised(reader, sql);
  reader.expect('TO');
  const location = reader.string().replace(/\/?$/, '/');
  const options: TableOptions = reader.accept('WITH') ? readOptions(reader) : new Map();
  reader.end();
  return { select, location, options };
}

/** The text between the parenthesis that comes next and its other half. */
function parenthesised(reader: TokenReader, sql: string): string {
  const start = reader.take().end;
  for (let depth = 1; ; ) {
    const { kind, text } = reader.peek();
    if (kind === 'end') reader.fail("')'");
    const { start: at } = reader.take();
    if (kind !== 'symbol') continue;
    depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    if (depth === 0) return sql.slice(start, at);
  }
}
