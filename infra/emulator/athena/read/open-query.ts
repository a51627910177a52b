/** A query over the catalog's tables, translated, with its tables as relations of a DuckDB connection. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog, CatalogTable } from '../../glue/catalog.ts';
import { type CatalogRelation, type Translation, translate } from '../../trino-sql/emit/translate.ts';
import { duckType, parseHiveType } from '../../trino-sql/types/trino-type.ts';
import { viewDefinition } from '../catalog/view-definition.ts';
import { namedDamage } from './damaged-parquet.ts';
import type { Engine } from './engine.ts';
import { informationSchema } from './information-schema.ts';
import { isMissingFile } from './query-error.ts';
import { type ScannedTable, scannedBytes } from './scanned-bytes.ts';
import { openSource, type Source } from './table-source.ts';

/** A query's text and what it is read with. */
export interface QueryText {
  sql: string;
  parameters: readonly string[];
  database: string;
  nowMs: number;
  /** Aborted to stop the query, whatever it is doing. */
  signal: AbortSignal;
  /** Told how many bytes the query is about to read; what it throws stops the query before it has read any. */
  willScan?(bytes: number): void;
}

/** Where queries find tables, and what runs them. */
export interface QueryPlace {
  engine: Engine;
  catalog: Catalog;
  s3Root: string;
}

/** A query that is ready to run: `translation.sql` on `connection`, which holds its tables. */
export interface OpenQuery {
  connection: DuckDBConnection;
  translation: Translation;
  scannedBytes: number;
}

/** A query's translation alone, and the tables and views in it, `database.table`. Throws a `Refusal`. */
export async function translateNamed(
  query: QueryText,
  place: QueryPlace,
): Promise<{ translation: Translation; names: Set<string> }> {
  const { translation, names } = await translated(query, place);
  return { translation, names };
}

/**
 * Opens a query's tables and calls `run`, again with a fresh listing where a file went away meanwhile. Throws a `Refusal`,
 * an error of DuckDB's, what `run` throws, or the signal's reason.
 */
export async function withQuery<T>(
  query: QueryText,
  place: QueryPlace,
  run: (open: OpenQuery) => Promise<T>,
): Promise<T> {
  const { translation, sources } = await translated(query, place);
  const connection = await place.engine.connect();
  const stop = interruptOn(query.signal, connection);
  let scanned: ScannedTable[] = [];
  try {
    return await withFreshListing(async () => {
      scanned = [];
      let read = 0;
      for (const source of sources) {
        query.signal.throwIfAborted();
        const opened = await source.open(connection, query.signal);
        if (typeof opened === 'number') read += opened;
        else scanned.push(opened);
      }
      read += await scannedBytes(connection, translation.sql, scanned);
      query.signal.throwIfAborted();
      query.willScan?.(read);
      return run({ connection, translation, scannedBytes: read });
    });
  } catch (error) {
    query.signal.throwIfAborted();
    throw await namedDamage(
      error,
      connection,
      scanned.flatMap(({ files }) => files),
    );
  } finally {
    stop();
    connection.closeSync();
  }
}

async function translated(query: QueryText, { catalog, s3Root }: QueryPlace) {
  const sources: Source[] = [];
  const names = new Set<string>();
  const translation = await translate({
    ...query,
    findTable: async (database, name): Promise<CatalogRelation | undefined> => {
      const id = `t${sources.length}`;
      names.add(`${database}.${name}`);
      const table = database === 'information_schema' ? undefined : await catalog.getTable(database, name);
      if (table?.TableType === 'VIRTUAL_VIEW') return viewOf(table);
      const source =
        database === 'information_schema'
          ? informationSchema(id, name, catalog)
          : table && (await openSource(id, table, { catalog, s3Root, nowMs: query.nowMs }));
      if (source === undefined) return undefined;
      sources.push(source);
      return { kind: 'table', id, columns: source.columns, hidden: source.hidden ?? [] };
    },
  });
  return { translation, sources, names };
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

function viewOf(table: CatalogTable): CatalogRelation {
  const columns = (table.StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => ({
    name: Name,
    type: parseHiveType(Type),
  }));
  const { sql, database } = viewDefinition(table);
  return { kind: 'view', database, sql, columns };
}

/** The types that the translation worked out must be those that DuckDB gives, or a rule is wrong somewhere. */
export function checkTypes(columns: Translation['columns'], given: string[]): void {
  for (const [index, { name, type }] of columns.entries())
    if (given[index] !== duckType(type))
      throw new Error(`The translation of column '${name}' is wrong: ${given[index]} in place of ${duckType(type)}.`);
}

/** `checkTypes` for a query whose rows are not streamed but written. */
export async function checkQueryTypes({ connection, translation: { sql, columns } }: OpenQuery): Promise<void> {
  const prepared = await connection.prepare(sql);
  try {
    checkTypes(
      columns,
      columns.map((_, index) => String(prepared.columnType(index))),
    );
  } finally {
    prepared.destroySync();
  }
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
