/** What the footers of Parquet files say, kept by file. */
import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../../trino-sql/types/typed-expression.ts';
import type { FileColumn } from './parquet-physical-type.ts';

/** A file's footer, in the part that queries need. */
export interface Footer {
  /** Compressed size of the column chunks, by lower-case column. */
  bytes: Map<string, number>;
  schema: FileSchema;
}

/** The columns of a file; files of one schema share it. */
export interface FileSchema {
  /** By lower-case name. */
  columns: Map<string, FileColumn>;
  /** Whether there are times finer than Athena's milliseconds. */
  hasFineTimes: boolean;
}

/** Of files whose footer has been read, by path; a file is known again by size and time. */
const footers = new Map<string, Footer & { version: string }>();
const schemas = new Map<string, FileSchema>();
const MAX_FOOTERS = 100_000;
const MAX_SCHEMAS = 10_000;

/** The footers of files, in their order. Only those that are new, or were replaced, are read. */
export async function readFooters(connection: DuckDBConnection, files: readonly string[]): Promise<Footer[]> {
  if (footers.size > MAX_FOOTERS) footers.clear();
  const versions = await Promise.all(files.map(async file => ({ file, version: versionOf(await stat(file)) })));
  const unknown = versions.filter(({ file, version }) => footers.get(file)?.version !== version);
  if (unknown.length > 0) await readUnknown(connection, unknown);
  return versions.flatMap(({ file }) => footers.get(file) ?? []);
}

function versionOf({ size, mtimeMs }: { size: number; mtimeMs: number }): string {
  return `${size} ${mtimeMs}`;
}

async function readUnknown(connection: DuckDBConnection, files: { file: string; version: string }[]): Promise<void> {
  const list = files.map(({ file }) => quote(file)).join(', ');
  const described = await connection.runAndReadAll(
    `SELECT file_name, lower(name), coalesce(duckdb_type, ${GROUP}), coalesce(num_children, 0), ${FINE_TIME}
     FROM parquet_schema([${list}]) ORDER BY file_name, column_id`,
  );
  const result = await connection.runAndReadAll(
    `SELECT file_name, lower(split_part(path_in_schema, ',', 1)), CAST(sum(total_compressed_size) AS DOUBLE)
     FROM parquet_metadata([${list}]) GROUP BY ALL`,
  );
  const nodes = new Map<string, SchemaNode[]>();
  for (const [file, name, type, children, isFine] of described.getRowsJson()) {
    const node = {
      name: String(name),
      type: String(type),
      children: Number(children),
      isFine: isFine === true,
    };
    const known = nodes.get(String(file));
    if (known === undefined) nodes.set(String(file), [node]);
    else known.push(node);
  }
  for (const { file, version } of files)
    footers.set(file, { version, bytes: new Map(), schema: sharedSchema(nodes.get(file) ?? []) });
  for (const [file, column, bytes] of result.getRowsJson())
    footers.get(String(file))?.bytes.set(String(column), Number(bytes));
}

const GROUP = `CASE WHEN converted_type = 'LIST' THEN 'list' WHEN converted_type LIKE 'MAP%' THEN 'map' ELSE 'row' END`;
const FINE_TIME = `coalesce(type = 'INT96' OR converted_type = 'TIMESTAMP_MICROS'
  OR regexp_matches(logical_type, '^Timestamp.*(MICROS=Micro|NANOS=Nano)'), false)`;

/** An element of a Parquet schema, which lists them depth first. */
interface SchemaNode {
  name: string;
  type: string;
  children: number;
  isFine: boolean;
}

function sharedSchema(nodes: SchemaNode[]): FileSchema {
  const key = JSON.stringify(nodes);
  const known = schemas.get(key);
  if (known !== undefined) return known;
  if (schemas.size >= MAX_SCHEMAS) schemas.clear();
  const root = takeColumn(nodes.values());
  const schema = {
    columns: new Map((root?.children ?? []).map(column => [column.name, column])),
    hasFineTimes: nodes.some(({ isFine }) => isFine),
  };
  schemas.set(key, schema);
  return schema;
}

/** The next element with all that is below it. */
function takeColumn(nodes: Iterator<SchemaNode>): FileColumn | undefined {
  const { value: node, done } = nodes.next();
  if (done === true) return undefined;
  const children = Array.from({ length: node.children }, () => takeColumn(nodes)).filter(child => child !== undefined);
  return { name: node.name, type: node.type, children };
}
