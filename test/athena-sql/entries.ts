/** The cases with their records, as the documentation and its tests read them. */
import { type Case, readTopics, type Topic } from './cases.ts';
import { type Record, readRecords, writeRecords } from './records.ts';
import { SAVED_TOPIC, savedRecords, savedTopic, writeSavedRecords } from './saved-cases.ts';

/** A case and its record. */
export interface Entry {
  each: Case;
  record: Record;
}

/** A topic with its recorded cases, in order. */
export interface TopicEntries {
  topic: Topic;
  entries: Entry[];
}

/** Every topic: those of the dialect, and the saved queries. */
export function allTopics(): Topic[] {
  return [...readTopics(), savedTopic()];
}

/** The records of a topic; none if it was never recorded. */
export function recordsOf(topic: string): Record[] {
  return topic === SAVED_TOPIC ? savedRecords() : readRecords(topic);
}

/** Writes a topic's records. */
export function keepRecords(topic: string, records: readonly Record[]): void {
  if (topic === SAVED_TOPIC) writeSavedRecords(records);
  else writeRecords(topic, records);
}

/**
 * The topics of the dialect, which the documentation lists and counts; adding or removing a saved query changes no
 * page.
 */
export function dialectEntries(): TopicEntries[] {
  return readEntries().filter(({ topic }) => topic.name !== SAVED_TOPIC);
}

/** Every topic with its recorded cases. */
export function readEntries(): TopicEntries[] {
  return allTopics().map(topic => {
    const records = new Map(recordsOf(topic.name).map(record => [record.name, record]));
    const entries = topic.cases.flatMap(each => {
      const record = records.get(each.name);
      return record === undefined ? [] : [{ each, record }];
    });
    return { topic, entries };
  });
}

/** Whether Trino returns rows, and the local Athena the same; an error from both shows nothing about a function. */
export function isProof({ record }: Entry): boolean {
  return record.local === 'equal' && 'rows' in record.trino;
}

/** The text of a refusal; undefined for a case that is not refused. */
export function refusalOf({ record: { local } }: Entry): string | undefined {
  return local !== 'equal' && 'refused' in local ? local.refused : undefined;
}

/** The query without comments and strings, in lower case, so that only its words remain. */
export function words(sql: string): string {
  return sql.replaceAll(/--.*$|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/gm, ' ').toLowerCase();
}

/** A case as one line of Markdown code. */
export function code({ sql, saved }: Pick<Case, 'sql' | 'saved'>): string {
  if (saved !== undefined) return `\`${savedCommand(saved)}\``;
  const line = sql.replaceAll(/\s+/g, ' ');
  const fence = line.includes('`') ? '``' : '`';
  return `${fence}${line}${fence}`;
}

/** The command that runs a saved query's case, from `NAME key=value …`. */
export function savedCommand(saved: string): string {
  const [name, ...pairs] = saved.split(' ');
  return `sluice query run ${name}${pairs.map(pair => ` --param ${pair}`).join('')}`;
}
