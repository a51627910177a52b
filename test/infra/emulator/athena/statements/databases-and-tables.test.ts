import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LakeFixture, openLake } from '../lake-fixture.ts';
import { objectText, runStatement } from './run-statement.ts';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());
const run = (sql: string) => runStatement(lake, sql);

describe('databases', () => {
  test('are created with all their properties, and not twice', async () => {
    const made = await run(
      "-- a comment\nCREATE DATABASE IF NOT EXISTS `Weather` COMMENT 'it''s weather' LOCATION 's3://sluice-lake/weather/' WITH DBPROPERTIES ('a'='b');",
    ).catch(String);
    // Hive strings have no doubled quotes.
    expect(made).toContain('SYNTAX_ERROR');
    const { kind, columns, rows, execution } = await run(
      "/* a comment */ CREATE DATABASE IF NOT EXISTS `Weather` COMMENT 'it\\'s weather' LOCATION 's3://sluice-lake/weather/' WITH DBPROPERTIES ('a'='b');",
    );
    expect([kind, columns, rows]).toEqual(['DDL CREATE_DATABASE', [], []]);
    expect(execution.ResultConfiguration?.OutputLocation).toMatch(/^s3:\/\/sluice-lake\/results\/[0-9a-f-]{36}\.txt$/);
    expect(await objectText(lake, execution.ResultConfiguration?.OutputLocation)).toBe('');
    expect(await lake.catalog.getDatabase('weather')).toMatchObject({
      Name: 'weather',
      Description: "it's weather",
      LocationUri: 's3://sluice-lake/weather/',
      Parameters: { a: 'b' },
    });
    await run('CREATE SCHEMA IF NOT EXISTS weather');
    expect(await lake.failure('CREATE SCHEMA weather')).toBe(
      'FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Database weather already exists)',
    );
  });

  test('are dropped when empty, or with their tables', async () => {
    await run('CREATE DATABASE gone');
    await run("CREATE EXTERNAL TABLE gone.t (a int) LOCATION 's3://sluice-lake/gone/'");
    expect(await lake.failure('DROP DATABASE gone')).toContain(
      'InvalidOperationException(message:Database gone is not empty. One or more tables exist.)',
    );
    expect((await run('DROP DATABASE gone CASCADE')).kind).toBe('DDL DROP_DATABASE');
    expect(await lake.catalog.getTable('gone', 't')).toBeUndefined();
    expect(await lake.failure('DROP SCHEMA gone')).toBe(
      'FAILED: SemanticException [Error 10072]: Database does not exist: gone',
    );
    await run('DROP DATABASE IF EXISTS gone RESTRICT');
  });
});

describe('CREATE EXTERNAL TABLE', () => {
  test('keeps all properties of the table', async () => {
    const { kind } = await run(`CREATE EXTERNAL TABLE IF NOT EXISTS \`sluice\`.\`Weather_Log\` (
      \`Device Id\` string COMMENT 'who; "what"',
      temp double, -- degrees
      tags array<struct<name:string, values:map<string,decimal(10, 2)>>>,
      n varchar(10))
    COMMENT 'weather'
    PARTITIONED BY (dt string COMMENT 'day', hour int)
    ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
    WITH SERDEPROPERTIES ('serialization.format' = '1', 'x' = 'y')
    STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
    OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
    LOCATION 's3://sluice-lake/weather/'
    TBLPROPERTIES ('projection.enabled'='true', "projection.dt.type"="date", 'storage.location.template'='s3://sluice-lake/weather/\${dt}')`);
    expect(kind).toBe('DDL CREATE_TABLE');
    expect(await lake.catalog.getTable('sluice', 'weather_log')).toMatchObject({
      Name: 'weather_log',
      TableType: 'EXTERNAL_TABLE',
      PartitionKeys: [
        { Name: 'dt', Type: 'string', Comment: 'day' },
        { Name: 'hour', Type: 'int' },
      ],
      Parameters: {
        EXTERNAL: 'TRUE',
        comment: 'weather',
        'projection.enabled': 'true',
        'projection.dt.type': 'date',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena's own template.
        'storage.location.template': 's3://sluice-lake/weather/${dt}',
        transient_lastDdlTime: '1784032496',
      },
      StorageDescriptor: {
        Columns: [
          { Name: 'device id', Type: 'string', Comment: 'who; "what"' },
          { Name: 'temp', Type: 'double' },
          { Name: 'tags', Type: 'array<struct<name:string,values:map<string,decimal(10,2)>>>' },
          { Name: 'n', Type: 'varchar(10)' },
        ],
        Location: 's3://sluice-lake/weather/',
        InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          Parameters: { 'serialization.format': '1', x: 'y' },
        },
      },
    });
    await run("CREATE EXTERNAL TABLE IF NOT EXISTS weather_log (a int) LOCATION 's3://sluice-lake/x/'");
    expect(
      await lake.failure("CREATE EXTERNAL TABLE weather_log (a int) STORED AS PARQUET LOCATION 's3://sluice-lake/x/'"),
    ).toBe(
      'FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Table weather_log already exists)',
    );
  });

  test.each([
    [
      "ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n'",
      { 'field.delim': ',', 'escape.delim': '\\', 'line.delim': '\n', 'serialization.format': ',' },
      'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    ],
    [
      "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\001' STORED AS TEXTFILE",
      { 'field.delim': '\u0001' },
      'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    ],
    [
      "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('ignore.malformed.json'='true')",
      { 'ignore.malformed.json': 'true' },
      'org.openx.data.jsonserde.JsonSerDe',
    ],
    [
      'STORED AS PARQUET',
      { 'serialization.format': '1' },
      'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
    ],
  ])('takes %s', async (format, parameters, serde) => {
    await run('DROP TABLE IF EXISTS formatted');
    await run(`CREATE EXTERNAL TABLE formatted (a int) ${format} LOCATION 's3://sluice-lake/formatted/'`);
    const table = await lake.catalog.getTable('sluice', 'formatted');
    expect(table?.StorageDescriptor?.SerdeInfo).toMatchObject({
      SerializationLibrary: serde,
      Parameters: parameters,
    });
  });

  test.each([
    ["CREATE EXTERNAL TABLE bad (a int) STORED AS ORC LOCATION 's3://sluice-lake/x/'", 'STORED AS ORC'],
    [
      "CREATE EXTERNAL TABLE bad (a int) CLUSTERED BY (a) INTO 3 BUCKETS LOCATION 's3://sluice-lake/x/'",
      'CLUSTERED BY',
    ],
    [
      "CREATE EXTERNAL TABLE bad (a int) ROW FORMAT SERDE 'com.example.Mine' LOCATION 's3://sluice-lake/x/'",
      'the SerDe com.example.Mine',
    ],
    [
      "CREATE TABLE bad (a int) LOCATION 's3://sluice-lake/x/' TBLPROPERTIES ('table_type'='ICEBERG')",
      'CREATE TABLE without EXTERNAL',
    ],
    [
      "CREATE EXTERNAL TABLE bad (a integer) LOCATION 's3://sluice-lake/x/'",
      "line 1:30: mismatched input 'integer'. Expecting: 'int'",
    ],
    ["CREATE EXTERNAL TABLE bad (a int, A string) LOCATION 's3://sluice-lake/x/'", 'Duplicate column name a'],
    ['CREATE EXTERNAL TABLE bad (a int', "line 1:33: mismatched input '<EOF>'. Expecting: ')'"],
    ["CREATE EXTERNAL TABLE bad (a int) LOCATION 's3://sluice-lake/x/' nonsense", "mismatched input 'nonsense'"],
    ["CREATE EXTERNAL TABLE bad (a int) LOCATION 's3://sluice-lake/x/", 'a string is not closed'],
    ['CREATE EXTERNAL TABLE bad (a int)', 'No location was specified for table'],
    ["CREATE EXTERNAL TABLE bad (a int) LOCATION '/etc/'", 'S3 location'],
    ["CREATE EXTERNAL TABLE bad (a int) LOCATION 's3://../etc/'", 'S3 location'],
    ["CREATE EXTERNAL TABLE bad (a int) LOCATION 's3://sluice-lake/../../etc/'", 'S3 location'],
    ["CREATE EXTERNAL TABLE nowhere.bad (a int) LOCATION 's3://sluice-lake/x/'", 'Database does not exist: nowhere'],
  ])('refuses %s', async (sql, why) => {
    expect(await lake.failure(sql)).toContain(why);
    expect(await lake.catalog.getTable('sluice', 'bad')).toBeUndefined();
  });
});

describe('DROP TABLE', () => {
  test.each(['dropped', 'sluice.dropped', '`sluice`.`dropped`', '"sluice"."dropped"', 'awsdatacatalog.sluice.dropped'])(
    'accepts the name %s',
    async name => {
      await run("CREATE EXTERNAL TABLE dropped (a int) LOCATION 's3://sluice-lake/dropped/'");
      expect((await run(`DROP TABLE ${name}`)).kind).toBe('DDL DROP_TABLE');
      expect(await lake.catalog.getTable('sluice', 'dropped')).toBeUndefined();
    },
  );

  test('of a missing table fails, unless IF EXISTS is given', async () => {
    expect(await lake.failure('DROP TABLE never')).toBe(
      'FAILED: SemanticException [Error 10001]: Table not found never',
    );
    await run('DROP TABLE IF EXISTS never');
  });
});
