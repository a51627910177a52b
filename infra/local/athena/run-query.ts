import type { DuckDBConnection } from '@duckdb/node-api';
import { publishFile } from '../durable-files.ts';
import type { Catalog, CatalogTable } from '../glue/catalog.ts';
import type { Engine } from './engine.ts';
import { isMissingFile } from './query-error.ts';
import { csvOf } from './result-file.ts';
import { type ScannedTable, scannedBytes } from './scanned-bytes.ts';
import { createRelation, listTableFiles, type NamedTable, nameTable } from './table-files.ts';
import { Refusal } from './translate/refusal.ts';
import { type CatalogRelation, type Translation, translate } from './translate/translate.ts';
import { duckType, parseHiveType, type TrinoType } from './translate/trino-type.ts';

export interface Query {
  sql: string;
  parameters: readonly string[];
  database: string;
  nowMs: number;
  /** Where the result goes; nothing is there until all of it is. */
  resultFile: string;
  /** Aborted to stop the query, whatever it is doing. */
  signal: AbortSignal;
}

export interface QueryOutcome {
  columns: Translation['columns'];
  rows: number;
  scannedBytes: number;
}

/** Runs a query and writes its result as CSV. Throws a `Refusal`, an error of DuckDB's, or the signal's reason. */
export async function runQuery(
  query: Query,
  { engine, catalog, s3Root }: { engine: Engine; catalog: Catalog; s3Root: string },
): Promise<QueryOutcome> {
  const tables: NamedTable[] = [];
  const translation = await translate({
    ...query,
    findTable: (database, table) => findRelation(catalog, database, table, tables, query.nowMs),
  });
  const connection = await engine.connect();
  const stop = interruptOn(query.signal, connection);
  try {
    return await withFreshListing(() => execute(connection, translation, tables, query, s3Root));
  } catch (error) {
    query.signal.throwIfAborted();
    throw error;
  } finally {
    stop();
    connection.closeSync();
  }
}

const MAX_LISTINGS = 5;

/** A compaction publishes its new files before it removes the old ones, so that another look finds every row. */
async function withFreshListing<T>(attempt: () => Promise<T>): Promise<T> {
  for (let listing = 1; ; listing++)
    try {
      return await attempt();
    } catch (error) {
      if (listing >= MAX_LISTINGS || !isMissingFile(error)) throw error;
    }
}

async function findRelation(
  catalog: Catalog,
  database: string,
  name: string,
  tables: NamedTable[],
  nowMs: number,
): Promise<CatalogRelation | undefined> {
  const table = await catalog.getTable(database, name);
  if (table === undefined) return undefined;
  if (table.TableType === 'VIRTUAL_VIEW') return viewOf(table);
  const named = nameTable(`t${tables.length}`, table, nowMs);
  tables.push(named);
  const partition =
    named.projection === undefined ? [] : [{ name: named.projection.key, type: { kind: 'varchar' } as TrinoType }];
  return { kind: 'table', id: named.id, columns: [...named.columns, ...partition] };
}

/** A view as Athena stores one: `/* Presto View: <base64 of JSON> *\/`. */
function viewOf({ Name, DatabaseName, ViewOriginalText = '', StorageDescriptor }: CatalogTable): CatalogRelation {
  const encoded = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(ViewOriginalText)?.[1];
  if (encoded === undefined) throw new Refusal('INVALID_VIEW', `'${Name}' is no view that Athena made`);
  const { originalSql, schema } = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Record<
    string,
    unknown
  >;
  if (typeof originalSql !== 'string') throw new Refusal('INVALID_VIEW', `'${Name}' has no query`);
  const columns = (StorageDescriptor?.Columns ?? []).map(column => ({
    name: column.Name,
    type: parseHiveType(column.Type),
  }));
  return { kind: 'view', database: typeof schema === 'string' ? schema : DatabaseName, sql: originalSql, columns };
}

async function execute(
  connection: DuckDBConnection,
  { sql, columns }: Translation,
  tables: NamedTable[],
  { resultFile, signal }: Query,
  s3Root: string,
): Promise<QueryOutcome> {
  const scanned: ScannedTable[] = [];
  for (const table of tables) {
    signal.throwIfAborted();
    const files = await listTableFiles(table, s3Root);
    await connection.run(createRelation(table, files, s3Root));
    scanned.push({ ...table, files });
  }
  const bytes = await scannedBytes(connection, sql, scanned);
  signal.throwIfAborted();
  const result = await connection.stream(sql);
  checkTypes(columns, result.columnTypes().map(String));
  let rows = 0;
  const csv = csvOf(result, columns, count => {
    rows += count;
    signal.throwIfAborted();
  });
  await publishFile(resultFile, csv);
  return { columns, rows, scannedBytes: bytes };
}

/** The types that the translation worked out must be those that DuckDB gives, or a rule is wrong somewhere. */
function checkTypes(columns: Translation['columns'], given: string[]): void {
  for (const [index, { name, type }] of columns.entries())
    if (given[index] !== duckType(type))
      throw new Error(`The translation of column '${name}' is wrong: ${given[index]} in place of ${duckType(type)}.`);
}

/** Interrupts the connection until the query has stopped: an interrupt between two statements would be lost. */
function interruptOn(signal: AbortSignal, connection: DuckDBConnection): () => void {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    timer ??= setInterval(() => connection.interrupt(), 50);
  };
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt);
  return () => {
    signal.removeEventListener('abort', interrupt);
    clearInterval(timer);
  };
}
