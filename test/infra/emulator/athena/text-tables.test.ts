import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LakeFixture, openLake } from './lake-fixture.ts';
import { putObject, runStatement } from './statements/run-statement.ts';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());

const OPENX = 'org.openx.data.jsonserde.JsonSerDe';
const HCATALOG = 'org.apache.hive.hcatalog.data.JsonSerDe';
const ALL = 'id bigint, name string, x double, b boolean, d date, t timestamp, tags array<string>, ns array<int>';
let tables = 0;

/** Creates a table over one object with the content, and returns its name. */
async function table(content: string | Uint8Array, format: string, columns: string, ending = ''): Promise<string> {
  const name = `text_${++tables}`;
  await putObject(lake, `${name}/1${ending}`, content);
  await runStatement(lake, `CREATE EXTERNAL TABLE ${name} (${columns}) ${format} LOCATION 's3://sluice-lake/${name}/'`);
  return name;
}
const json = (content: string | Uint8Array, columns = ALL, serde = OPENX, ending = '') =>
  table(content, `ROW FORMAT SERDE '${serde}'`, columns, ending);
const rows = async (name: string) => (await lake.ask(`SELECT * FROM ${name} ORDER BY 1`)).rows;

describe('JSON tables', () => {
  test.each([OPENX, HCATALOG])('return typed rows with %s', async serde => {
    const content = [
      '{"ID": 9007199254740991, "name": "é \\"q\\"\\n", "x": 1.5, "b": true, "d": "2026-07-01", "t": "2026-07-01 10:00:00.5", "tags": ["a", null, "b,\\"c"], "ns": [1, null], "more": {"a": 1}}',
      '{"id": 1, "name": null, "x": 2}',
      '{}',
    ].join('\r\n');
    const expected = [
      ['1', null, '2.0', null, null, null, null, null],
      [
        '9007199254740991',
        'é "q"\n',
        '1.5',
        'true',
        '2026-07-01',
        '2026-07-01 10:00:00.500',
        '[a, null, b,"c]',
        '[1, null]',
      ],
      [null, null, null, null, null, null, null, null],
    ];
    expect(await rows(await json(content, ALL, serde))).toEqual(expected);
    expect(await rows(await json(gzipSync(content), ALL, serde, '.json.gz'))).toEqual(expected);
  });

  test.each([
    ['{"id": 1}{"id": 2}', 'several JSON objects on one line'],
    ['{"id": 1', 'HIVE_BAD_DATA: Error parsing JSON'],
    ['{"id": 1}\n\n{"id": 2}', 'an empty line'],
    ['[1]', 'a line of a JSON file'],
    ['{"id": 1, "ID": 2}', 'differ only in case'],
    ['{"x": 1, "more": {"a:": ":"}, "x": 2}', 'with the same name'],
    ['{"id": "1"}', 'the JSON value "1" as bigint'],
    ['{"id": 1.0}', 'the JSON value 1 as bigint'],
    ['{"id": 9007199254740993}', 'as bigint'],
    ['{"name": 22}', 'the JSON value 22 as varchar'],
    ['{"name": {"a": 1}}', 'the JSON value {"a":1} as varchar'],
    ['{"d": "2026-02-30"}', "'2026-02-30' as date"],
    ['{"t": "2026-07-01T10:00:00Z"}', 'as timestamp(3)'],
    ['{"ns": ["1"]}', 'as integer'],
  ])('refuse %s', async (content, why) => {
    expect(await lake.failure(`SELECT * FROM ${await json(content)}`)).toContain(why);
  });

  test('return rows for nested objects', async () => {
    const name = await json(
      '{"s": {"A": 1, "b": [{"c": "x,\\"y"}, null], "more": 1}}\n{"s": null}\n{"s": {"b": null}}',
      's struct<a:int,b:array<struct<c:string>>>',
    );
    expect((await lake.ask(`SELECT s.a, s.b[1].c, s FROM ${name} ORDER BY s.a`)).rows).toEqual([
      ['1', 'x,"y', '{a=1, b=[{c=x,"y}, null]}'],
      [null, null, null],
      [null, null, '{a=null, b=null}'],
    ]);
  });

  test('return a row of NULLs for a malformed line if configured', async () => {
    const name = await table(
      '{"id": 1}\nnonsense\n',
      `ROW FORMAT SERDE '${OPENX}' WITH SERDEPROPERTIES ('ignore.malformed.json'='true')`,
      'id int',
    );
    expect(await rows(name)).toEqual([['1'], [null]]);
  });

  test('refuse properties that change what they read', async () => {
    const mapped = await table('{}', `ROW FORMAT SERDE '${OPENX}' WITH SERDEPROPERTIES ('mapping.a'='b')`, 'a int');
    expect(await lake.failure(`SELECT * FROM ${mapped}`)).toContain("the SerDe property mapping.a = 'b'");
  });

  test('fail on a truncated gzip', async () => {
    const name = await json(gzipSync('{"id": 1}\n').subarray(0, 20), 'id int', OPENX, '.gz');
    expect(await lake.failure(`SELECT * FROM ${name}`)).toMatch(/^HIVE_BAD_DATA: 1\.gz .*gzip/);
  });

  test('bill every byte of their files', async () => {
    const content = gzipSync('{"id": 1}\n');
    const name = await json(content, 'id int', OPENX, '.gz');
    const { execution } = await runStatement(lake, `SELECT count(*) FROM ${name}`);
    expect(execution.Statistics?.DataScannedInBytes).toBe(content.length);
  });
});

describe('tables of delimited text', () => {
  test('return typed rows, and NULL for \\N and for missing fields', async () => {
    const content = 'id,name,x,d\n1,"a",1.5,2026-07-01\n2,\\N,\\N,\\N,more\n3,\n';
    const format = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','";
    const name = await table(content, format, 'id int, name string, x double, d date');
    expect(await lake.failure(`SELECT * FROM ${name}`)).toContain("'id' as integer in a text file (column 'id')");
    await runStatement(lake, `ALTER TABLE ${name} SET TBLPROPERTIES ('skip.header.line.count' = '1')`);
    expect(await rows(name)).toEqual([
      ['1', '"a"', '1.5', '2026-07-01'],
      ['2', null, null, null],
      ['3', '', null, null],
    ]);
  });

  test('read what UNLOAD writes', async () => {
    await runStatement(
      lake,
      "UNLOAD (SELECT 1 AS n, 'é' AS s, CAST(NULL AS double) AS x) TO 's3://sluice-lake/unloaded/' WITH (format = 'TEXTFILE')",
    );
    await runStatement(
      lake,
      "CREATE EXTERNAL TABLE unloaded (n int, s string, x double) LOCATION 's3://sluice-lake/unloaded/'",
    );
    expect(await rows('unloaded')).toEqual([['1', 'é', null]]);
  });
});
