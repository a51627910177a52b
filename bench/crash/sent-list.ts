import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { MessageKey } from './message.ts';

/**
 * What became of a message, as its sender saw it: acknowledged over MQTT or by Firehose, or sent without an answer, in which
 * case the stack may have it or not.
 */
export type Fate = 'mqtt' | 'firehose' | 'unanswered';

/** The sender's own list: one line a message, appended before the sender counts it, in a file that no kill touches. */
export interface SentListWriter {
  add(fate: Fate, keys: readonly MessageKey[]): void;
  close(): void;
}

export function openSentList(file: string): SentListWriter {
  const handle = openSync(file, 'a');
  return {
    add: (fate, keys) => void writeSync(handle, keys.map(key => `${fate} ${key}\n`).join('')),
    close: () => closeSync(handle),
  };
}

/** The list as sets of message keys, by fate. */
export type SentList = Record<Fate, Set<MessageKey>>;

/** Reads a list. Throws on a line that is none of its own. */
export function readSentList(file: string): SentList {
  const sent: SentList = { mqtt: new Set(), firehose: new Set(), unanswered: new Set() };
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const [fate, key, ...more] = line.split(' ');
    if ((fate !== 'mqtt' && fate !== 'firehose' && fate !== 'unanswered') || key === undefined || more.length > 0)
      throw new Error(`${file} holds the line '${line}'`);
    sent[fate].add(key);
  }
  return sent;
}
