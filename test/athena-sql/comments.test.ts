import { expect, test } from 'vitest';
import { LOG_TABLE, storedColumns, VIEW } from '../../contract/table.ts';
import type { NamedColumn } from '../../infra/emulator/trino-sql/bind/env.ts';
import { translate } from '../../infra/emulator/trino-sql/emit/translate.ts';
import { Refusal } from '../../infra/emulator/trino-sql/syntax/refusal.ts';
import { wordsOf } from '../../infra/emulator/trino-sql/syntax/words.ts';
import { parseHiveType } from '../../infra/emulator/trino-sql/types/trino-type.ts';
import { NOW } from '../infra/emulator/athena/lake-fixture.ts';
import { allTopics } from './entries.ts';
import { contract } from './readings.ts';

const columns: NamedColumn[] = [
  ...storedColumns(contract).map(({ name, type }) => ({ name, type: parseHiveType(type) })),
  { name: 'dt', type: parseHiveType('string') },
];

/** The translation of a query, or the name of its error, because messages contain positions. */
async function outcome(sql: string, parameters: readonly string[]): Promise<string> {
  try {
    const translation = await translate({
      sql,
      parameters,
      database: 'db',
      nowMs: NOW,
      findTable: async (_, table) =>
        [LOG_TABLE, VIEW].includes(table) ? { kind: 'table', id: table, columns } : undefined,
    });
    return JSON.stringify(translation);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

/**
 * The query with a comment before each of its words and at its end. A space separates a sign that would join the
 * comment.
 */
function annotated(sql: string, comments: readonly [string, string]): string {
  const words = wordsOf(sql);
  return words
    .map(({ start }, index) => {
      const apart = ['-', '/'].includes(words[index - 1]?.text ?? '') ? ' ' : '';
      return `${apart}${comments[index % 2]}${sql.slice(start, words[index]?.end)}`;
    })
    .join('');
}

const cases = allTopics().flatMap(topic => topic.cases.map(each => ({ ...each, topic: topic.name })));

const COMMENTS: [string, string][] = [
  ['-- it\'s a "comment" ?\n', '--\n'],
  ['/* it\'s a "comment" -- ? */', '/**/'],
];

test('comments between all words do not change the translation of any recorded query', async () => {
  const changed: string[] = [];
  for (const [index, { topic, name, sql, parameters }] of cases.entries()) {
    const plain = await outcome(sql, parameters);
    // Text that cannot be split into words has no positions between them.
    if (plain === 'SYNTAX_ERROR') continue;
    const [comments] = COMMENTS.slice(index % COMMENTS.length) as [[string, string]];
    if ((await outcome(annotated(sql, comments), parameters)) !== plain) changed.push(`${topic}: ${name}`);
  }
  expect(changed).toEqual([]);
}, 120_000);
