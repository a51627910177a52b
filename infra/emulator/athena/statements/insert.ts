/** INSERT INTO. */
import type { CatalogTable } from '../../glue/catalog.ts';
import type { Translation } from '../../trino-sql/emit/translate.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { commonType, duckType, type TrinoType, trinoName } from '../../trino-sql/types/trino-type.ts';
import { coerce } from '../../trino-sql/types/typed-expression.ts';
import { locationFolder } from '../catalog/s3-location.ts';
import { listPartitions } from '../catalog/table-partitions.ts';
import { StatementError } from '../language/statement-error.ts';
import { PARQUET_SERDE } from '../language/storage-format.ts';
import { readTokens, type TableName } from '../language/token-reader.ts';
import { checkQueryTypes, withQuery } from '../read/open-query.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { nameTable } from '../read/table-files.ts';
import { findTable, isView } from './named-table.ts';
import { isProjected, partitionName, registerPartitions, standardLocation } from './partition-entries.ts';
import { ROWS_COLUMN, storedSelect } from './stored-columns.ts';
import { writeManifest, writeRows } from './write-rows.ts';

interface Insert {
  table: TableName;
  /** Undefined: all of the table's, in order. */
  columns: string[] | undefined;
  select: string;
}
type Column = { name: string; type: TrinoType };

/** `INSERT INTO name [(columns)] query`: new Parquet files beside those there are. */
export async function insertInto(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  const statement = parseInsert(query.sql);
  const { catalog, s3Root } = place;
  const table = await findTable(catalog, statement.table, query.database);
  const shown = `awsdatacatalog.${statement.table.database ?? query.database}.${statement.table.name}`;
  if (table === undefined) throw new StatementError(`TABLE_NOT_FOUND: line 1:1: Table '${shown}' does not exist`);
  requireWritable(table, shown);
  const { columns, keys } = nameTable('t', table);
  const all = [...columns, ...keys];
  const given = targetColumns(statement.columns, all, shown);
  const folder = locationFolder(table.StorageDescriptor?.Location ?? '', s3Root);
  await requireStandardPartitions(table, place, query.nowMs);
  return withQuery({ ...query, sql: statement.select }, place, async open => {
    await checkQueryTypes(open);
    const select = insertSelect(open.translation, given, all);
    const rows = { select, partitionKeys: keys.map(({ name }) => name), codec: codecOf(table), name: query.id, folder };
    const written = await writeRows(open.connection, rows, s3Root);
    await registerPartitions(catalog, table, written.partitions, query.nowMs);
    const manifestLocation = await writeManifest(query, written.files, s3Root);
    const { scannedBytes } = open;
    return { columns: ROWS_COLUMN, rows: 0, scannedBytes, updateCount: written.rows, manifestLocation };
  });
}

const QUERY_STARTS = ['SELECT', 'WITH', 'VALUES', 'TABLE', '('];

function parseInsert(sql: string): Insert {
  const reader = readTokens(sql, 'trino');
  reader.expect('INSERT', 'INTO');
  const table = reader.tableName();
  const isQuery =
    reader.at('(') && QUERY_STARTS.includes(reader.peek(1).text.toUpperCase()) && reader.peek(1).kind !== 'name';
  const columns = reader.at('(') && !isQuery ? reader.list(reader.name) : undefined;
  return { table, columns, select: reader.rest() };
}

function requireWritable(table: CatalogTable, shown: string): void {
  if (isView(table)) throw new StatementError(`NOT_SUPPORTED: Inserting into views is not supported: ${shown}`);
  const serde = table.StorageDescriptor?.SerdeInfo?.SerializationLibrary;
  if (serde !== PARQUET_SERDE) throw notSupported(`INSERT INTO a table that is not Parquet (${serde})`);
}

function targetColumns(names: string[] | undefined, all: Column[], shown: string): Column[] {
  return (names ?? all.map(({ name }) => name)).map((name, index, given) => {
    const column = all.find(each => each.name === name);
    if (column === undefined)
      throw new StatementError(
        `COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: ${name} (${shown})`,
      );
    if (given.indexOf(name) !== index)
      throw new StatementError(`SYNTAX_ERROR: line 1:1: Insert column name is specified more than once: ${name}`);
    return column;
  });
}

/** New files go where a partition is by its name: for one that is elsewhere they would not be found. */
async function requireStandardPartitions(table: CatalogTable, place: StatementPlace, nowMs: number): Promise<void> {
  if (isProjected(table) || (table.PartitionKeys ?? []).length === 0) return;
  for (const { values, folder } of await listPartitions(table, { ...place, nowMs }))
    if (folder !== locationFolder(standardLocation(table, values), place.s3Root))
      throw notSupported(
        `INSERT INTO a table with a partition at a location of its own (${partitionName(table, values)})`,
      );
}

/** The query's columns as the table's, by Trino's implicit coercions; columns that are not given are NULL. */
function insertSelect({ sql, columns }: Translation, given: Column[], all: Column[]): string {
  const fits =
    columns.length === given.length &&
    given.every(({ type }, index) => isAssignable(columns[index]?.type as TrinoType, type));
  if (!fits)
    throw new StatementError(
      `TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [${given.map(({ type }) => trinoName(type)).join(', ')}], Query: [${columns.map(({ type }) => trinoName(type)).join(', ')}]`,
    );
  const items = all.map(({ name, type }, index) => {
    const at = given.findIndex(each => each.name === name);
    const found = columns[at];
    const value =
      found === undefined
        ? `CAST(NULL AS ${duckType(type)})`
        : coerce({ sql: `i.c${at}`, type: found.type }, type, 'INSERT').sql;
    return `${value} AS c${index}`;
  });
  return storedSelect(`SELECT ${items.join(', ')} FROM (${sql}) AS i`, all);
}

function isAssignable(from: TrinoType, to: TrinoType): boolean {
  const common = commonType(from, to);
  return common !== undefined && trinoName(common) === trinoName(to);
}

/** The codec of the table's properties, gzip as Athena's default. */
function codecOf(table: CatalogTable): string {
  const name = (
    table.Parameters?.['parquet.compression'] ??
    table.Parameters?.['parquet.compress'] ??
    'gzip'
  ).toLowerCase();
  return ['snappy', 'zstd', 'gzip', 'uncompressed'].includes(name) ? name : 'gzip';
}
