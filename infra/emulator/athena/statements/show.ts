/** SHOW: databases, tables, views, columns, partitions, properties. */
import type { CatalogTable } from '../../glue/catalog.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { ddlFailure, StatementError, semanticError } from '../language/statement-error.ts';
import { readTokens, type TokenReader } from '../language/token-reader.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { backquoted, isView, requireTable } from './named-table.ts';
import { partitionName } from './partition-entries.ts';
import { quotesOf } from './tables.ts';
import { padded, textResult } from './text-result.ts';

function reading(sql: string): TokenReader {
  return readTokens(sql, quotesOf(sql));
}

/** `SHOW DATABASES|SCHEMAS [LIKE 'pattern']`. */
export async function showDatabases(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = reading(query.sql);
  reader.expect('SHOW');
  if (!reader.accept('DATABASES')) reader.expect('SCHEMAS');
  const fits = pattern(reader);
  reader.end();
  const names = (await catalog.listDatabases()).map(({ Name }) => Name).filter(fits);
  return textResult(query, ['database_name'], names.sort());
}

/** `SHOW TABLES [IN|FROM database] [LIKE] ['pattern']`: tables and views. */
export function showTables(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  return showNames(query, place, { keyword: 'TABLES', column: 'tab_name', isShown: () => true });
}

/** `SHOW VIEWS [IN|FROM database] [LIKE] ['pattern']`. */
export function showViews(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  return showNames(query, place, { keyword: 'VIEWS', column: 'views', isShown: isView });
}

async function showNames(
  query: Query,
  { catalog }: StatementPlace,
  { keyword, column, isShown }: { keyword: string; column: string; isShown(table: CatalogTable): boolean },
): Promise<QueryOutcome> {
  const reader = reading(query.sql);
  reader.expect('SHOW', keyword);
  const database = reader.accept('IN') || reader.accept('FROM') ? reader.name() : query.database;
  const fits = pattern(reader);
  reader.end();
  if ((await catalog.getDatabase(database)) === undefined)
    throw semanticError(10072, `Database does not exist: ${database}`);
  const tables = (await catalog.listTables(database)).filter(table => isShown(table) && fits(table.Name));
  return textResult(query, [column], tables.map(({ Name }) => Name).sort());
}

/**
 * The patterns of AWS's documentation, without case: `*` and `.*` are any text, `|` is or, and everything else is itself. What
 * else a regular expression might mean there is not documented.
 */
function pattern(reader: TokenReader): (name: string) => boolean {
  const isLike = reader.accept('LIKE');
  if (!isLike && reader.peek().kind !== 'string') return () => true;
  const text = reader.string();
  if (!/^(?:[\p{L}\p{N}_*|$%@ -]|\.\*)*$/u.test(text))
    throw notSupported(`the pattern '${text}'`, 'Use * or .* for any text, and | for or.');
  const choices = text.toLowerCase().replaceAll('.*', '*').split('|');
  return name => choices.some(choice => isLikePattern(choice, name.toLowerCase()));
}

/** Whether a name is as `pattern` says, where `*` is any text. */
function isLikePattern(pattern: string, name: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === start;
  const end = rest.pop() ?? '';
  if (!name.startsWith(start)) return false;
  let at = start.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length >= at + end.length && name.endsWith(end);
}

/** `SHOW COLUMNS IN|FROM table [IN|FROM database]`. */
export async function showColumns(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = reading(query.sql);
  reader.expect('SHOW', 'COLUMNS');
  if (!reader.accept('IN')) reader.expect('FROM');
  const name = reader.tableName();
  if (reader.accept('IN') || reader.accept('FROM')) name.database = reader.name();
  reader.end();
  const table = await requireTable(catalog, name, query.database);
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  return textResult(
    query,
    ['field'],
    columns.map(column => padded(column.Name.toLowerCase())),
  );
}

/** `SHOW PARTITIONS table`: those of the catalog; projected ones are in none. */
export async function showPartitions(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = reading(query.sql);
  reader.expect('SHOW', 'PARTITIONS');
  const name = reader.tableName();
  reader.end();
  const table = await requireTable(catalog, name, query.database);
  if ((table.PartitionKeys ?? []).length === 0) throw ddlFailure(`Table ${table.Name} is not a partitioned table`);
  const all = await catalog.listPartitionValues(table.DatabaseName, table.Name);
  return textResult(query, ['partition'], all.map(values => partitionName(table, values)).sort());
}

/** `SHOW TBLPROPERTIES table [('key')]`: `key<tab>value` lines, or the value of the one. */
export async function showTableProperties(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, 'hive');
  reader.expect('SHOW', 'TBLPROPERTIES');
  const name = reader.tableName();
  const [key] = reader.at('(') ? reader.list(reader.string) : [];
  reader.end();
  const { Parameters = {}, Name } = await requireTable(catalog, name, query.database);
  const columns = ['prpt_name', 'prpt_value'];
  if (key !== undefined)
    return textResult(query, columns, [Parameters[key] ?? `Table ${Name} does not have property: ${key}`]);
  const lines = Object.entries(Parameters).map(([property, value]) => `${property}\t${value}`);
  return textResult(query, columns, lines.sort());
}

/** `SHOW CREATE TABLE table`, as Hive writes it: with the name as it was asked for. */
export async function showCreateTable(query: Query, { catalog }: StatementPlace): Promise<QueryOutcome> {
  const reader = reading(query.sql);
  reader.expect('SHOW', 'CREATE', 'TABLE');
  const name = reader.tableName();
  reader.end();
  const table = await requireTable(catalog, name, query.database);
  if (isView(table)) throw new StatementError(`FAILED: ${table.Name} is a view: use SHOW CREATE VIEW`);
  const shown = name.database === undefined ? name.name : `${name.database}.${name.name}`;
  return textResult(query, ['createtab_stmt'], createTableLines(table, shown));
}

function createTableLines(table: CatalogTable, name: string): string[] {
  const { StorageDescriptor: storage = {}, PartitionKeys = [], Parameters = {} } = table;
  const { comment, ...properties } = Parameters;
  const serdeProperties = pairs(storage.SerdeInfo?.Parameters ?? {});
  return [
    `CREATE EXTERNAL TABLE \`${name}\`(`,
    ...columnLines(storage.Columns ?? []),
    ...(comment === undefined ? [] : ['COMMENT', `  ${quoted(comment)}`]),
    ...(PartitionKeys.length === 0 ? [] : ['PARTITIONED BY ( ', ...columnLines(PartitionKeys)]),
    'ROW FORMAT SERDE ',
    `  ${quoted(storage.SerdeInfo?.SerializationLibrary ?? '')} `,
    ...(serdeProperties.length === 0 ? [] : ['WITH SERDEPROPERTIES ( ', ...serdeProperties]),
    'STORED AS INPUTFORMAT ',
    `  ${quoted(storage.InputFormat ?? '')} `,
    'OUTPUTFORMAT ',
    `  ${quoted(storage.OutputFormat ?? '')}`,
    'LOCATION',
    `  ${quoted(storage.Location ?? '')}`,
    'TBLPROPERTIES (',
    ...pairs(properties),
  ];
}

function columnLines(columns: { Name: string; Type: string; Comment?: string }[]): string[] {
  return columns.map(({ Name, Type, Comment = '' }, index) => {
    const comment = Comment === '' ? '' : ` COMMENT ${quoted(Comment)}`;
    return `  ${backquoted(Name)} ${Type}${comment}${index === columns.length - 1 ? ')' : ', '}`;
  });
}

function pairs(properties: Record<string, string>): string[] {
  const all = Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
  return all.map(([key, value], index) => `  ${quoted(key)}=${quoted(value)}${index === all.length - 1 ? ')' : ', '}`);
}

const CODES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', "'": "\\'" };

/** A Hive string that reads as the same text again. */
function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
  const escaped = text.replace(/[\u0000-\u001f\\']/g, character => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return CODES[character] ?? `\\u${code}`;
  });
  return `'${escaped}'`;
}
