/** CREATE EXTERNAL TABLE, DROP TABLE. */
import { newTable } from '../../glue/glue.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { locationFolder } from '../catalog/s3-location.ts';
import { ddlFailure, StatementError, semanticError } from '../language/statement-error.ts';
import { readTokens } from '../language/token-reader.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { parseCreateTable, type TableDefinition } from './hive-ddl.ts';
import { findTable, isView } from './named-table.ts';
import { textResult } from './text-result.ts';

/** `CREATE EXTERNAL TABLE`: the catalog's entry alone; the files are there or will be. */
export async function createTable(query: Query, { catalog, s3Root }: StatementPlace): Promise<QueryOutcome> {
  const definition = parseCreateTable(query.sql);
  const database = definition.table.database ?? query.database;
  if ((await catalog.getDatabase(database)) === undefined)
    throw semanticError(10072, `Database does not exist: ${database}`);
  if (definition.location === undefined)
    throw new StatementError('No location was specified for table. An S3 location must be specified');
  locationFolder(definition.location, s3Root);
  if (definition.properties.table_type?.toLowerCase() === 'iceberg') throw notSupported('an Iceberg table');
  const created = await catalog.createTable(
    newTable(tableInput(definition, query.nowMs), database, query.nowMs / 1000),
  );
  if (!created && !definition.ifNotExists)
    throw ddlFailure(`AlreadyExistsException(message:Table ${definition.table.name} already exists)`);
  return textResult(query, [], []);
}

/** A definition as a Glue `TableInput`. */
function tableInput(definition: TableDefinition, nowMs: number): object {
  const { columns, partitions, comment, format, serdeProperties, location, properties, table } = definition;
  return {
    Name: table.name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      ...(comment !== undefined && { comment }),
      ...properties,
      transient_lastDdlTime: String(Math.floor(nowMs / 1000)),
    },
    PartitionKeys: partitions,
    StorageDescriptor: {
      Columns: columns,
      Location: location,
      InputFormat: format.inputFormat,
      OutputFormat: format.outputFormat,
      Compressed: false,
      NumberOfBuckets: -1,
      SerdeInfo: {
        SerializationLibrary: format.serde,
        Parameters: { 'serialization.format': '1', ...serdeProperties },
      },
      BucketColumns: [],
      SortColumns: [],
      Parameters: {},
      StoredAsSubDirectories: false,
    },
  };
}

/** `DROP TABLE [IF EXISTS] name [PURGE]`: the catalog's entry and its partitions; an external table's data stays. */
export async function dropTable(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, quotesOf(query.sql));
  reader.expect('DROP', 'TABLE');
  const ifExists = reader.accept('IF', 'EXISTS');
  const name = reader.tableName();
  reader.accept('PURGE');
  reader.end();
  const table = await findTable(catalog, name, query.database);
  if (table === undefined) {
    if (ifExists) return textResult(query, [], []);
    throw semanticError(10001, `Table not found ${name.name}`);
  }
  if (isView(table)) throw semanticError(10001, `Cannot drop a view with DROP TABLE: ${name.name}`);
  await catalog.deleteTable(table.DatabaseName, table.Name);
  return textResult(query, [], []);
}

/** Athena takes double quotes around the names of a DROP too, in place of Hive's backticks. */
export function quotesOf(sql: string): 'hive' | 'trino' {
  return sql.includes('"') && !sql.includes('`') ? 'trino' : 'hive';
}
