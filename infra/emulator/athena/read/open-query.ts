/** Translates a query over the catalog's tables and opens these as relations of a DuckDB connection. */
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

/** A query's text and its context. */
export interface QueryText {
  sql: string;
  parameters: readonly string[];
  database: string;
  nowMs: number;
  /** Aborting it stops the query in any phase. */
  signal: AbortSignal;
  /** Receives the number of bytes that the query will read. If it throws, the query stops before reading any. */
  willScan?(bytes: number): void;
}

/** The tables that queries read and the engine that runs them. */
export interface QueryPlace {
  engine: Engine;
  catalog: Catalog;
  s3Root: string;
}

/** A query that is ready to run: `translation.sql` on `connection`, which has its tables. */
export interface OpenQuery {
  connection: DuckDBConnection;
  translation: Translation;
  scannedBytes: number;
}

/** Translates a query without running it. `names` are its tables and views, `database.table`. Throws a `Refusal`. */
export async function translateNamed(
  query: QueryText,
  place: QueryPlace,
): Promise<{ translation: Translation; names: Set<string> }> {
  const { translation, names } = await translated(query, place);
  return { translation, names };
}

/**
 * Opens a query's tables and calls `run`. Repeats both with a new listing if a file disappeared meanwhile. Throws a
 * `Refusal`, a DuckDB error, what `run` throws, or the signal's reason.
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

/** Compaction publishes new files before it removes the old ones, so a new listing finds every row. */
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

/** Throws if DuckDB's types differ from the translation's, which means that a translation rule is wrong. */
export function checkTypes(columns: Translation['columns'], given: string[]): void {
  for (const [index, { name, type }] of columns.entries())
    if (given[index] !== duckType(type))
      throw new Error(`The translation of column '${name}' is wrong: ${given[index]} instead of ${duckType(type)}.`);
}

/** `checkTypes` for a query whose rows are written instead of streamed. */
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

/**
 * On abort, interrupts the connection repeatedly until the query stops: an interrupt between statements has no effect.
 */
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
