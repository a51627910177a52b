import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { MessageKey } from './message.ts';

/**
 * What became of a message, as its sender saw it: acknowledged over MQTT at the first sending, or after its connection was
 * lost (`resent`: the stack may have got it more than once); acknowledged by Firehose or Kinesis; or sent there without an
 * answer, or refused, in which case the stack may have it or not.
 */
export type Fate = (typeof FATES)[number];
export const FATES = ['mqtt', 'resent', 'firehose', 'kinesis', 'unanswered'] as const;

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
  const sent = emptySentList();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const [word, key, ...more] = line.split(' ');
    const fate = FATES.find(known => known === word);
    if (fate === undefined || key === undefined || more.length > 0) throw new Error(`${file} holds the line '${line}'`);
    sent[fate].add(key);
  }
  return sent;
}

/** A list that holds nothing. */
export function emptySentList(): SentList {
  return { mqtt: new Set(), resent: new Set(), firehose: new Set(), kinesis: new Set(), unanswered: new Set() };
}
