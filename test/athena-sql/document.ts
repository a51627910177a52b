/** docs/athena-sql.md, from the cases and their records. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Case, readTopics, type Topic } from './cases.ts';
import { type Record, readRecords } from './records.ts';

const FILE = fileURLToPath(new URL('../../docs/athena-sql.md', import.meta.url));

/** The document as it is in the project. */
export function writtenDocument(): string {
  return readFileSync(FILE, 'utf8');
}

/** The document as the cases and records have it. */
export function athenaSqlDocument(): string {
  const topics = readTopics().map(topic => ({ topic, entries: entriesOf(topic) }));
  const all = topics.flatMap(({ entries }) => entries);
  const equal = all.filter(({ record }) => record.local === 'equal').length;
  const refused = all.filter(({ record }) => refusalOf(record) !== undefined).length;
  return [
    HEAD(all.length, equal, refused),
    '## What works\n',
    ...topics.flatMap(({ topic, entries }) =>
      worksText(
        topic,
        entries.filter(({ record }) => record.local === 'equal'),
      ),
    ),
    '## What is refused\n',
    'Each of these fails before it runs with `NOT_SUPPORTED` and the message here; on AWS it works.\n',
    ...refusedText(topics),
  ].join('\n');
}

interface Entry {
  each: Case;
  record: Record;
}

function entriesOf({ name, cases }: Topic): Entry[] {
  const records = new Map(readRecords(name).map(record => [record.name, record]));
  return cases.flatMap(each => {
    const record = records.get(each.name);
    return record === undefined ? [] : [{ each, record }];
  });
}

const HEAD = (all: number, equal: number, refused: number) => `# Athena's SQL on a laptop

<!-- Made by \`npm run docs:athena-sql\` from test/athena-sql: change the cases, not this page. -->

Queries are written once, in Athena's SQL, which is Trino's. The local Athena translates them to DuckDB. It gives what Athena
gives, or it refuses the query by name before it runs; it has no answer that is almost right.

What it may translate is decided by ${all} cases in \`test/athena-sql/cases\`. Their answers were recorded from a real Trino 435
over files of the lake's three writers. The local Athena answers ${equal} of them alike, errors among them, and refuses ${refused}.
\`npm test\` replays the records; \`npm run conformance\` asks Trino again, where Java 17 and Maven are.

Approximate functions (\`approx_percentile\`, \`approx_distinct\`) are exact here, which is within the error that Trino documents.

Functions of doubles that no computer rounds exactly (\`sin\`, \`exp\`, \`ln\`, \`power\`, \`cbrt\`, \`sinh\` and their like, and statistics such as
\`corr\`, \`skewness\` and \`stddev\`) may differ in the last digits: Java leaves these open, and Trino's order of adding up decides them.
`;

function worksText({ title, text }: Topic, entries: Entry[]): string[] {
  if (entries.length === 0) return [];
  const works = entries.filter(({ record }) => 'rows' in record.trino);
  const fails = entries.filter(({ record }) => 'error' in record.trino);
  return [
    `### ${title}\n`,
    ...(text === '' ? [] : [`${text}\n`]),
    ...(works.length === 0 ? [] : [`${works.map(({ each }) => `- ${each.name}: ${code(each)}`).join('\n')}\n`]),
    ...(fails.length === 0 ? [] : ['Fails here as it does on Athena:\n', `${fails.map(failText).join('\n')}\n`]),
  ];
}

function failText({ each, record }: Entry): string {
  return `- ${each.name}: ${code(each)} – \`${'error' in record.trino ? record.trino.error : ''}\``;
}

function code({ sql, saved }: Case): string {
  if (saved !== undefined) {
    const [name, ...pairs] = saved.split(' ');
    return `\`sluice query run ${name}${pairs.map(pair => ` --param ${pair}`).join('')}\``;
  }
  const line = sql.replaceAll(/\s+/g, ' ');
  const fence = line.includes('`') ? '``' : '`';
  return `${fence}${line}${fence}`;
}

function refusedText(topics: { topic: Topic; entries: Entry[] }[]): string[] {
  return topics.flatMap(({ topic, entries }) => {
    const lines = entries.flatMap(({ each, record }) => {
      const refused = refusalOf(record);
      return refused === undefined ? [] : [`- ${each.name}: ${code(each)}\n  ${message(refused)}`];
    });
    return lines.length === 0 ? [] : [`### ${topic.title}\n`, `${lines.join('\n')}\n`];
  });
}

function refusalOf({ local }: Record): string | undefined {
  return local !== 'equal' && 'refused' in local ? local.refused : undefined;
}

/** The refusal without its name, which all share. */
function message(refused: string): string {
  return refused.replace(/^NOT_SUPPORTED: /, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, athenaSqlDocument());
