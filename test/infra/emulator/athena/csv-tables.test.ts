import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fieldsOf, linesOf } from '../../../../infra/emulator/athena/read/csv-lines.ts';
import { type LakeFixture, openLake } from './lake-fixture.ts';
import { putObject, runStatement } from './statements/run-statement.ts';

const PLAIN = { separator: ',', quote: '"', escaper: '\\' };

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());

async function table(name: string, { columns = 'a string, b string', more = '', properties = '' } = {}): Promise<void> {
  await runStatement(
    lake,
    `CREATE EXTERNAL TABLE sluice.${name} (${columns}) ${more}
     ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' ${properties} LOCATION 's3://sluice-lake/${name}/'`,
  );
}

const ask = async (sql: string) => (await lake.ask(sql)).rows;

test('fields are plain or quoted, and may be empty', () => {
  expect(fieldsOf('a,"b, ""c"" \\"d\\" \\\\",,', PLAIN)).toEqual(['a', 'b, "c" "d" \\', '', '']);
  expect(fieldsOf('""', PLAIN)).toEqual(['']);
  expect(fieldsOf(' a ; "b"', { ...PLAIN, separator: ';', quote: "'" })).toEqual([' a ', ' "b"']);
  expect(linesOf('a\r\nb\rc\n')).toEqual(['a', 'b', 'c']);
});

test.each([
  ['', 'an empty line'],
  ['a,"b', 'a quote that is not closed'],
  ['a,"b"c', 'text after a closing quote'],
  ['a, "b"', 'within a plain field'],
  ['a,b\\c', 'within a plain field'],
  ['"b\\n"', 'an escape character before another character'],
])('%j is refused, because CSV readers disagree about it', (line, reason) => {
  expect(() => fieldsOf(line, PLAIN)).toThrow(reason);
});

test('a table of CSV files has strings, without their header lines, and NULL for missing fields', async () => {
  await putObject(lake, 'notes/1.csv', 'a,b\n1,"x, y"\n2,\n3\n4,z,more\n');
  await putObject(lake, 'notes/2.csv.gz', gzipSync('a,b\n5,ü\n'));
  await putObject(lake, 'notes/_ignored', 'no,data\n');
  await table('notes', {});
  expect(await ask("SELECT a, b FROM sluice.notes WHERE b = 'b'")).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  await runStatement(lake, 'DROP TABLE sluice.notes');
  await runStatement(
    lake,
    `CREATE EXTERNAL TABLE sluice.notes (a string, b string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
     LOCATION 's3://sluice-lake/notes/' TBLPROPERTIES ('skip.header.line.count'='1')`,
  );
  expect(await ask('SELECT a, b, "$path" FROM sluice.notes ORDER BY CAST(a AS integer)')).toEqual([
    ['1', 'x, y', 's3://sluice-lake/notes/1.csv'],
    ['2', '', 's3://sluice-lake/notes/1.csv'],
    ['3', null, 's3://sluice-lake/notes/1.csv'],
    ['4', 'z', 's3://sluice-lake/notes/1.csv'],
    ['5', 'ü', 's3://sluice-lake/notes/2.csv.gz'],
  ]);
  const { execution } = await runStatement(lake, 'SELECT count(*) FROM sluice.notes');
  expect(execution.Statistics?.DataScannedInBytes).toBe(27 + gzipSync('a,b\n5,ü\n').length);
});

test('partitions have their own types', async () => {
  await putObject(lake, 'days/day=2/x', "1;it''s\n");
  await table('days', {
    more: 'PARTITIONED BY (day int)',
    properties: "WITH SERDEPROPERTIES ('separatorChar'=';', 'quoteChar'='|')",
  });
  await runStatement(lake, "ALTER TABLE sluice.days ADD PARTITION (day = 2) LOCATION 's3://sluice-lake/days/day=2/'");
  expect(await ask('SELECT a, b, day + 1 FROM sluice.days')).toEqual([['1', "it''s", '3']]);
  expect(await ask('SELECT count(*) FROM sluice.days WHERE day > 2')).toEqual([['0']]);
});

test('other types and compressions are refused with their name', async () => {
  await table('typed', { columns: 'a string, n int' });
  expect(await lake.failure('SELECT * FROM sluice.typed')).toContain(
    "column 'n' of a CSV table with a type other than string",
  );
  await putObject(lake, 'packed/1.bz2', 'x');
  await table('packed');
  expect(await lake.failure('SELECT * FROM sluice.packed')).toContain('a text file compressed as .bz2');
});
