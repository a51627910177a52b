/** The statements beyond SELECT, each by its own file. */

import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import type { StatementKind } from '../language/statement-kind.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { alterTable, repairTable } from './alter-table.ts';
import { createTableAs } from './create-table-as.ts';
import { alterDatabase, createDatabase, dropDatabase } from './databases.ts';
import { describeTable } from './describe.ts';
import { explain } from './explain.ts';
import { insertInto } from './insert.ts';
import { deallocate, prepare } from './prepared.ts';
import {
  showColumns,
  showCreateTable,
  showDatabases,
  showPartitions,
  showTableProperties,
  showTables,
  showViews,
} from './show.ts';
import { createTable, dropTable } from './tables.ts';
import { unload } from './unload.ts';
import { createView, dropView, showCreateView } from './views.ts';

type Run = (query: Query, place: StatementPlace) => Promise<QueryOutcome>;

const STATEMENTS: Record<string, Run> = {
  CREATE_DATABASE: createDatabase,
  DROP_DATABASE: dropDatabase,
  ALTER_DATABASE: alterDatabase,
  CREATE_TABLE: createTable,
  DROP_TABLE: dropTable,
  CREATE_TABLE_AS_SELECT: createTableAs,
  INSERT: insertInto,
  CREATE_VIEW: createView,
  DROP_VIEW: dropView,
  SHOW_CREATE_VIEW: showCreateView,
  UNLOAD: unload,
  SHOW_DATABASES: showDatabases,
  SHOW_TABLES: showTables,
  SHOW_VIEWS: showViews,
  SHOW_COLUMNS: showColumns,
  SHOW_PARTITIONS: showPartitions,
  SHOW_TBLPROPERTIES: showTableProperties,
  SHOW_CREATE_TABLE: showCreateTable,
  DESCRIBE_TABLE: describeTable,
  ALTER_TABLE: alterTable,
  MSCK_REPAIR_TABLE: repairTable,
  PREPARE: prepare,
  DEALLOCATE_PREPARE: deallocate,
  EXPLAIN: explain,
};

/** Runs a statement of a kind other than SELECT, and writes its result. Throws as `executeQuery` does. */
export function runStatement(kind: StatementKind, query: Query, place: StatementPlace): Promise<QueryOutcome> {
  const run = STATEMENTS[kind.substatement];
  if (run === undefined) throw notSupported(kind.substatement.replaceAll('_', ' '));
  query.signal.throwIfAborted();
  return run(query, place);
}
