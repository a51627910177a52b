import fc from 'fast-check';
import { expect, test } from 'vitest';
import { athenaCostUsd } from '../../cli/commands/cost/athena-cost.ts';
import { statisticsText } from '../../cli/commands/query/print-query.ts';
import { csvText, type Format, formatRows, outputFormat } from '../../cli/format.ts';
import type { Row } from '../../queries/row.ts';

async function printed(format: Format, names: string[], rows: Row[], types?: string[]): Promise<string> {
  let text = '';
  for await (const chunk of formatRows({ names, rows, format, ...(types && { types }) })) text += chunk;
  return text;
}

const NAMES = ['deviceid', 'readings', 'avg', 'ok'];
const TYPES = ['varchar', 'bigint', 'double', 'boolean'];
const ROWS: Row[] = [
  ['a|b', 12n, 19.26649465536266, true],
  ['', 9007199254740993n, Number.NaN, null],
  ['say "hi",\nthere', -5n, 0.0049, false],
];

test('a table aligns numbers right, names NULL, and escapes what would break the line', async () => {
  expect(await printed('table', NAMES, ROWS, TYPES)).toBe(
    [
      'deviceid                      readings      avg  ok',
      '--------------------  ----------------  -------  -----',
      'a|b                                 12  19.2665  true',
      '                      9007199254740993      NaN  NULL',
      'say "hi",\\u000athere                -5   0.0049  false',
      '',
    ].join('\n'),
  );
});

test('a small double has six digits in a table, as any other', async () => {
  expect(await printed('table', ['usd'], [[0.0000476837158203125], [1.25e-7]], ['double'])).toBe(
    ['         usd', '------------', '0.0000476837', '     1.25e-7', ''].join('\n'),
  );
});

test('a result without columns, such as that of DROP TABLE, prints nothing but JSON its brackets', async () => {
  const texts = await Promise.all(
    (['table', 'csv', 'markdown', 'json'] as const).map(format => printed(format, [], [], [])),
  );
  expect(texts).toEqual(['', '', '', '[]\n']);
});

test('JSON keeps column order, exact numbers, and says NaN and big integers as strings', async () => {
  expect(await printed('json', NAMES, ROWS, TYPES)).toBe(`[
  {"deviceid":"a|b","readings":12,"avg":19.26649465536266,"ok":true},
  {"deviceid":"","readings":"9007199254740993","avg":"NaN","ok":null},
  {"deviceid":"say \\"hi\\",\\nthere","readings":-5,"avg":0.0049,"ok":false}
]
`);
  expect(await printed('json', ['2', '1', '__proto__'], [[1, 2, 3]])).toBe('[\n  {"2":1,"1":2,"__proto__":3}\n]\n');
  expect(await printed('json', ['a'], [])).toBe('[]\n');
});

test('JSON refuses two columns of one name, CSV does not mind', async () => {
  await expect(printed('json', ['a', 'a'], [[1, 2]])).rejects.toThrow('Two columns are named a');
  expect(await printed('csv', ['a', 'a'], [[1, 2]])).toBe('a,a\r\n1,2\r\n');
});

test('CSV tells NULL from the empty string', async () => {
  expect(await printed('csv', NAMES, ROWS, TYPES)).toBe(
    'deviceid,readings,avg,ok\r\na|b,12,19.26649465536266,true\r\n"",9007199254740993,NaN,\r\n"say ""hi"",\nthere",-5,0.0049,false\r\n',
  );
});

test('Markdown escapes pipes, backslashes and HTML', async () => {
  expect(await printed('markdown', ['a|b', 'n'], [['x|<b>\n\\', 1n]], ['varchar', 'bigint'])).toBe(
    '| a\\|b | n |\n| --- | ---: |\n| x\\|&lt;b>\\\\u000a\\\\ | 1 |\n',
  );
});

test('a table lays out its first thousand rows and streams the rest', async () => {
  let taken = 0;
  const rows = (function* () {
    for (; taken < 1_000_000; taken++) yield [`device-${taken}`, taken] as Row;
  })();
  const chunks = formatRows({ names: ['id', 'n'], rows, format: 'table' });
  await chunks.next();
  expect(taken).toBeLessThan(3_000);
  await chunks.return(undefined);
});

test('a parser of RFC 4180 reads back what was written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') }), { minLength: 1 }),
      fields => {
        const line = fields.map(csvText).join(',');
        const read = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
          quoted === undefined ? bare : quoted.replaceAll('""', '"'),
        );
        expect(read).toEqual(fields);
      },
    ),
  );
});

test('a format that there is not is wrong usage, with the nearest', () => {
  expect(outputFormat(undefined)).toBe('table');
  expect(() => outputFormat('jsn')).toThrow(expect.objectContaining({ exitCode: 2, todo: 'Did you mean json?' }));
});

test('a query costs at least 10 MB, then $5 per TB by the megabyte', () => {
  expect(athenaCostUsd(0)).toBe(athenaCostUsd(10 * 1024 ** 2));
  expect(athenaCostUsd(1024 ** 4)).toBe(5);
  expect(athenaCostUsd(20 * 1024 ** 2 + 1)).toBe(athenaCostUsd(21 * 1024 ** 2));
});

test('the line below the rows says time, bytes, cost, and whether the result was reused', () => {
  const statistics = {
    queryExecutionId: 'q',
    engineMs: 120,
    bytesScanned: 46_285,
    reused: false,
    statementType: 'DML',
  };
  expect(statisticsText(3, statistics)).toBe('3 rows, 0.12 s, 45.2 KB scanned, $0.00005 on Athena');
  expect(statisticsText(1, { ...statistics, bytesScanned: 0, reused: true })).toBe(
    '1 row, 0.12 s, 0 B scanned, free on Athena, an earlier result reused',
  );
  const freeOnAthena = { ...statistics, bytesScanned: 0, statementType: 'UTILITY' };
  expect(statisticsText(2, freeOnAthena)).toBe('2 rows, 0.12 s, 0 B scanned, free on Athena');
  // CREATE TABLE AS.
  expect(statisticsText(0, { ...statistics, statementType: 'DDL' })).toContain('$0.00005 on Athena');
});
