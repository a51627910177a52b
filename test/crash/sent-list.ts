import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { MessageKey } from './message.ts';

/**
 * The fate of a message, as its sender saw it: acknowledged over MQTT at the first attempt, or after its connection was
 * lost (`resent`: the stack may have received it more than once); acknowledged by Firehose or Kinesis; or sent there
 * without an answer, or refused, in which case the stack may or may not have it.
 */
export type Fate = (typeof FATES)[number];
export const FATES = ['mqtt', 'resent', 'firehose', 'kinesis', 'unanswered'] as const;

/**
 * The sender's own list: one line per message, appended before the sender counts it, in a file that no kill affects.
 */
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

/** Reads a list. Throws on an invalid line. */
export function readSentList(file: string): SentList {
  const sent = emptySentList();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const [word, key, ...more] = line.split(' ');
    const fate = FATES.find(known => known === word);
    if (fate === undefined || key === undefined || more.length > 0)
      throw new Error(`${file} has the invalid line '${line}'`);
    sent[fate].add(key);
  }
  return sent;
}

/** An empty list. */
export function emptySentList(): SentList {
  return { mqtt: new Set(), resent: new Set(), firehose: new Set(), kinesis: new Set(), unanswered: new Set() };
}
