/** The section of docs/athena-sql.md on statements, clauses and types. */
import { readFileSync } from 'node:fs';
import { statementKind } from '../../infra/emulator/athena/language/statement-kind.ts';
import { translate } from '../../infra/emulator/trino-sql/emit/translate.ts';
import { type Entry, words } from './entries.ts';

const source = (file: string) => readFileSync(new URL(`../../infra/emulator/athena/${file}`, import.meta.url), 'utf8');

const RESULTS = { csv: 'rows', txt: 'text', table: 'a table', files: 'files' };

/** The start of each statement whose kind the first words alone do not determine. */
const LONGER = [
  'SELECT 1',
  'CREATE TABLE t AS SELECT 1',
  'INSERT INTO t SELECT 1',
  'UNLOAD (SELECT 1) TO',
  'EXECUTE q',
];

/** Statements that Athena has (most of them for Iceberg tables) or that other dialects have. */
const FOREIGN = ['DELETE FROM t', 'UPDATE t SET a = 1', 'MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE'];

/** A table of the supported statements, from the statement reader's own table, and the refusals of others. */
export async function statementsText(): Promise<string[]> {
  const runs = new Set(
    [...source('statements/run-statement.ts').matchAll(/^ {2}([A-Z_]+): \w+,$/gm)].map(([, name]) => name),
  );
  const begins = [...source('language/statement-kind.ts').matchAll(/^ {2}\['([A-Z ]+)', '\w+', '\w+'\],$/gm)];
  const found = new Set<string>();
  const rows = new Map<string, string[]>();
  for (const sql of [...LONGER, ...begins.map(([, sql = '']) => sql)]) {
    const kind = statementKind(sql);
    if (!runs.has(kind.substatement) && !['SELECT', 'EXECUTE'].includes(kind.substatement)) continue;
    found.add(kind.substatement);
    const place = `${kind.type} | ${RESULTS[kind.result]}`;
    rows.set(place, [...(rows.get(place) ?? []), `\`${statementWords(sql)}\``]);
  }
  const unread = [...runs].filter(name => !found.has(name ?? ''));
  if (unread.length > 0) throw new Error(`no first words in statement-kind.ts are of ${unread.join(', ')}`);
  return [
    '| type | result | statements |\n|---|---|---|',
    ...[...rows].map(([place, statements]) => `| ${place} | ${statements.join(', ')} |`),
    '\nEvery other statement is refused, and the error names it. Athena has these among them:\n',
    ...(await refusedStatements()),
    '',
  ];
}

/** The refusals of statements, grouped by wording. */
async function refusedStatements(): Promise<string[]> {
  const names = new Map<string, string[]>();
  for (const sql of FOREIGN) {
    const [, name = '', advice = ''] = /translate (.*?) yet\.(.*)$/.exec(await refusal(sql)) ?? [];
    if (name === '') throw new Error(`the refusal of ${sql} has a different form from that of a construct`);
    names.set(advice, [...(names.get(advice) ?? []), `\`${name}\``]);
  }
  return [...names].map(([advice, statements]) => `- ${statements.join(', ')}:${advice}`);
}

function statementWords(sql: string): string {
  return sql.replace(/ (t|q|1|\(SELECT 1\))(?= |$)/g, match =>
    match === ' 1' ? ' …' : match === ' (SELECT 1)' ? ' (…)' : ' NAME',
  );
}

async function refusal(sql: string): Promise<string> {
  try {
    await translate({ sql, database: 'db', nowMs: 0, findTable: async () => undefined });
  } catch (error) {
    if (error instanceof Error) return error.message.replace(/^NOT_SUPPORTED: /, '');
  }
  throw new Error(`${sql} is not refused`);
}

/** Clauses and forms of expressions, with the pattern of a query that has them, in lower case. */
const CLAUSES: Record<string, RegExp> = {
  '`WITH`': /^\s*with /,
  '`SELECT DISTINCT`': /select distinct/,
  '`VALUES`': /\bvalues\b/,
  '`JOIN … ON`': /\bjoin [\s\S]* on /,
  '`JOIN … USING`': /\busing \(/,
  '`LEFT JOIN`': /\bleft (outer )?join/,
  '`RIGHT JOIN`': /\bright (outer )?join/,
  '`FULL JOIN`': /\bfull (outer )?join/,
  '`CROSS JOIN`': /\bcross join/,
  '`CROSS JOIN UNNEST`': /\bcross join unnest/,
  '`LATERAL`': /\blateral\b/,
  '`WITH ORDINALITY`': /with ordinality/,
  '`GROUP BY`': /group by/,
  '`ROLLUP`': /\brollup\b/,
  '`CUBE`': /\bcube\b/,
  '`GROUPING SETS`': /grouping sets/,
  '`HAVING`': /\bhaving\b/,
  '`FILTER (WHERE …)`': /\bfilter \(/,
  '`WITHIN GROUP`': /within group/,
  '`OVER`': /\bover \(/,
  '`WINDOW`': /\bwindow \w+ as/,
  '`ROWS`': /\brows (between|unbounded|\d)/,
  '`RANGE`': /\brange (between|unbounded|\d|interval|current)/,
  '`GROUPS`': /\bgroups (between|unbounded|\d|current)/,
  '`IGNORE NULLS`': /ignore nulls/,
  '`ORDER BY`': /order by/,
  '`NULLS FIRST`': /nulls first/,
  '`OFFSET`': /\boffset \d/,
  '`LIMIT`': /\blimit \d/,
  '`FETCH FIRST`': /\bfetch first/,
  '`UNION`': /\bunion\b(?! all)/,
  '`UNION ALL`': /\bunion all/,
  '`INTERSECT`': /\bintersect\b/,
  '`EXCEPT`': /\bexcept\b/,
  '`CASE`': /\bcase\b/,
  '`IN`': /\bin \(/,
  '`EXISTS`': /\bexists \(/,
  '`ANY`, `ALL` of a subquery': /\b(any|all) \(/,
  '`BETWEEN`': /\bbetween\b/,
  '`LIKE … ESCAPE`': /\blike [\s\S]*escape\b/,
  '`IS DISTINCT FROM`': /is (not )?distinct from/,
  '`CAST`': /\bcast\s?\(/,
  '`TRY_CAST`': /\btry_cast\s?\(/,
  '`EXTRACT`': /\bextract\s?\(/,
  '`AT TIME ZONE`': /at time zone/,
  '`INTERVAL`': /\binterval\b/,
  'lambdas `x -> …`': /->/,
  '`ARRAY[…]`': /\barray\[/,
  'parameters `?`': /\?/,
};

/** Each clause with the number of cases that prove it. Throws for a clause without a case. */
export function clausesText(proofs: readonly Entry[]): string {
  const queries = proofs.map(({ each }) => words(each.sql));
  const counted = Object.entries(CLAUSES).map(([label, form]) => {
    const count = queries.filter(query => form.test(query)).length;
    if (count === 0) throw new Error(`no case with the same answer has ${label}`);
    return `${label} ${count}`;
  });
  return `${wrapped(counted, ' · ')}\n`;
}

/** The kinds of result types in the cases, with their counts. */
export function typesText(proofs: readonly Entry[]): string {
  const counts = new Map<string, number>();
  for (const { record } of proofs) {
    if (!('rows' in record.trino)) continue;
    const kinds = new Set(record.trino.columns.map(({ type }) => typeKind(type)));
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return `${wrapped(
    sorted.map(([kind, count]) => `\`${kind}\` ${count}`),
    ' · ',
  )}\n`;
}

/** The type without its parentheses. */
function typeKind(type: string): string {
  return type.replace(/^([a-z]+)\(.*\)(.*)$/, '$1$2');
}

/** Joins items into lines of about 120 columns. */
export function wrapped(items: readonly string[], between: string): string {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last === undefined || last.length + between.length + item.length > 118) lines.push(item);
    else lines[lines.length - 1] = `${last}${between}${item}`;
  }
  return lines.join(`${between.trimEnd()}\n`);
}
