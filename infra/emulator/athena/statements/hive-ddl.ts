/** CREATE EXTERNAL TABLE in Hive's grammar, as Athena takes it (Athena user guide, "CREATE TABLE"). */
import type { GlueColumn } from '../../glue/partition-files.ts';
import { notSupported, Refusal } from '../../trino-sql/syntax/refusal.ts';
import { readHiveType } from '../language/hive-type-parser.ts';
import { formatNamed, requireSerde, type StorageFormat, TEXT } from '../language/storage-format.ts';
import { readTokens, type TableName, type TokenReader } from '../language/token-reader.ts';

/** A table as CREATE EXTERNAL TABLE describes it. Types are Hive's. */
export interface TableDefinition {
  table: TableName;
  ifNotExists: boolean;
  columns: GlueColumn[];
  partitions: GlueColumn[];
  comment: string | undefined;
  format: StorageFormat;
  serdeProperties: Record<string, string>;
  location: string | undefined;
  properties: Record<string, string>;
}

/** Parses a CREATE EXTERNAL TABLE statement. Throws a `Refusal` that names what is wrong or not done. */
export function parseCreateTable(sql: string): TableDefinition {
  const reader = readTokens(sql, 'hive');
  reader.expect('CREATE');
  if (!reader.accept('EXTERNAL'))
    throw notSupported(
      'CREATE TABLE without EXTERNAL',
      'Athena makes only Iceberg tables so. Use CREATE EXTERNAL TABLE.',
    );
  reader.expect('TABLE');
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const table = reader.tableName();
  if (reader.at('LIKE')) throw notSupported('CREATE TABLE LIKE');
  const columns = reader.at('(') ? reader.list(() => readColumn(reader)) : [];
  const clauses = readClauses(reader);
  reader.end();
  if (columns.length === 0) throw new Refusal('SYNTAX_ERROR', 'the table has no columns');
  const names = [...columns, ...clauses.partitions].map(({ Name }) => Name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Refusal('SYNTAX_ERROR', `Duplicate column name ${twice} in the table definition.`);
  return { table, ifNotExists, columns, ...clauses };
}

/** `name type [COMMENT 'text']`. */
export function readColumn(reader: TokenReader): GlueColumn {
  const Name = reader.name();
  const Type = readHiveType(reader);
  return { Name, Type, ...(reader.accept('COMMENT') && { Comment: reader.string() }) };
}

type Clauses = Omit<TableDefinition, 'table' | 'ifNotExists' | 'columns'>;

function readClauses(reader: TokenReader): Clauses {
  const clauses: Clauses = {
    partitions: [],
    comment: undefined,
    format: TEXT,
    serdeProperties: {},
    location: undefined,
    properties: {},
  };
  while (reader.peek().kind === 'word') readClause(reader, clauses);
  return clauses;
}

function readClause(reader: TokenReader, clauses: Clauses): void {
  if (reader.accept('COMMENT')) clauses.comment = reader.string();
  else if (reader.accept('PARTITIONED', 'BY')) clauses.partitions = reader.list(() => readColumn(reader));
  else if (reader.accept('ROW', 'FORMAT', 'SERDE')) {
    clauses.format = { ...clauses.format, serde: requireSerde(reader.string()) };
    if (reader.accept('WITH', 'SERDEPROPERTIES')) clauses.serdeProperties = reader.properties();
  } else if (reader.accept('ROW', 'FORMAT', 'DELIMITED')) clauses.serdeProperties = readDelimiters(reader);
  else if (reader.accept('WITH', 'SERDEPROPERTIES')) clauses.serdeProperties = reader.properties();
  else if (reader.accept('STORED', 'AS')) clauses.format = readFormat(reader, clauses.format);
  else if (reader.accept('LOCATION')) clauses.location = reader.string();
  else if (reader.accept('TBLPROPERTIES')) clauses.properties = reader.properties();
  else if (reader.at('CLUSTERED')) throw notSupported('CLUSTERED BY');
  else if (reader.at('STORED', 'BY')) throw notSupported('STORED BY');
  else reader.fail("'PARTITIONED', 'ROW', 'STORED', 'LOCATION', 'TBLPROPERTIES', <EOF>");
}

function readFormat(reader: TokenReader, { serde }: StorageFormat): StorageFormat {
  if (!reader.accept('INPUTFORMAT')) {
    const format = formatNamed(reader.name());
    // A SerDe of its own goes with the format's files.
    return serde === TEXT.serde ? format : { ...format, serde };
  }
  const inputFormat = reader.string();
  reader.expect('OUTPUTFORMAT');
  return { serde, inputFormat, outputFormat: reader.string() };
}

const DELIMITERS: readonly [words: string, property: string][] = [
  ['FIELDS TERMINATED BY', 'field.delim'],
  ['ESCAPED BY', 'escape.delim'],
  ['COLLECTION ITEMS TERMINATED BY', 'collection.delim'],
  ['MAP KEYS TERMINATED BY', 'mapkey.delim'],
  ['LINES TERMINATED BY', 'line.delim'],
  ['NULL DEFINED AS', 'serialization.null.format'],
];

function readDelimiters(reader: TokenReader): Record<string, string> {
  const properties: Record<string, string> = {};
  for (;;) {
    const found = DELIMITERS.find(([words]) => reader.accept(...words.split(' ')));
    if (found === undefined) break;
    properties[found[1]] = reader.string();
  }
  const field = properties['field.delim'];
  return field === undefined ? properties : { ...properties, 'serialization.format': field };
}
