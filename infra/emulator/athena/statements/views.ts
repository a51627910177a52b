/** CREATE VIEW, DROP VIEW, SHOW CREATE VIEW. */
import { newTable, replaceTable } from '../../glue/table-operations.ts';
import { trinoName } from '../../trino-sql/types/trino-type.ts';
import { viewDefinition } from '../catalog/view-definition.ts';
import { StatementError, semanticError } from '../language/statement-error.ts';
import { readTokens } from '../language/token-reader.ts';
import { translateNamed } from '../read/open-query.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { findTable, isView, requireDatabase } from './named-table.ts';
import { glueColumns } from './stored-columns.ts';
import { quotesOf } from './tables.ts';
import { textResult } from './text-result.ts';

/** `CREATE [OR REPLACE] VIEW name AS query`, kept in the catalog as Athena keeps one. */
export async function createView(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, 'trino');
  reader.expect('CREATE');
  const isReplace = reader.accept('OR', 'REPLACE');
  reader.expect('VIEW');
  const name = reader.tableName();
  reader.expect('AS');
  const sql = reader.rest().trim();
  const database = name.database ?? query.database;
  await requireDatabase(place.catalog, database);
  const old = await place.catalog.getTable(database, name.name);
  if (old !== undefined && !isView(old))
    throw new StatementError(`TABLE_ALREADY_EXISTS: line 1:1: Table already exists: '${database}.${name.name}'`);
  if (old !== undefined && !isReplace) throw viewExists(`${database}.${name.name}`);
  const { translation, names } = await translateNamed({ ...query, sql }, place);
  if (names.has(`${database}.${name.name}`))
    throw new StatementError('INVALID_VIEW: line 1:1: Statement would create a recursive view');
  const columns = glueColumns(translation.columns);
  const definition = {
    originalSql: sql,
    catalog: 'awsdatacatalog',
    schema: query.database,
    columns: translation.columns.map(({ type }, index) => ({ name: columns[index]?.Name, type: trinoName(type) })),
  };
  const encoded = Buffer.from(JSON.stringify(definition)).toString('base64');
  const input = {
    Name: name.name,
    TableType: 'VIRTUAL_VIEW',
    Parameters: { presto_view: 'true', comment: 'Presto View' },
    PartitionKeys: [],
    StorageDescriptor: { Columns: columns, Location: '', SerdeInfo: {} },
    ViewOriginalText: `/* Presto View: ${encoded} */`,
    ViewExpandedText: '/* Presto View */',
  };
  const atSeconds = query.nowMs / 1000;
  if (old !== undefined) await replaceTable(place.catalog, old, input, { atSeconds });
  else if (!(await place.catalog.createTable(newTable(input, database, atSeconds))))
    throw viewExists(`${database}.${name.name}`);
  return textResult(query, [], []);
}

function viewExists(name: string): StatementError {
  return new StatementError(`TABLE_ALREADY_EXISTS: line 1:1: View already exists: '${name}'`);
}

/** `DROP VIEW [IF EXISTS] name`. */
export async function dropView(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, quotesOf(query.sql));
  reader.expect('DROP', 'VIEW');
  const ifExists = reader.accept('IF', 'EXISTS');
  const name = reader.tableName();
  reader.end();
  const view = await findTable(catalog, name, query.database);
  if (view === undefined) {
    if (ifExists) return textResult(query, [], []);
    throw semanticError(10001, `Table not found ${name.name}`);
  }
  if (!isView(view)) throw semanticError(10001, `${name.name} is a table, not a view: use DROP TABLE`);
  await catalog.deleteTable(view.DatabaseName, view.Name);
  return textResult(query, [], []);
}

/** `SHOW CREATE VIEW name`. */
export async function showCreateView(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, quotesOf(query.sql));
  reader.expect('SHOW', 'CREATE', 'VIEW');
  const name = reader.tableName();
  reader.end();
  const view = await findTable(catalog, name, query.database);
  if (view === undefined || !isView(view)) throw semanticError(10001, `Table not found ${name.name}`);
  const text = `CREATE VIEW ${view.DatabaseName}.${view.Name} AS\n${viewDefinition(view).sql}`;
  return textResult(query, ['Create View'], [text], 'varchar');
}
