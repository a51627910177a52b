/** ALTER TABLE, MSCK REPAIR TABLE. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from '../../disk/durable-files.ts';
import type { Catalog, CatalogTable } from '../../glue/catalog.ts';
import { replaceTable } from '../../glue/table-operations.ts';
import { partOf } from '../../s3/object-path.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { locationFolder } from '../catalog/s3-location.ts';
import { ddlFailure, StatementError, semanticError } from '../language/statement-error.ts';
import { readTokens, type TokenReader } from '../language/token-reader.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { readColumn } from './hive-ddl.ts';
import { isView, requireTable } from './named-table.ts';
import { addPartition, partitionName } from './partition-entries.ts';
import { textResult } from './text-result.ts';
import { NULL_PARTITION } from './write-rows.ts';

/** A partition as a statement names it: key (lower case) to value. */
type PartitionSpec = Map<string, string>;

/** `ALTER TABLE name ADD|DROP PARTITION, ADD|REPLACE COLUMNS, SET TBLPROPERTIES, SET LOCATION`. */
export async function alterTable(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, 'hive');
  reader.expect('ALTER', 'TABLE');
  const table = await requireTable(place.catalog, reader.tableName(), query.database);
  if (isView(table)) throw new StatementError(`FAILED: ${table.Name} is a view, which ALTER TABLE does not change`);
  if (reader.at('ADD', 'IF') || reader.at('ADD', 'PARTITION')) await addPartitions(reader, table, query, place);
  else if (reader.at('DROP')) await dropPartitions(reader, table, place.catalog);
  else
    await replaceTable(place.catalog, table, changed(reader, table, place.s3Root), { atSeconds: query.nowMs / 1000 });
  return textResult(query, [], []);
}

async function addPartitions(
  reader: TokenReader,
  table: CatalogTable,
  { nowMs }: Query,
  { catalog, s3Root }: StatementPlace,
): Promise<void> {
  reader.expect('ADD');
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const added: { values: string[]; location?: string }[] = [];
  do {
    const values = valuesOf(table, readSpec(reader));
    const location = reader.accept('LOCATION') ? reader.string() : undefined;
    if (location !== undefined) locationFolder(location, s3Root);
    added.push({ values, ...(location !== undefined && { location }) });
  } while (reader.at('PARTITION'));
  reader.end();
  const isThere = ({ values }: { values: string[] }) =>
    catalog.getPartition(table.DatabaseName, table.Name, values).then(found => found !== undefined);
  // All or nothing, as far as anybody else does not do the same at the moment.
  if (!ifNotExists && (await Promise.all(added.map(isThere))).includes(true)) throw partitionExists();
  for (const each of added)
    if (!(await addPartition(catalog, table, { ...each, nowMs })) && !ifNotExists) throw partitionExists();
}

function partitionExists(): StatementError {
  return ddlFailure('AlreadyExistsException(message:Partition already exists.)');
}

async function dropPartitions(reader: TokenReader, table: CatalogTable, catalog: Catalog): Promise<void> {
  reader.expect('DROP');
  const ifExists = reader.accept('IF', 'EXISTS');
  const specs = [readSpec(reader)];
  while (reader.accept(',')) specs.push(readSpec(reader));
  reader.end();
  const keys = keysOf(table);
  const all = await catalog.listPartitionValues(table.DatabaseName, table.Name);
  const found = specs.map(spec => {
    requireKeys(table, spec);
    const fitting = all.filter(values => [...spec].every(([key, value]) => values[keys.indexOf(key)] === value));
    if (fitting.length === 0 && !ifExists)
      throw semanticError(10006, `Partition not found (${[...spec].map(pair => pair.join(' = ')).join(', ')})`);
    return fitting;
  });
  for (const values of found.flat()) await catalog.deletePartition(table.DatabaseName, table.Name, values);
}

/** `PARTITION (key = 'value', …)`. */
function readSpec(reader: TokenReader): PartitionSpec {
  reader.expect('PARTITION');
  return new Map(
    reader.list(() => {
      const key = reader.name();
      if (!reader.at('=')) throw notSupported('a comparison other than = in PARTITION');
      reader.expect('=');
      return [key, reader.peek().kind === 'number' ? String(reader.number()) : reader.string()] as const;
    }),
  );
}

function keysOf({ PartitionKeys = [] }: CatalogTable): string[] {
  return PartitionKeys.map(({ Name }) => Name.toLowerCase());
}

function requireKeys(table: CatalogTable, spec: PartitionSpec): void {
  const keys = keysOf(table);
  if (keys.length === 0) throw ddlFailure(`Table ${table.Name} is not a partitioned table`);
  for (const key of spec.keys())
    if (!keys.includes(key)) throw semanticError(10098, `Partition spec {${key}} contains non-partition columns`);
}

function valuesOf(table: CatalogTable, spec: PartitionSpec): string[] {
  requireKeys(table, spec);
  return keysOf(table).map(key => {
    const value = spec.get(key);
    if (value === undefined) throw semanticError(10001, `the partition does not say its ${key}`);
    return value;
  });
}

/** The table as a statement changes it. */
function changed(reader: TokenReader, table: CatalogTable, s3Root: string): CatalogTable {
  const storage = table.StorageDescriptor ?? {};
  const with_ = (change: Partial<CatalogTable>) => {
    reader.end();
    return { ...table, ...change };
  };
  if (reader.accept('SET', 'TBLPROPERTIES'))
    return with_({ Parameters: { ...table.Parameters, ...reader.properties() } });
  if (reader.accept('SET', 'LOCATION')) {
    const Location = reader.string();
    locationFolder(Location, s3Root);
    return with_({ StorageDescriptor: { ...storage, Location } });
  }
  const isReplace = reader.accept('REPLACE', 'COLUMNS');
  if (!isReplace && !reader.accept('ADD', 'COLUMNS'))
    throw notSupported(`ALTER TABLE … ${reader.peek().text} ${reader.peek(1).text}`.toUpperCase().trimEnd());
  const columns = reader.list(() => readColumn(reader));
  const Columns = [...(isReplace ? [] : (storage.Columns ?? [])), ...columns];
  const names = [...Columns, ...(table.PartitionKeys ?? [])].map(({ Name }) => Name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw ddlFailure(`Duplicate column name: ${twice}`);
  return with_({ StorageDescriptor: { ...storage, Columns } });
}

/** `MSCK REPAIR TABLE name`: adds the partitions whose folders are there; none is removed, as on Athena. */
export async function repairTable(query: Query, { catalog, s3Root }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, 'hive');
  reader.expect('MSCK', 'REPAIR', 'TABLE');
  const name = reader.tableName();
  if (!reader.accept('ADD', 'PARTITIONS') && (reader.at('DROP') || reader.at('SYNC')))
    throw notSupported(`MSCK REPAIR TABLE … ${reader.peek().text.toUpperCase()} PARTITIONS`);
  reader.end();
  const table = await requireTable(catalog, name, query.database);
  const keys = keysOf(table);
  if (keys.length === 0) throw ddlFailure(`Table ${table.Name} is not a partitioned table`);
  const folder = locationFolder(table.StorageDescriptor?.Location ?? '', s3Root);
  const added: string[] = [];
  for (const values of await partitionFolders(folder, keys))
    if (await addPartition(catalog, table, { values, nowMs: query.nowMs }))
      added.push(`${table.Name}:${partitionName(table, values)}`);
  const lines = added.map(each => `Repair: Added partition to metastore ${each}`);
  const missing = added.length === 0 ? [] : [`Partitions not in metastore:\t${added.join('\t')}`];
  return textResult(query, ['result'], [...missing, ...lines]);
}

/** The values of the folders `key=value/…` below a table's, where files may be. */
async function partitionFolders(folder: string, [key, ...more]: string[]): Promise<string[][]> {
  if (key === undefined) return [[]];
  const entries = (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
  const found = entries
    .filter(entry => entry.isDirectory())
    .map(async ({ name }) => {
      const part = partOf(name) ?? '';
      if (!part.startsWith(`${key}=`)) return [];
      const value = unescapeHive(part.slice(key.length + 1));
      return (await partitionFolders(path.join(folder, name), more)).map(rest => [value, ...rest]);
    });
  const all = (await Promise.all(found)).flat();
  return all.filter(values => !values.includes('')).sort((a, b) => (a.join('/') < b.join('/') ? -1 : 1));
}

function unescapeHive(text: string): string {
  if (text === NULL_PARTITION) return text;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
