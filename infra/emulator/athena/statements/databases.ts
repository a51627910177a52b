/** CREATE, DROP DATABASE. */
import { LOCAL_ACCOUNT } from '../../glue/glue.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { locationFolder } from '../catalog/s3-location.ts';
import { ddlFailure, semanticError } from '../language/statement-error.ts';
import { readTokens } from '../language/token-reader.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { textResult } from './text-result.ts';

/** `CREATE DATABASE|SCHEMA [IF NOT EXISTS] name [COMMENT …] [LOCATION …] [WITH DBPROPERTIES (…)]`. */
export async function createDatabase(query: Query, { catalog, s3Root }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, 'hive');
  reader.expect('CREATE');
  if (!reader.accept('DATABASE')) reader.expect('SCHEMA');
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const name = reader.name();
  const comment = reader.accept('COMMENT') ? reader.string() : undefined;
  const location = reader.accept('LOCATION') ? reader.string() : undefined;
  const properties = reader.accept('WITH', 'DBPROPERTIES') ? reader.properties() : undefined;
  reader.end();
  if (location !== undefined) locationFolder(location, s3Root);
  const created = await catalog.createDatabase({
    Name: name,
    CreateTime: query.nowMs / 1000,
    CatalogId: LOCAL_ACCOUNT,
    ...(comment !== undefined && { Description: comment }),
    ...(location !== undefined && { LocationUri: location }),
    ...(properties !== undefined && { Parameters: properties }),
  });
  if (!created && !ifNotExists) throw ddlFailure(`AlreadyExistsException(message:Database ${name} already exists)`);
  return textResult(query, [], []);
}

/** `DROP DATABASE|SCHEMA [IF EXISTS] name [RESTRICT|CASCADE]`. The tables' data stays where it is. */
export async function dropDatabase(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, 'hive');
  reader.expect('DROP');
  if (!reader.accept('DATABASE')) reader.expect('SCHEMA');
  const ifExists = reader.accept('IF', 'EXISTS');
  const name = reader.name();
  const isCascade = reader.accept('CASCADE') || (reader.accept('RESTRICT') && false);
  reader.end();
  if ((await catalog.getDatabase(name)) === undefined) {
    if (ifExists) return textResult(query, [], []);
    throw semanticError(10072, `Database does not exist: ${name}`);
  }
  if (!isCascade && (await catalog.listTables(name)).length > 0)
    throw ddlFailure(`InvalidOperationException(message:Database ${name} is not empty. One or more tables exist.)`);
  await catalog.deleteDatabase(name);
  return textResult(query, [], []);
}

/** `ALTER DATABASE … SET DBPROPERTIES`, which is not done here. */
export async function alterDatabase(): Promise<QueryOutcome> {
  throw notSupported('ALTER DATABASE');
}
