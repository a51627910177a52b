/** docs/athena-sql-cases.md: every case, by topic. */

import type { Topic } from './cases.ts';
import { code, type Entry, refusalOf, type TopicEntries } from './entries.ts';

/** The page of cases as the cases and records have it. */
export function casesPage(topics: readonly TopicEntries[]): string {
  return [
    HEAD,
    '## What works\n',
    ...topics.flatMap(({ topic, entries }) =>
      worksText(
        topic,
        entries.filter(({ record }) => record.local === 'equal'),
      ),
    ),
    '## What is refused\n',
    'Each of these fails with `NOT_SUPPORTED` and the message here, which on AWS works, or fails under a name of its own.\n',
    ...refusedText(topics),
  ].join('\n');
}

const HEAD = `# Athena's SQL on a laptop: the cases

<!-- Made by \`npm run docs:athena-sql\` from test/athena-sql: change the cases, not this page. -->

Every query whose answer was recorded from Trino, and what the local Athena makes of it. What follows from them for who writes
queries is in [athena-sql.md](athena-sql.md).
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

function refusedText(topics: readonly TopicEntries[]): string[] {
  return topics.flatMap(({ topic, entries }) => {
    const lines = entries.flatMap(entry => {
      const refused = refusalOf(entry);
      return refused === undefined ? [] : [`- ${entry.each.name}: ${code(entry.each)}\n  ${message(refused)}`];
    });
    return lines.length === 0 ? [] : [`### ${topic.title}\n`, `${lines.join('\n')}\n`];
  });
}

/** The refusal without its name, which all share. */
function message(refused: string): string {
  return refused.replace(/^NOT_SUPPORTED: /, '');
}
