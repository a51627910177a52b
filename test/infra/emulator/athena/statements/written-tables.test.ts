import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { GetQueryExecutionCommand, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LakeFixture, openLake } from '../lake-fixture.ts';
import { objectText, runStatement } from './run-statement.ts';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());
const run = (sql: string, parameters?: string[]) => runStatement(lake, sql, parameters);
const rows = async (sql: string) => (await lake.ask(sql)).rows;
const folder = (key: string) => readdir(path.join(lake.s3Root, 'sluice-lake', key));

const VALUES = `(VALUES (1, 'a', DATE '2026-07-01', 1.5e0, TIMESTAMP '2026-07-01 10:00:00.123', true, DECIMAL '1.10'),
  (2, NULL, DATE '2026-07-02', NULL, NULL, NULL, NULL)) AS v(n, s, d, x, t, b, m)`;

describe('CREATE TABLE AS', () => {
  test('writes Parquet below the result location, a manifest, and the table', async () => {
    const {
      kind,
      columns,
      rows: given,
      updateCount,
      execution,
    } = await run(`CREATE TABLE "sluice"."copy" AS SELECT * FROM ${VALUES}`);
    expect([kind, columns, given, updateCount]).toEqual(['DDL CREATE_TABLE_AS_SELECT', ['rows bigint'], [], 2]);
    const id = execution.QueryExecutionId;
    expect(execution.ResultConfiguration?.OutputLocation).toBe(`s3://sluice-lake/results/tables/${id}`);
    expect(execution.Statistics?.DataManifestLocation).toBe(`s3://sluice-lake/results/tables/${id}-manifest.csv`);
    expect(await objectText(lake, execution.Statistics?.DataManifestLocation)).toBe(
      `s3://sluice-lake/results/tables/${id}/${id}_0.parquet\n`,
    );
    const answer = await lake.ask('SELECT * FROM copy ORDER BY n');
    expect(answer.columns).toEqual([
      'n integer',
      's varchar',
      'd date',
      'x double',
      't timestamp',
      'b boolean',
      'm decimal',
    ]);
    expect(answer.rows).toEqual([
      ['1', 'a', '2026-07-01', '1.5', '2026-07-01 10:00:00.123', 'true', '1.10'],
      ['2', null, '2026-07-02', null, null, null, null],
    ]);
    expect(await lake.catalog.getTable('sluice', 'copy')).toMatchObject({
      TableType: 'EXTERNAL_TABLE',
      Parameters: { classification: 'parquet', 'parquet.compression': 'GZIP' },
      StorageDescriptor: { Location: `s3://sluice-lake/results/tables/${id}/` },
    });
    expect(await readdir(path.join(lake.s3Root, '.staging'))).toEqual([]);
  });

  test('reads a literal with a point as a double, and DECIMAL as a decimal', async () => {
    await run("CREATE TABLE points AS SELECT 1.5 AS x, .5 * 3 AS y, DECIMAL '1.50' AS m, ARRAY[2.5] AS l");
    const types = (await lake.catalog.getTable('sluice', 'points'))?.StorageDescriptor?.Columns?.map(
      ({ Type }) => Type,
    );
    expect(types).toEqual(['double', 'double', 'decimal(3,2)', 'array<double>']);
    expect(await rows('SELECT * FROM points')).toEqual([['1.5', '1.5', '1.50', '[2.5]']]);
    expect(await rows('SELECT typeof(x) FROM points WHERE x = 1.5 AND m < 1.51')).toEqual([['double']]);
  });

  test('partitions by the last columns, and the catalog has the partitions', async () => {
    await run(`CREATE TABLE parts WITH (format = 'PARQUET', external_location = 's3://sluice-lake/parts', partitioned_by = ARRAY['d', 'k'],
      write_compression = 'ZSTD') AS SELECT n, s, d, CASE WHEN n = 1 THEN 'a=/b %' END AS k FROM ${VALUES}`);
    expect((await folder('parts')).sort()).toEqual(['d=2026-07-01', 'd=2026-07-02']);
    expect(await folder('parts/d=2026-07-01')).toEqual(['k=a%3D%2Fb %25']);
    const all = [
      ['1', 'a', '2026-07-01', 'a=/b %'],
      ['2', null, '2026-07-02', null],
    ];
    expect(await rows('SELECT * FROM parts ORDER BY n')).toEqual(all);
    expect(await rows("SELECT n FROM parts WHERE d = DATE '2026-07-02'")).toEqual([['2']]);
    expect(await rows("SELECT n FROM parts WHERE k = 'a=/b %'")).toEqual([['1']]);
    expect(await lake.catalog.listPartitionValues('sluice', 'parts')).toHaveLength(2);
  });

  test('stores rows and maps under the names of their fields', async () => {
    const { execution } = await run(
      "CREATE TABLE nested AS SELECT CAST(ROW(1, ARRAY[ROW('x'), NULL]) AS ROW(id bigint, tags ARRAY(ROW(name varchar)))) AS r, MAP(ARRAY['k'], ARRAY[2]) AS m",
    );
    expect(execution.Status?.State).toBe('SUCCEEDED');
    expect((await lake.catalog.getTable('sluice', 'nested'))?.StorageDescriptor?.Columns).toEqual([
      { Name: 'r', Type: 'struct<id:bigint,tags:array<struct<name:string>>>' },
      { Name: 'm', Type: 'map<string,int>' },
    ]);
    expect(await rows("SELECT r, r.tags[1].name, m, m['k'] FROM nested")).toEqual([
      ['{id=1, tags=[{name=x}, null]}', 'x', '{k=2}', '2'],
    ]);
    expect(await lake.failure('CREATE TABLE bad AS SELECT ROW(1, 2) AS r')).toContain(
      'Anonymous row type is not supported',
    );
    await run(
      "CREATE EXTERNAL TABLE nested2 (r struct<tags:array<struct<extra:int,name:string>>>) STORED AS PARQUET LOCATION 's3://sluice-lake/results/tables/" +
        `${execution.QueryExecutionId}/'`,
    );
    expect(await rows('SELECT r FROM nested2')).toEqual([['{tags=[{extra=null, name=x}, null]}']]);
  });

  test('WITH NO DATA makes the table alone, and no rows make no file', async () => {
    expect((await run(`CREATE TABLE empty1 AS SELECT * FROM ${VALUES} WITH NO DATA`)).updateCount).toBe(0);
    const none = await run(`CREATE TABLE empty2 AS SELECT * FROM ${VALUES} WHERE n > ?`, ['5']);
    expect(none.updateCount).toBe(0);
    expect(await objectText(lake, none.execution.Statistics?.DataManifestLocation)).toBe('');
    expect(await rows('SELECT count(*) FROM empty1 JOIN empty2 ON empty1.n = empty2.n')).toEqual([['0']]);
    expect((await run(`CREATE TABLE IF NOT EXISTS empty1 AS SELECT 1 AS x`)).updateCount).toBe(0);
  });

  test('accepts the options that dbt sends', async () => {
    await run(`-- /* {"app": "dbt"} */
      create table "awsdatacatalog"."sluice"."dbt_table"
      with (table_type='hive', is_external=true, external_location='s3://sluice-lake/dbt/sluice/x', format='parquet')
      as
      select 1 as id`);
    expect(await rows('select * from "awsdatacatalog"."sluice"."dbt_table"')).toEqual([['1']]);
  });

  test.each([
    ['CREATE TABLE bad AS SELECT 1', 'Column name not specified at position 1'],
    ['CREATE TABLE bad AS SELECT 1 AS a, 2 AS A', "Column name 'a' specified more than once"],
    ['CREATE TABLE bad AS SELECT NULL AS a', 'COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown: a'],
    ['CREATE TABLE bad AS SELECT current_timestamp AS a', 'Unsupported Hive type: timestamp(3) with time zone'],
    ["CREATE TABLE bad WITH (format = 'ORC') AS SELECT 1 AS a", 'CREATE TABLE AS with format ORC'],
    ['CREATE TABLE bad WITH (bucket_count = 3) AS SELECT 1 AS a', 'the property bucket_count'],
    ["CREATE TABLE bad WITH (table_type = 'ICEBERG') AS SELECT 1 AS a", 'a table of type ICEBERG'],
    ["CREATE TABLE bad WITH (partitioned_by = ARRAY['a']) AS SELECT 1 AS a, 2 AS b", 'HIVE_COLUMN_ORDER_MISMATCH'],
    ["CREATE TABLE bad WITH (external_location = 's3://sluice-lake/readings/../x/') AS SELECT 1 AS a", 'S3 location'],
    ["CREATE TABLE bad WITH (external_location = '/tmp/x/') AS SELECT 1 AS a", 'S3 location'],
    ['CREATE TABLE nowhere.bad AS SELECT 1 AS a', "SCHEMA_NOT_FOUND: line 1:1: Schema 'nowhere' does not exist"],
    [
      'CREATE TABLE readings_log AS SELECT 1 AS a',
      "Destination table 'awsdatacatalog.sluice.readings_log' already exists",
    ],
    ['CREATE TABLE bad AS SELECT 1 / 0 AS a', 'DIVISION_BY_ZERO'],
    ["CREATE TABLE bad WITH (partitioned_by = ARRAY['p']) AS SELECT 1 AS a, 1.5e0 AS p", 'a partition of type double'],
    ["CREATE TABLE bad WITH (partitioned_by = ARRAY['p']) AS SELECT 1 AS a, '' AS p", 'an empty string'],
    [
      "CREATE TABLE bad WITH (partitioned_by = ARRAY['p']) AS SELECT 1 AS a, 'é' AS p",
      'HIVE_INVALID_PARTITION_VALUE: Hive partition keys can only contain printable ASCII characters (0x20 - 0x7E). Invalid value: C3 A9',
    ],
  ])('refuses %s', async (sql, why) => {
    expect(await lake.failure(sql)).toContain(why);
    expect(await lake.catalog.getTable('sluice', 'bad')).toBeUndefined();
    expect(await readdir(path.join(lake.s3Root, '.staging'))).toEqual([]);
  });

  test('refuses a location that is not empty, and more than 100 partitions', async () => {
    await run("CREATE TABLE once WITH (external_location = 's3://sluice-lake/once/') AS SELECT 1 AS a");
    expect(
      await lake.failure("CREATE TABLE twice WITH (external_location = 's3://sluice-lake/once/') AS SELECT 1 AS a"),
    ).toMatch(/^HIVE_PATH_ALREADY_EXISTS: .* Athena will not delete data in your account\.$/);
    const many = Array.from({ length: 101 }, (_, n) => n).join(', ');
    const sql = `CREATE TABLE many WITH (external_location = 's3://sluice-lake/many/', partitioned_by = ARRAY['p']) AS SELECT 1 AS a, p FROM (VALUES ${many}) AS v(p)`;
    expect(await lake.failure(sql)).toBe(
      'HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions/buckets',
    );
    await expect(folder('many')).rejects.toThrow('ENOENT');
  });
});

test('a CTAS that is stopped leaves neither table nor files', async () => {
  const digits = Array.from({ length: 60 }, (_, n) => n).join(', ');
  const id =
    await lake.start(`CREATE TABLE stopped WITH (external_location = 's3://sluice-lake/stopped/') AS WITH a(x) AS (VALUES ${digits})
    SELECT a1.x + a2.x * a3.x AS n FROM a a1, a a2, a a3, a a4, a a5, a a6, a a7`);
  for (;;) {
    const { QueryExecution } = await lake.client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    if (QueryExecution?.Status?.State === 'RUNNING') break;
  }
  await lake.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
  expect((await lake.finished(id)).Status?.State).toBe('CANCELLED');
  expect(await lake.catalog.getTable('sluice', 'stopped')).toBeUndefined();
  await expect(folder('stopped')).rejects.toThrow('ENOENT');
  expect(await readdir(path.join(lake.s3Root, '.staging'))).toEqual([]);
});

describe('INSERT INTO', () => {
  test('adds rows, in the types of the table', async () => {
    await run(
      "CREATE EXTERNAL TABLE target (n bigint, x double, s string, t timestamp) STORED AS PARQUET LOCATION 's3://sluice-lake/target/'",
    );
    const { kind, columns, updateCount, execution } = await run(
      "INSERT INTO target VALUES (1, 1.5, 'a', DATE '2026-07-01'), (2, 2, NULL, NULL)",
    );
    expect([kind, columns, updateCount]).toEqual(['DML INSERT', ['rows bigint'], 2]);
    expect(await objectText(lake, execution.Statistics?.DataManifestLocation)).toBe(
      `s3://sluice-lake/target/${execution.QueryExecutionId}_0.parquet\n`,
    );
    await run('insert into "awsdatacatalog"."sluice"."target" ("x", "n")\n (\n select cast(? as double), 3)', ['7']);
    await run('INSERT INTO target (SELECT n + 10, x, s, t FROM target WHERE n = 1)');
    expect(await rows('SELECT * FROM target ORDER BY n')).toEqual([
      ['1', '1.5', 'a', '2026-07-01 00:00:00.000'],
      ['2', '2.0', null, null],
      ['3', '7.0', null, null],
      ['11', '1.5', 'a', '2026-07-01 00:00:00.000'],
    ]);
  });

  test('refuses a literal with a point for a decimal or a float', async () => {
    await run(
      "CREATE EXTERNAL TABLE prices (price decimal(5,2), weight float) STORED AS PARQUET LOCATION 's3://sluice-lake/prices/'",
    );
    await expect(run('INSERT INTO prices (price) VALUES (1.5)')).rejects.toThrow('TYPE_MISMATCH');
    await expect(run('INSERT INTO prices (weight) VALUES (1.5)')).rejects.toThrow('TYPE_MISMATCH');
    await run("INSERT INTO prices VALUES (DECIMAL '1.5', REAL '2.5')");
    await run('INSERT INTO prices VALUES (?, CAST(? AS real))', ["DECIMAL '3.25'", '4.5']);
    expect(await rows('SELECT * FROM prices ORDER BY price')).toEqual([
      ['1.50', '2.5'],
      ['3.25', '4.5'],
    ]);
  });

  test('puts rows into partitions, new and existing', async () => {
    await run(
      "CREATE EXTERNAL TABLE days (n int) PARTITIONED BY (dt string, hour int) STORED AS PARQUET LOCATION 's3://sluice-lake/days/'",
    );
    await run("INSERT INTO days VALUES (1, '2026-07-01', 7), (2, '2026-07-01', 8)");
    await run("INSERT INTO days (hour, dt, n) VALUES (7, '2026-07-01', 3)");
    expect(await folder('days/dt=2026-07-01')).toEqual(['hour=7', 'hour=8']);
    expect(await folder('days/dt=2026-07-01/hour=7')).toHaveLength(2);
    expect(await rows('SELECT n, hour FROM days WHERE hour = 7 ORDER BY n')).toEqual([
      ['1', '7'],
      ['3', '7'],
    ]);
    // Files that the catalog does not know do not belong to the table.
    await lake.write('2026-07-01', 'x', 'SELECT 1 AS n');
    expect(await rows('SELECT count(*) FROM days')).toEqual([['3']]);
  });

  test('also writes to the projected table of the lake', async () => {
    await run(
      "INSERT INTO readings_log (deviceid, ts, dt) VALUES ('inserted', TIMESTAMP '2026-07-09 10:00:00', '2026-07-09')",
    );
    expect(await rows("SELECT deviceid, ts, temperature FROM readings_log WHERE dt = '2026-07-09'")).toEqual([
      ['inserted', '2026-07-09 10:00:00.000', null],
    ]);
    expect(await lake.catalog.listPartitionValues('sluice', 'readings_log')).toEqual([]);
  });

  test.each([
    [
      "INSERT INTO target VALUES ('a', 1, 'x', NULL)",
      'TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [bigint, double, varchar, timestamp(3)], Query: [varchar',
    ],
    ['INSERT INTO target VALUES (1)', 'TYPE_MISMATCH'],
    ['INSERT INTO target (n, n) VALUES (1, 2)', 'specified more than once: n'],
    ['INSERT INTO target (y) VALUES (1)', 'Insert column name does not exist in target table: y'],
    ['INSERT INTO readings VALUES (1)', 'Inserting into views is not supported'],
    ['INSERT INTO never VALUES (1)', "TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.sluice.never' does not exist"],
    ['INSERT OVERWRITE target VALUES (1)', "mismatched input 'OVERWRITE'. Expecting: 'INTO'"],
    ['DELETE FROM target', 'NOT_SUPPORTED'],
  ])('refuses %s', async (sql, why) => {
    expect(await lake.failure(sql)).toContain(why);
  });
});

describe('views', () => {
  test('are stored as Athena stores them, in the database where they were created', async () => {
    await run(`CREATE TABLE base AS SELECT * FROM ${VALUES}`);
    expect((await run('CREATE OR REPLACE VIEW "v1" AS\nSELECT n, s AS "Text" FROM base;')).kind).toBe(
      'DDL CREATE_VIEW',
    );
    const view = await lake.catalog.getTable('sluice', 'v1');
    expect(view).toMatchObject({
      TableType: 'VIRTUAL_VIEW',
      Parameters: { presto_view: 'true' },
      StorageDescriptor: {
        Columns: [
          { Name: 'n', Type: 'int' },
          { Name: 'text', Type: 'string' },
        ],
      },
    });
    const encoded = /^\/\* Presto View: (.*) \*\/$/.exec(view?.ViewOriginalText ?? '')?.[1] ?? '';
    expect(JSON.parse(Buffer.from(encoded, 'base64').toString())).toEqual({
      originalSql: 'SELECT n, s AS "Text" FROM base',
      catalog: 'awsdatacatalog',
      schema: 'sluice',
      columns: [
        { name: 'n', type: 'integer' },
        { name: 'text', type: 'varchar' },
      ],
    });
    expect(await rows('SELECT * FROM v1 WHERE n = 1')).toEqual([['1', 'a']]);
    expect((await run('SHOW CREATE VIEW v1')).rows).toEqual([
      ['CREATE VIEW sluice.v1 AS'],
      ['SELECT n, s AS "Text" FROM base'],
    ]);
  });

  test('are replaced only with OR REPLACE, never silently or in place of a table', async () => {
    await run('CREATE VIEW v2 AS SELECT 1 AS a');
    expect(await lake.failure('CREATE VIEW v2 AS SELECT 2 AS a')).toContain("View already exists: 'sluice.v2'");
    await run('CREATE OR REPLACE VIEW v2 AS SELECT 2 AS b');
    expect(await lake.ask('SELECT * FROM v2')).toEqual({ columns: ['b integer'], rows: [['2']] });
    expect(await lake.failure('CREATE OR REPLACE VIEW v2 AS SELECT * FROM v2')).toContain('recursive view');
    expect(await lake.failure('CREATE OR REPLACE VIEW base AS SELECT 1 AS a')).toContain('Table already exists');
    expect(await lake.failure('CREATE VIEW v3 AS SELECT 1')).toContain('Column name not specified at position 1');
    expect(await lake.failure('CREATE VIEW v3 AS SELECT * FROM never')).toContain('TABLE_NOT_FOUND');
    expect((await lake.catalog.getTable('sluice', 'v2'))?.VersionId).toBe('1');
    expect((await lake.catalog.listArchived('sluice', 'v2')).map(({ VersionId }) => VersionId)).toEqual(['0']);
  });

  test('are dropped only by DROP VIEW', async () => {
    await run('CREATE VIEW v4 AS SELECT 1 AS a');
    expect(await lake.failure('DROP TABLE v4')).toContain('Cannot drop a view with DROP TABLE');
    expect((await run('DROP VIEW IF EXISTS v4')).kind).toBe('DDL DROP_VIEW');
    expect(await lake.failure('DROP VIEW v4')).toContain('Table not found v4');
    expect(await lake.failure('DROP VIEW base')).toContain('is a table, not a view');
  });
});
