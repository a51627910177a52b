/** CREATE TABLE … AS SELECT. */
import { newTable } from '../../glue/glue.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { locationFolder } from '../catalog/s3-location.ts';
import { requireKeyTypes } from '../catalog/table-partitions.ts';
import { StatementError } from '../language/statement-error.ts';
import { PARQUET } from '../language/storage-format.ts';
import { readTokens, type TableName } from '../language/token-reader.ts';
import { checkQueryTypes, type OpenQuery, withQuery } from '../read/open-query.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { requireDatabase } from './named-table.ts';
import { registerPartitions } from './partition-entries.ts';
import { ROWS_COLUMN, storedSelect, tableColumns } from './stored-columns.ts';
import { codecOption, namesOption, onlyOptions, readOptions, type TableOptions, textOption } from './table-options.ts';
import { requireEmpty, writeManifest, writeRows } from './write-rows.ts';

interface CreateTableAs {
  table: TableName;
  ifNotExists: boolean;
  options: TableOptions;
  select: string;
  withData: boolean;
}

const OPTIONS = [
  ...['format', 'write_compression', 'parquet_compression', 'external_location', 'partitioned_by'],
  ...['table_type', 'is_external'],
];

/** `CREATE TABLE [IF NOT EXISTS] name [WITH (…)] AS query [WITH [NO] DATA]`: Parquet files, then the table that shows them. */
export async function createTableAs(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  const statement = parseCreateTableAs(query.sql);
  const { catalog, s3Root } = place;
  const database = statement.table.database ?? query.database;
  const shown = `awsdatacatalog.${database}.${statement.table.name}`;
  await requireDatabase(catalog, database);
  if ((await catalog.getTable(database, statement.table.name)) !== undefined) {
    if (statement.ifNotExists) return { columns: ROWS_COLUMN, rows: 0, scannedBytes: 0, updateCount: 0 };
    throw alreadyExists(shown);
  }
  const location = locationOption(statement.options) ?? `${query.outputLocation}/`;
  const folder = locationFolder(location, s3Root);
  await requireEmpty(folder, location, shown);
  const partitionKeys = namesOption(statement.options, 'partitioned_by');
  const codec = codecOption(statement.options, ['write_compression', 'parquet_compression']);
  return withQuery({ ...query, sql: statement.select }, place, async open => {
    const columns = tableColumns(open.translation.columns);
    const names = columns.map(({ Name }) => Name);
    requireLast(names, partitionKeys);
    const keys = columns.slice(columns.length - partitionKeys.length);
    requireKeyTypes(keys);
    const written = statement.withData
      ? await writeRows(
          open.connection,
          { select: await selectOf(open, names), partitionKeys, codec, name: query.id, folder },
          s3Root,
        )
      : { rows: 0, files: [], partitions: [] };
    const manifestLocation = await writeManifest(query, written.files, s3Root);
    const input = tableInput(
      statement.table.name,
      columns.slice(0, columns.length - keys.length),
      keys,
      location,
      codec,
    );
    const table = newTable(input, database, query.nowMs / 1000);
    if (!(await catalog.createTable(table))) throw alreadyExists(shown);
    await registerPartitions(catalog, table, written.partitions, query.nowMs);
    const { rows } = written;
    return { columns: ROWS_COLUMN, rows: 0, scannedBytes: open.scannedBytes, updateCount: rows, manifestLocation };
  });
}

function parseCreateTableAs(sql: string): CreateTableAs {
  const reader = readTokens(sql, 'trino');
  reader.expect('CREATE', 'TABLE');
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const table = reader.tableName();
  if (reader.at('(')) throw notSupported('a column list in CREATE TABLE AS');
  const options: TableOptions = reader.accept('WITH') ? readOptions(reader) : new Map();
  reader.expect('AS');
  const query = reader.rest();
  const noData = /\bwith\s+(no\s+)?data\s*$/i.exec(query);
  return {
    table,
    ifNotExists,
    options,
    select: noData === null ? query : query.slice(0, noData.index),
    withData: noData?.[1] === undefined,
  };
}

function locationOption(options: TableOptions): string | undefined {
  onlyOptions(options, OPTIONS, 'CREATE TABLE AS');
  const format = textOption(options, 'format') ?? 'parquet';
  if (format.toLowerCase() !== 'parquet') throw notSupported(`CREATE TABLE AS with format ${format}`, 'Use PARQUET.');
  const type = textOption(options, 'table_type') ?? 'hive';
  if (type.toLowerCase() !== 'hive') throw notSupported(`a table of type ${type}`, "Use table_type = 'HIVE'.");
  if ((options.get('is_external') ?? true) !== true) throw notSupported('CREATE TABLE AS with is_external = false');
  return textOption(options, 'external_location')?.replace(/\/?$/, '/');
}

function requireLast(names: string[], partitionKeys: string[]): void {
  const last = names.slice(names.length - partitionKeys.length);
  if (last.join('\0') !== partitionKeys.join('\0'))
    throw new StatementError(
      `HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionKeys.join(', ')}]`,
    );
  if (partitionKeys.length > 0 && partitionKeys.length === names.length)
    throw new StatementError('INVALID_TABLE_PROPERTY: Table contains only partition columns');
}

async function selectOf(open: OpenQuery, names: string[]): Promise<string> {
  await checkQueryTypes(open);
  const { sql, columns } = open.translation;
  return storedSelect(
    sql,
    columns.map(({ type }, index) => ({ name: names[index] ?? '', type })),
  );
}

function tableInput(name: string, columns: object[], keys: object[], location: string, codec: string): object {
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      has_encrypted_data: 'false',
      'parquet.compression': codec.toUpperCase(),
    },
    PartitionKeys: keys,
    StorageDescriptor: {
      Columns: columns,
      Location: location,
      InputFormat: PARQUET.inputFormat,
      OutputFormat: PARQUET.outputFormat,
      Compressed: false,
      NumberOfBuckets: 0,
      SerdeInfo: { SerializationLibrary: PARQUET.serde, Parameters: {} },
    },
  };
}

function alreadyExists(shown: string): StatementError {
  return new StatementError(`TABLE_ALREADY_EXISTS: line 1:1: Destination table '${shown}' already exists`);
}
