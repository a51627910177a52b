/** Trino's `information_schema`, from the catalog: schemata, tables, views and columns. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog, CatalogDatabase, CatalogTable } from '../../glue/catalog.ts';
import { Refusal } from '../../trino-sql/syntax/refusal.ts';
import { BIGINT, parseHiveType, type TrinoType, trinoName, VARCHAR } from '../../trino-sql/types/trino-type.ts';
import { quote, quoteName } from '../../trino-sql/types/typed-expression.ts';
import { viewDefinition } from '../catalog/view-definition.ts';
import type { Source } from './table-source.ts';

type Value = string | number | null;
interface SchemaTable {
  columns: { name: string; type: TrinoType }[];
  rows(databases: CatalogDatabase[], tables: CatalogTable[]): Value[][];
}

const CATALOG = 'awsdatacatalog';
const texts = (...names: string[]) => names.map(name => ({ name, type: VARCHAR }));

const TABLES: Record<string, SchemaTable> = {
  schemata: {
    columns: texts('catalog_name', 'schema_name'),
    rows: databases => [...databases.map(({ Name }) => Name), 'information_schema'].map(name => [CATALOG, name]),
  },
  tables: {
    columns: texts('table_catalog', 'table_schema', 'table_name', 'table_type'),
    rows: (_, tables) =>
      tables.map(table => [CATALOG, table.DatabaseName, table.Name, isView(table) ? 'VIEW' : 'BASE TABLE']),
  },
  views: {
    columns: texts('table_catalog', 'table_schema', 'table_name', 'view_definition'),
    rows: (_, tables) =>
      tables
        .filter(isView)
        .map(table => [
          CATALOG,
          table.DatabaseName,
          table.Name,
          unlessRefused(() => viewDefinition(table).sql) ?? null,
        ]),
  },
  columns: {
    columns: [
      ...texts('table_catalog', 'table_schema', 'table_name', 'column_name'),
      { name: 'ordinal_position', type: BIGINT },
      ...texts('column_default', 'is_nullable', 'data_type', 'comment', 'extra_info'),
    ],
    rows: (_, tables) => tables.flatMap(columnRows),
  },
};

/** A table of `information_schema` as a source whose relation is called `id`; undefined for one that is not here. */
export function informationSchema(id: string, name: string, catalog: Catalog): Source | undefined {
  const table = Object.hasOwn(TABLES, name) ? TABLES[name] : undefined;
  if (table === undefined) return undefined;
  return {
    columns: table.columns,
    open: async (connection: DuckDBConnection) => {
      const databases = await catalog.listDatabases();
      const tables = await Promise.all(databases.map(({ Name }) => catalog.listTables(Name)));
      await connection.run(relationOf(id, table, table.rows(databases, tables.flat())));
      return 0;
    },
  };
}

function relationOf(id: string, { columns }: SchemaTable, rows: Value[][]): string {
  const empty = columns.map(({ type }) => `CAST(NULL AS ${type.kind === 'bigint' ? 'BIGINT' : 'VARCHAR'})`);
  const values = rows.map(row => `(${row.map(valueText).join(', ')})`);
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const create = `CREATE OR REPLACE TEMP VIEW ${quoteName(id)} (${names}) AS SELECT ${empty.join(', ')} WHERE false`;
  return values.length === 0 ? create : `${create} UNION ALL VALUES ${values.join(', ')}`;
}

function valueText(value: Value): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? `CAST(${value} AS BIGINT)` : quote(value);
}

function isView({ TableType }: CatalogTable): boolean {
  return TableType === 'VIRTUAL_VIEW';
}

function columnRows(table: CatalogTable): Value[][] {
  const own = (table.StorageDescriptor?.Columns ?? []).map(column => ({ ...column, extra: null }));
  const keys = (table.PartitionKeys ?? []).map(column => ({ ...column, extra: 'partition key' }));
  return [...own, ...keys].map(({ Name, Type, Comment, extra }, index) => [
    CATALOG,
    table.DatabaseName,
    table.Name,
    Name.toLowerCase(),
    index + 1,
    null,
    'YES',
    typeName(Type),
    Comment ?? null,
    extra,
  ]);
}

/** A column's type as Trino names it; one that is not read here keeps the catalog's name. */
function typeName(type: string): string {
  return unlessRefused(() => trinoName(parseHiveType(type))) ?? type;
}

/** One table that cannot be read here must not hide the others. */
function unlessRefused<T>(give: () => T): T | undefined {
  try {
    return give();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
