/** DESCRIBE, in Hive's columns of text. */

import type { CatalogTable } from '../../glue/catalog.ts';
import type { GlueColumn } from '../../glue/partition-files.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { readTokens } from '../language/token-reader.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { requireTable } from './named-table.ts';
import { quotesOf } from './tables.ts';
import { padded, textResult } from './text-result.ts';

const BLANK = '\t \t ';
const COLUMNS = ['col_name', 'data_type', 'comment'];

/** `DESCRIBE|DESC [FORMATTED] table`. Each line is one value, its columns filled up with spaces and parted by tabs. */
export async function describeTable(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, quotesOf(query.sql));
  if (!reader.accept('DESCRIBE')) reader.expect('DESC');
  for (const each of ['EXTENDED', 'INPUT', 'OUTPUT', 'DATABASE', 'SCHEMA', 'FUNCTION'])
    if (reader.at(each) && reader.peek(1).kind !== 'end' && reader.peek(1).text !== ';' && reader.peek(1).text !== '.')
      throw notSupported(`DESCRIBE ${each}`, each === 'EXTENDED' ? 'Use DESCRIBE FORMATTED.' : undefined);
  const isFormatted = reader.peek(1).kind !== 'end' && reader.accept('FORMATTED');
  const name = reader.tableName();
  if (reader.at('PARTITION')) throw notSupported('DESCRIBE of a partition');
  reader.end();
  const table = await requireTable(catalog, name, query.database);
  return textResult(query, COLUMNS, isFormatted ? formatted(table) : plain(table));
}

function plain({ StorageDescriptor, PartitionKeys = [] }: CatalogTable): string[] {
  const lines = [...(StorageDescriptor?.Columns ?? []), ...PartitionKeys].map(columnLine);
  return PartitionKeys.length === 0 ? lines : [...lines, BLANK, ...partitionInformation(PartitionKeys)];
}

function formatted(table: CatalogTable): string[] {
  const { StorageDescriptor: storage = {}, PartitionKeys = [], Parameters = {} } = table;
  return [
    heading(),
    BLANK,
    ...(storage.Columns ?? []).map(columnLine),
    ...(PartitionKeys.length === 0 ? [] : [BLANK, ...partitionInformation(PartitionKeys)]),
    BLANK,
    '# Detailed Table Information\t \t ',
    property('Database:', table.DatabaseName),
    property('CreateTime:', new Date(table.CreateTime * 1000).toUTCString()),
    property('Location:', storage.Location ?? ''),
    property('Table Type:', table.TableType ?? ''),
    'Table Parameters:\t \t ',
    ...parameters(Parameters),
    BLANK,
    '# Storage Information\t \t ',
    property('SerDe Library:', storage.SerdeInfo?.SerializationLibrary ?? ''),
    property('InputFormat:', storage.InputFormat ?? ''),
    property('OutputFormat:', storage.OutputFormat ?? ''),
    'Storage Desc Params:\t \t ',
    ...parameters(storage.SerdeInfo?.Parameters ?? {}),
  ];
}

function partitionInformation(keys: GlueColumn[]): string[] {
  return ['# Partition Information\t \t ', heading(), BLANK, ...keys.map(columnLine)];
}

function heading(): string {
  return `${'# col_name'.padEnd(22)}\t${padded('data_type')}\t${padded('comment')}`;
}

function columnLine({ Name, Type, Comment = '' }: GlueColumn): string {
  return `${padded(Name.toLowerCase())}\t${padded(Type)}\t${padded(Comment.replace(/\s+/g, ' '))}`;
}

function property(name: string, value: string): string {
  return `${padded(name)}\t${padded(value)}\t `;
}

function parameters(all: Record<string, string>): string[] {
  return Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `\t${padded(name)}\t${padded(value)}`);
}
