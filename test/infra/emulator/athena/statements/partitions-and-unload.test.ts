import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LakeFixture, openLake } from '../lake-fixture.ts';
import { lines, objectText, runStatement } from './run-statement.ts';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());
const run = (sql: string, parameters?: string[]) => runStatement(lake, sql, parameters);
const rows = async (sql: string) => (await lake.ask(sql)).rows;

describe('partitions', () => {
  test('are added by hand, also at custom locations, and dropped', async () => {
    await run("CREATE TABLE elsewhere WITH (external_location = 's3://sluice-lake/elsewhere/') AS SELECT 7 AS n");
    await run("CREATE TABLE standard WITH (external_location = 's3://sluice-lake/days/dt=a/hour=1/') AS SELECT 1 AS n");
    await run(
      "CREATE EXTERNAL TABLE days (n int) PARTITIONED BY (dt string, hour int) STORED AS PARQUET LOCATION 's3://sluice-lake/days/'",
    );
    expect(await rows('SELECT * FROM days')).toEqual([]);
    const { kind, columns } = await run(
      "ALTER TABLE days ADD IF NOT EXISTS PARTITION (dt = 'a', hour = 1) PARTITION (hour = '2', dt = 'b') LOCATION 's3://sluice-lake/elsewhere/'",
    );
    expect([kind, columns]).toEqual(['DDL ALTER_TABLE', []]);
    const all = [
      ['1', 'a', '1'],
      ['7', 'b', '2'],
    ];
    expect(await rows('SELECT * FROM days ORDER BY n')).toEqual(all);
    expect(await rows("SELECT n FROM days WHERE dt = 'b' AND hour > 1")).toEqual([['7']]);
    expect(await lines(lake, 'SHOW PARTITIONS days')).toEqual(['dt=a/hour=1', 'dt=b/hour=2']);
    expect(
      await lake.failure("ALTER TABLE days ADD PARTITION (dt = 'c', hour = 1) PARTITION (dt = 'a', hour = 1)"),
    ).toContain('AlreadyExistsException(message:Partition already exists.)');
    expect(await lake.failure("INSERT INTO days VALUES (1, 'a', 1)")).toMatch(/INSERT INTO .*\(dt=b\/hour=2\)/);
    expect(await lines(lake, 'SHOW PARTITIONS days')).toHaveLength(2);
    await run("ALTER TABLE days DROP PARTITION (dt = 'b', hour = 2)");
    expect(await rows('SELECT * FROM days')).toEqual([all[0]]);
    expect(await lake.failure("ALTER TABLE days DROP PARTITION (dt = 'b')")).toBe(
      'FAILED: SemanticException [Error 10006]: Partition not found (dt = b)',
    );
    await run("ALTER TABLE days DROP IF EXISTS PARTITION (dt = 'b'), PARTITION (dt = 'a')");
    expect(await lines(lake, 'SHOW PARTITIONS days')).toEqual([]);
  });

  test('are found by MSCK REPAIR TABLE', async () => {
    await run("CREATE TABLE p1 WITH (external_location = 's3://sluice-lake/msck/dt=2026-07-01/') AS SELECT 1 AS n");
    await run("CREATE TABLE p2 WITH (external_location = 's3://sluice-lake/msck/dt=x%3Dy/') AS SELECT 2 AS n");
    await run("CREATE TABLE p3 WITH (external_location = 's3://sluice-lake/msck/other/') AS SELECT 3 AS n");
    await run(
      "CREATE EXTERNAL TABLE msck (n int) PARTITIONED BY (dt string) STORED AS PARQUET LOCATION 's3://sluice-lake/msck'",
    );
    expect(await lines(lake, 'MSCK REPAIR TABLE `msck`;')).toEqual([
      'Partitions not in metastore:\tmsck:dt=2026-07-01\tmsck:dt=x%3Dy',
      'Repair: Added partition to metastore msck:dt=2026-07-01',
      'Repair: Added partition to metastore msck:dt=x%3Dy',
    ]);
    expect(await lines(lake, 'MSCK REPAIR TABLE msck')).toEqual([]);
    expect(await rows('SELECT n, dt FROM msck ORDER BY n')).toEqual([
      ['1', '2026-07-01'],
      ['2', 'x=y'],
    ]);
  });

  test('are projected from integers and enumerations too', async () => {
    await run(`CREATE TABLE src WITH (external_location = 's3://sluice-lake/proj/', partitioned_by = ARRAY['site', 'hour']) AS
      SELECT * FROM (VALUES (1, 'a', '07'), (2, 'b', '08'), (3, 'c', '08'), (4, 'a', '24')) AS v(n, site, hour)`);
    await run(`CREATE EXTERNAL TABLE proj (n int) PARTITIONED BY (site string, hour string) STORED AS PARQUET LOCATION 's3://sluice-lake/proj/'
      TBLPROPERTIES ('projection.enabled'='true', 'projection.site.type'='enum', 'projection.site.values'='a,b',
        'projection.hour.type'='integer', 'projection.hour.range'='0,23', 'projection.hour.digits'='2')`);
    expect(await rows('SELECT n, site, hour FROM proj ORDER BY n')).toEqual([
      ['1', 'a', '07'],
      ['2', 'b', '08'],
    ]);
    await run("ALTER TABLE proj SET TBLPROPERTIES ('projection.site.type'='injected')");
    expect(await lake.failure('SELECT * FROM proj')).toContain('a projection of type injected');
  });

  test('are billed after pruning', async () => {
    await run(
      `CREATE TABLE billed WITH (partitioned_by = ARRAY['p']) AS SELECT n, p FROM (VALUES (1, 1), (2, 2)) AS v(n, p)`,
    );
    const all = (await run('SELECT n FROM billed')).execution.Statistics?.DataScannedInBytes ?? 0;
    const one = (await run('SELECT n FROM billed WHERE p = 2')).execution.Statistics?.DataScannedInBytes ?? 0;
    expect(one).toBeGreaterThan(0);
    expect(all).toBe(2 * one);
  });
});

describe('ALTER TABLE', () => {
  test('adds columns and properties, and keeps the earlier version', async () => {
    await run("CREATE EXTERNAL TABLE altered (a int) STORED AS PARQUET LOCATION 's3://sluice-lake/altered/'");
    await run('INSERT INTO altered VALUES 1');
    await run("ALTER TABLE altered ADD COLUMNS (b string COMMENT 'new', c double)");
    await run("ALTER TABLE `sluice`.`altered` SET TBLPROPERTIES ('x' = 'y')");
    expect(await rows('SELECT * FROM altered')).toEqual([['1', null, null]]);
    const table = await lake.catalog.getTable('sluice', 'altered');
    expect([table?.VersionId, table?.Parameters?.x]).toEqual(['2', 'y']);
    expect((await lake.catalog.listArchived('sluice', 'altered')).map(({ VersionId }) => VersionId)).toEqual([
      '1',
      '0',
    ]);
    await run("ALTER TABLE altered SET LOCATION 's3://sluice-lake/altered2/'");
    expect(await rows('SELECT * FROM altered')).toEqual([]);
    await run('ALTER TABLE altered REPLACE COLUMNS (z int)');
    expect((await lake.ask('SELECT * FROM altered')).columns).toEqual(['z integer']);
  });

  test.each([
    ['ALTER TABLE readings_log ADD COLUMNS (dt int)', 'Duplicate column name: dt'],
    ['ALTER TABLE readings_log CHANGE COLUMN deviceid d string', 'CHANGE COLUMN'],
    ['ALTER TABLE readings_log RENAME TO x', 'RENAME TO'],
    ["ALTER TABLE readings_log ADD PARTITION (day = '1')", 'contains non-partition columns'],
    ["ALTER TABLE readings_log DROP PARTITION (dt < '1')", 'a comparison other than ='],
    ["ALTER TABLE readings_log SET LOCATION 's3://sluice-lake/../x'", 'S3 location'],
    ["ALTER TABLE readings SET TBLPROPERTIES ('a'='b')", 'is a view'],
    ['ALTER TABLE never ADD COLUMNS (a int)', 'Table not found never'],
  ])('refuses %s', async (sql, why) => {
    expect(await lake.failure(sql)).toContain(why);
  });
});

describe('UNLOAD', () => {
  const SELECT = `SELECT * FROM (VALUES (1, 'say "hi"', 1.5e0, true, DATE '2026-07-01'), (2, NULL, NULL, NULL, NULL)) AS v(n, s, x, b, d)`;
  const bytes = (location: string) => readFile(path.join(lake.s3Root, location.slice('s3://'.length)));

  test('writes Parquet that a table reads, and a manifest', async () => {
    const {
      kind,
      columns,
      rows: given,
      execution,
    } = await run(
      `UNLOAD (${SELECT}) TO 's3://sluice-lake/unload/parquet' WITH (format = 'PARQUET', compression = 'SNAPPY')`,
    );
    expect([kind, columns, given]).toEqual(['DML UNLOAD', ['rows bigint'], []]);
    const id = execution.QueryExecutionId;
    expect(execution.Statistics?.DataManifestLocation).toBe(`s3://sluice-lake/results/${id}-manifest.csv`);
    expect(await objectText(lake, execution.Statistics?.DataManifestLocation)).toBe(
      `s3://sluice-lake/unload/parquet/${id}_0.parquet\n`,
    );
    await run(
      "CREATE EXTERNAL TABLE unloaded (n int, s string) STORED AS PARQUET LOCATION 's3://sluice-lake/unload/parquet/'",
    );
    expect(await rows('SELECT * FROM unloaded ORDER BY n')).toEqual([
      ['1', 'say "hi"'],
      ['2', null],
    ]);
    expect(
      await lake.failure(`UNLOAD (${SELECT}) TO 's3://sluice-lake/unload/parquet/' WITH (format = 'PARQUET')`),
    ).toMatch(/^HIVE_PATH_ALREADY_EXISTS/);
  });

  test.each([
    [
      "format = 'JSON'",
      '{"n":1,"s":"say \\"hi\\"","x":1.5,"b":true,"d":"2026-07-01"}\n{"n":2,"s":null,"x":null,"b":null,"d":null}\n',
      true,
    ],
    ["format = 'TEXTFILE', field_delimiter = ','", '1,say "hi",1.5,true,2026-07-01\n2,\\N,\\N,\\N,\\N\n', true],
    [
      "format = 'TEXTFILE', compression = 'none'",
      '1\u0001say "hi"\u00011.5\u0001true\u00012026-07-01\n2\u0001\\N\u0001\\N\u0001\\N\u0001\\N\n',
      false,
    ],
  ])('writes text WITH (%s)', async (options, expected, isGzip) => {
    const target = `s3://sluice-lake/unload/${options.replace(/\W+/g, '-')}/`;
    const { execution } = await run(`UNLOAD (${SELECT} ORDER BY n) TO '${target}' WITH (${options})`);
    const file = (await objectText(lake, execution.Statistics?.DataManifestLocation)).trim();
    expect(file.startsWith(target)).toBe(true);
    const content = await bytes(file);
    expect((isGzip ? gunzipSync(content) : content).toString()).toBe(expected);
  });

  test.each([
    ["UNLOAD (SELECT 1 AS a) TO 's3://sluice-lake/bad/'", 'needs a format'],
    ["UNLOAD (SELECT 1 AS a) TO 's3://sluice-lake/bad/' WITH (format = 'ORC')", 'UNLOAD with format ORC'],
    [
      "UNLOAD (SELECT TIMESTAMP '2026-07-01 10:00:00' AS a) TO 's3://sluice-lake/bad/' WITH (format = 'JSON')",
      'Incorrect timestamp precision for timestamp(0)',
    ],
    [
      "UNLOAD (SELECT 'a,b' AS a) TO 's3://sluice-lake/bad/' WITH (format = 'TEXTFILE', field_delimiter = ',')",
      'contains the delimiter',
    ],
    ["UNLOAD (SELECT 1 AS a) TO '/etc/' WITH (format = 'PARQUET')", 'S3 location'],
    ["UNLOAD (SELECT 1 AS a TO 's3://sluice-lake/bad/' WITH (format = 'PARQUET')", "Expecting: ')'"],
  ])('refuses %s', async (sql, why) => {
    expect(await lake.failure(sql)).toContain(why);
  });
});

test('UNLOAD of a query that fails after its first rows writes nothing', async () => {
  const digits = 'VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9';
  const sql = `WITH d(x) AS (${digits}) SELECT 1 / (19999 - a.x - 10 * b.x - 100 * c.x - 1000 * d.x - 10000 * e.x) AS n FROM d a, d b, d c, d, d e`;
  for (const format of ['JSON', 'PARQUET'])
    expect(
      await lake.failure(`UNLOAD (${sql}) TO 's3://sluice-lake/late-${format}/' WITH (format = '${format}')`),
    ).toBe('DIVISION_BY_ZERO: Division by zero');
  const left = await readdir(path.join(lake.s3Root, 'sluice-lake'), { recursive: true });
  expect(left.filter(name => /late-.*\./.test(name))).toEqual([]);
});

describe('prepared statements', () => {
  test('are executed with values, in their work group', async () => {
    expect((await run('PREPARE by_n FROM SELECT ? + 1 AS next, ? AS s')).kind).toBe('DDL PREPARE');
    const { kind, rows: given, execution } = await run("EXECUTE by_n USING 41, 'a, (b'");
    expect([kind, given]).toEqual([
      'DML SELECT',
      [
        ['next', 's'],
        ['42', 'a, (b'],
      ],
    ]);
    expect(execution.ResultConfiguration?.OutputLocation).toMatch(/\.csv$/);
    expect((await run('EXECUTE by_n', ['1', "'x'"])).rows[1]).toEqual(['2', 'x']);
    expect(await lake.failure('EXECUTE by_n USING 1')).toContain(
      'Incorrect number of parameters: expected 2 but found 1',
    );
    expect((await run('DEALLOCATE PREPARE by_n')).kind).toBe('DDL DEALLOCATE_PREPARE');
    expect(await lake.failure('EXECUTE by_n USING 1, 2')).toBe('NOT_FOUND: Prepared statement not found: by_n');
    expect(await lake.failure('DEALLOCATE PREPARE by_n')).toContain('not found');
  });

  test('read numbers with a point as doubles, and typed literals by their type', async () => {
    await run('PREPARE typed FROM SELECT typeof(?) AS a, typeof(?) AS b, ? / 3.0 AS c');
    const { rows: given } = await run("EXECUTE typed USING -1.5, DECIMAL '1.50', 1");
    expect(given[1]).toEqual(['double', 'decimal(3,2)', '0.3333333333333333']);
  });

  test('may write, and put their result where the statement itself would', async () => {
    await run(
      "CREATE EXTERNAL TABLE prepared (a int, b string) STORED AS PARQUET LOCATION 's3://sluice-lake/prepared/'",
    );
    await run('PREPARE add_row FROM INSERT INTO prepared VALUES (?, ?)');
    const { kind, updateCount, execution } = await run("EXECUTE add_row USING -1, 'x'");
    expect([kind, updateCount]).toEqual(['DML INSERT', 1]);
    expect(execution.ResultConfiguration?.OutputLocation).toBe(
      `s3://sluice-lake/results/${execution.QueryExecutionId}`,
    );
    expect(await rows('SELECT * FROM prepared')).toEqual([['-1', 'x']]);
    expect(await lake.failure('PREPARE bad FROM DROP TABLE prepared')).toContain('PREPARE of DROP TABLE');
  });
});
