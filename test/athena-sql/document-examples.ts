/** The worked examples of docs/athena-sql.md: recorded cases, with Trino's rows. */

import type { Cell, Result } from './answer.ts';
import { code, type Entry, isProof, readEntries, savedCommand, type TopicEntries } from './entries.ts';
import { SAVED_TOPIC } from './saved-cases.ts';

const SHOWN_ROWS = 4;

/** What an example shows, and its case (topic, name). */
const EXAMPLES: readonly { title: string; topic: string; name: string; text: string }[] = [
  {
    title: 'A local day, by a saved query',
    topic: SAVED_TOPIC,
    name: 'daily-temperature, the day with 23 hours in Berlin',
    text: 'The local day in Berlin has 23 hours here. `dt` is a UTC date, so the filter on it keeps two partitions.',
  },
  {
    title: 'Local hours, on a day with 25 of them',
    topic: '03-zones',
    name: 'readings by local hour on the day with 25 hours',
    text: 'The repeated hour forms two groups, because a time in a zone is an instant, not what the clock shows.',
  },
  {
    title: 'The newest reading of each device',
    topic: '05-windows',
    name: 'the newest reading of each device',
    text: 'Add a filter on `dt` to your own query. Without one, it reads every partition, and AWS bills them.',
  },
  {
    title: 'Hours without a reading, as zeros',
    topic: '06-gaps',
    name: 'readings per hour with zeros',
    text: 'The hours come from `sequence`. A `LEFT JOIN` keeps the hours without a reading.',
  },
  {
    title: 'Sessions between silences',
    topic: '06-gaps',
    name: 'sessions by a running sum of breaks',
    text: 'A break is a step of more than 90 minutes. The running sum of breaks numbers the sessions. Use this pattern instead of `MATCH_RECOGNIZE`.',
  },
];

/** The examples in Markdown. Throws for one that is no longer a case with the same answer as Trino. */
export function examplesText(topics: readonly TopicEntries[] = readEntries()): string[] {
  return EXAMPLES.map(({ title, topic, name, text }) => {
    const entry = topics
      .find(each => each.topic.name === topic)
      ?.entries.find(({ each, record }) => each.name === name && isProof({ each, record }));
    if (entry === undefined || !('rows' in entry.record.trino))
      throw new Error(`the example '${name}' of ${topic}.sql is not a case with the same answer`);
    return `### ${title}\n\n${text}\n\n${queryText(entry)}\n\n${rowsText(entry.record.trino)}\n`;
  });
}

function queryText({ each }: Entry): string {
  if (each.saved === undefined) return `\`\`\`sql\n${laidOut(each.sql)}\n\`\`\``;
  const [file] = each.saved.split(' ');
  return `\`\`\`sh\n${savedCommand(each.saved)}\n\`\`\`\n\nIts SQL is [queries/${file}.sql](../queries/${file}.sql).`;
}

function rowsText({ columns, rows }: Result): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const more = rows.length - SHOWN_ROWS;
  return [
    line(columns.map(({ name }) => name)),
    line(columns.map(() => '---')),
    ...rows.slice(0, SHOWN_ROWS).map(row => line(row.map(cellText))),
    ...(more > 0 ? [`\nand ${more} more.`] : []),
  ].join('\n');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? code({ sql: JSON.stringify(cell) }) : String(cell);
}

const CLAUSE = /^(?:SELECT|FROM|LEFT JOIN|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT)\b/;

/** A one-line query with its clauses on separate lines: its own, and those of the queries in its WITH. */
function laidOut(sql: string): string {
  let text = '';
  let depth = 0;
  let isText = false;
  let isWith = sql.startsWith('WITH');
  for (const [at, char] of [...sql].entries()) {
    if (char === "'") isText = !isText;
    if (!isText && char === '(') depth++;
    if (!isText && char === ')') depth--;
    const isStart = !isText && /[ (]/.test(sql[at - 1] ?? '') && CLAUSE.test(sql.slice(at));
    if (isStart && depth <= (isWith ? 1 : 0)) text = `${text.trimEnd()}\n${'  '.repeat(depth)}`;
    if (isStart && depth === 0) isWith = false;
    if (isWith && depth === 0 && char === ')' && text.includes('\n')) text += '\n';
    text += char;
  }
  return text.trim();
}
