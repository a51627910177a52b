import type { Contract } from '../contract/contract.ts';
import { type RejectionReason, readMessage } from '../contract/reading.ts';
import type { Occurrence } from '../contract/repeated-time.ts';
import { ambiguousNote } from './ambiguous-note.ts';

/** Counts the messages that a lake of this contract rejects: what is acknowledged is not yet accepted, and would be looked for in vain. */
export function countUnfit(contract: Contract) {
  const counts = new Map<RejectionReason, number>();
  let ambiguous = 0;
  return {
    /** Takes a message on its way, with its time of arrival in ms. */
    look(topic: string, payload: Uint8Array, receivedAt: number, occurrence?: Occurrence): void {
      const { rejection, repeated } = readMessage(contract, payload, { receivedAt, topic, occurrence });
      if (repeated?.decidedBy === 'nothing') ambiguous++;
      if (rejection !== undefined) counts.set(rejection.reason, (counts.get(rejection.reason) ?? 0) + 1);
    },
    /** By reason. */
    rejected: () => Object.fromEntries(counts) as Partial<Record<RejectionReason, number>>,
    /** Lines for stderr; empty where all fit. */
    note(): string {
      const note = ambiguous === 0 ? '' : `${ambiguousNote(ambiguous)}\n`;
      if (counts.size === 0) return note;
      const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
      const todo = counts.has('outside-window')
        ? 'Old messages come in with sluice backfill; a live lake takes what is not older than accept.pastDays of its contract.\n'
        : '';
      return `${note}By this contract the lake rejects some of them, and keeps them under errors/: ${reasons}.\n${todo}`;
    },
  };
}
