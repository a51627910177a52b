import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LakeFixture, openLake } from '../lake-fixture.ts';
import { lines, runStatement } from './run-statement.ts';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
  await run('CREATE DATABASE weather');
  await run(`CREATE EXTERNAL TABLE weather.log (id int COMMENT 'it\\'s\\nthe id', tags array<string>) COMMENT 'the log'
    PARTITIONED BY (dt string COMMENT 'day', hour int)
    ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LOCATION 's3://sluice-lake/weather/log/' TBLPROPERTIES ('b'='2', 'a'='1')`);
  await run("CREATE EXTERNAL TABLE weather.plain (id int) STORED AS PARQUET LOCATION 's3://sluice-lake/plain/'");
  await run('CREATE VIEW weather.v AS SELECT 1 AS one');
});
afterAll(() => lake.close());
const run = (sql: string) => runStatement(lake, sql);

describe('SHOW', () => {
  test.each([
    ['SHOW DATABASES', ['sluice', 'weather']],
    ["SHOW SCHEMAS LIKE 'W*'", ['weather']],
    ["SHOW DATABASES LIKE 'x|sluice';", ['sluice']],
    ['SHOW TABLES', ['readings', 'readings_log']],
    ['SHOW TABLES IN weather', ['log', 'plain', 'v']],
    ["SHOW TABLES FROM `weather` '*l*'", ['log', 'plain']],
    ["SHOW TABLES IN weather '.*l.*'", ['log', 'plain']],
    ["SHOW TABLES IN weather 'p*n|v'", ['plain', 'v']],
    ["SHOW TABLES IN weather 'o*'", []],
    ["SHOW DATABASES LIKE 'sl.*'", ['sluice']],
    ["SHOW DATABASES LIKE '.*ther'", ['weather']],
    ["SHOW VIEWS IN weather LIKE '.*'", ['v']],
    ['SHOW VIEWS', ['readings']],
    ["SHOW VIEWS IN weather LIKE 'v*'", ['v']],
    [
      'SHOW COLUMNS IN weather.log',
      ['id                  ', 'tags                ', 'dt                  ', 'hour                '],
    ],
    ['SHOW COLUMNS FROM plain FROM weather', ['id                  ']],
    ['SHOW PARTITIONS weather.log', []],
    ["SHOW TBLPROPERTIES weather.log('a')", ['1']],
    [
      'SHOW TBLPROPERTIES weather.log',
      ['EXTERNAL\tTRUE', 'a\t1', 'b\t2', 'comment\tthe log', 'transient_lastDdlTime\t1784032496'],
    ],
  ])('%s', async (sql, expected) => {
    expect(await lines(lake, sql)).toEqual(expected);
  });

  test.each([
    ['SHOW DATABASES', 'UTILITY SHOW_DATABASES', ['database_name string']],
    ['SHOW TABLES', 'UTILITY SHOW_TABLES', ['tab_name string']],
    ['SHOW VIEWS', 'UTILITY SHOW_VIEWS', ['views string']],
    ['SHOW COLUMNS IN readings', 'UTILITY SHOW_COLUMNS', ['field string']],
    ['SHOW PARTITIONS readings_log', 'UTILITY SHOW_PARTITIONS', ['partition string']],
    ['SHOW TBLPROPERTIES readings_log', 'UTILITY SHOW_TBLPROPERTIES', ['prpt_name string', 'prpt_value string']],
    ['SHOW CREATE TABLE readings_log', 'UTILITY SHOW_CREATE_TABLE', ['createtab_stmt string']],
    ['DESCRIBE readings_log', 'UTILITY DESCRIBE_TABLE', ['col_name string', 'data_type string', 'comment string']],
    ['EXPLAIN SELECT 1', 'UTILITY EXPLAIN', ['Query Plan varchar']],
  ])('%s is %s', async (sql, kind, columns) => {
    const answer = await run(sql);
    expect([answer.kind, answer.columns]).toEqual([kind, columns]);
    expect(answer.execution.ResultConfiguration?.OutputLocation).toMatch(/\.txt$/);
  });

  test.each(["SHOW TABLES IN weather LIKE 'l.g'", "SHOW DATABASES LIKE '[sw].*'", "SHOW TABLES '(a+)+'"])(
    '%s has a pattern that AWS does not document',
    async sql => {
      await expect(lines(lake, sql)).rejects.toThrow(/NOT_SUPPORTED/);
    },
  );

  test('CREATE TABLE gives a statement that makes the same table again', async () => {
    const text = await lines(lake, 'SHOW CREATE TABLE weather.log');
    expect(text).toEqual([
      'CREATE EXTERNAL TABLE `weather.log`(',
      "  `id` int COMMENT 'it\\'s\\nthe id', ",
      '  `tags` array<string>)',
      'COMMENT',
      "  'the log'",
      'PARTITIONED BY ( ',
      "  `dt` string COMMENT 'day', ",
      '  `hour` int)',
      'ROW FORMAT SERDE ',
      "  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' ",
      'WITH SERDEPROPERTIES ( ',
      "  'field.delim'='\\t', ",
      "  'serialization.format'='\\t')",
      'STORED AS INPUTFORMAT ',
      "  'org.apache.hadoop.mapred.TextInputFormat' ",
      'OUTPUTFORMAT ',
      "  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'",
      'LOCATION',
      "  's3://sluice-lake/weather/log/'",
      'TBLPROPERTIES (',
      "  'EXTERNAL'='TRUE', ",
      "  'a'='1', ",
      "  'b'='2', ",
      "  'transient_lastDdlTime'='1784032496')",
    ]);
    const before = await lake.catalog.getTable('weather', 'log');
    await run('DROP TABLE weather.log');
    await run(text.join('\n'));
    expect(await lake.catalog.getTable('weather', 'log')).toEqual(before);
  });

  test.each([
    ['SHOW TABLES IN nowhere', 'FAILED: SemanticException [Error 10072]: Database does not exist: nowhere'],
    ['SHOW COLUMNS IN nothing', 'FAILED: SemanticException [Error 10001]: Table not found nothing'],
    ['SHOW PARTITIONS weather.plain', 'Table plain is not a partitioned table'],
    ['SHOW CREATE TABLE weather.v', 'use SHOW CREATE VIEW'],
    ['SHOW CREATE VIEW weather.plain', 'Table not found plain'],
    ['SHOW FUNCTIONS', 'NOT_SUPPORTED'],
    ['SHOW TABLES nonsense', "mismatched input 'nonsense'"],
  ])('%s is refused', async (sql, why) => {
    expect(await lake.failure(sql)).toContain(why);
  });
});

describe('DESCRIBE', () => {
  test('pads its columns, and lists the partitions again', async () => {
    expect(await lines(lake, 'DESCRIBE weather.log')).toEqual([
      "id                  \tint                 \tit's the id         ",
      'tags                \tarray<string>       \t                    ',
      'dt                  \tstring              \tday                 ',
      'hour                \tint                 \t                    ',
      '\t \t ',
      '# Partition Information\t \t ',
      '# col_name            \tdata_type           \tcomment             ',
      '\t \t ',
      'dt                  \tstring              \tday                 ',
      'hour                \tint                 \t                    ',
    ]);
    expect(await lines(lake, 'DESC `weather`.`plain`;')).toEqual([
      'id                  \tint                 \t                    ',
    ]);
  });

  test('FORMATTED shows the location and the storage of the table', async () => {
    const text = await lines(lake, 'DESCRIBE FORMATTED weather.plain');
    expect(text).toContain('Location:           \ts3://sluice-lake/plain/\t ');
    expect(text).toContain('\tEXTERNAL            \tTRUE                ');
    expect(await lake.failure('DESCRIBE EXTENDED weather.plain')).toContain('Use DESCRIBE FORMATTED');
  });
});

describe('EXPLAIN', () => {
  test('says which engine made the plan, and does not run the query', async () => {
    const text = await lines(
      lake,
      "EXPLAIN SELECT deviceid, count(*) FROM readings_log WHERE dt = '2026-07-01' GROUP BY 1",
    );
    expect(text[0]).toMatch(/^Sluice's local Athena: .*DuckDB.*Trino/);
    expect(text.join('\n')).toContain('GROUP_BY');
    expect(await lake.failure('EXPLAIN SELECT nonsense')).toContain('COLUMN_NOT_FOUND');
    expect(await lake.failure('EXPLAIN ANALYZE SELECT 1')).toContain('EXPLAIN ANALYZE');
    expect(await lake.failure('EXPLAIN (TYPE IO) SELECT 1')).toContain('EXPLAIN (TYPE');
  });
});

describe('information_schema', () => {
  test('answers what clients request', async () => {
    expect(
      await lake.ask(
        "SELECT table_catalog, table_schema, table_name, table_type FROM information_schema.tables WHERE lower(table_schema) = 'weather' ORDER BY 3",
      ),
    ).toEqual({
      columns: ['table_catalog varchar', 'table_schema varchar', 'table_name varchar', 'table_type varchar'],
      rows: [
        ['awsdatacatalog', 'weather', 'log', 'BASE TABLE'],
        ['awsdatacatalog', 'weather', 'plain', 'BASE TABLE'],
        ['awsdatacatalog', 'weather', 'v', 'VIEW'],
      ],
    });
    expect(
      await lake.ask(
        `SELECT column_name, ordinal_position, data_type, comment, extra_info FROM "awsdatacatalog"."information_schema"."columns"
         WHERE table_schema = 'weather' AND table_name IN ('log', 'v') ORDER BY table_name, ordinal_position`,
      ),
    ).toMatchObject({
      rows: [
        ['id', '1', 'integer', "it's\nthe id", null],
        ['tags', '2', 'array(varchar)', null, null],
        ['dt', '3', 'varchar', 'day', 'partition key'],
        ['hour', '4', 'integer', null, 'partition key'],
        ['one', '1', 'integer', null, null],
      ],
    });
    expect((await lake.ask('SELECT schema_name FROM information_schema.schemata ORDER BY 1')).rows).toEqual([
      ['information_schema'],
      ['sluice'],
      ['weather'],
    ]);
    expect(
      (await lake.ask("SELECT view_definition FROM information_schema.views WHERE table_name = 'v'")).rows,
    ).toEqual([['SELECT 1 AS one']]);
    expect(await lake.failure('SELECT * FROM information_schema.roles')).toContain('TABLE_NOT_FOUND');
  });
});

describe('"$path"', () => {
  test('is the object of a row, and not part of *', async () => {
    const { execution } = await run('CREATE TABLE p AS SELECT n, k FROM (VALUES (1, 2)) AS v(n, k)');
    const id = execution.QueryExecutionId;
    expect(await lake.ask('SELECT "$path" AS path, p.* FROM p')).toEqual({
      columns: ['path varchar', 'n integer', 'k integer'],
      rows: [[`s3://sluice-lake/results/tables/${id}/${id}_0.parquet`, '1', '2']],
    });
    expect((await lake.ask('SELECT a."$path" FROM p AS a (x, y) WHERE "$path" LIKE \'s3://%\'')).rows).toHaveLength(1);
    expect(await lake.failure('SELECT "$path" FROM readings')).toContain('COLUMN_NOT_FOUND');
  });
});
