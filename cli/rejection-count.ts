import type { Contract } from '../contract/contract.ts';
import { type RejectionReason, readMessage } from '../contract/reading.ts';
import type { Occurrence } from '../contract/repeated-time.ts';
import { ambiguousNote } from './ambiguous-note.ts';

/** Counts the messages that a lake with this contract rejects: an acknowledged message is not yet an accepted one. */
export function countRejections(contract: Contract) {
  const counts = new Map<RejectionReason, number>();
  let ambiguous = 0;
  return {
    /** Takes each sent message, with its arrival time in ms. */
    count(topic: string, payload: Uint8Array, receivedAt: number, occurrence?: Occurrence): void {
      const { rejection, repeated } = readMessage(contract, payload, { receivedAt, topic, occurrence });
      if (repeated?.decidedBy === 'nothing') ambiguous++;
      if (rejection !== undefined) counts.set(rejection.reason, (counts.get(rejection.reason) ?? 0) + 1);
    },
    /** By reason. */
    byReason: () => Object.fromEntries(counts) as Partial<Record<RejectionReason, number>>,
    /** Lines for stderr; empty if none is rejected. */
    note(): string {
      const note = ambiguous === 0 ? '' : `${ambiguousNote(ambiguous)}\n`;
      if (counts.size === 0) return note;
      const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
      const todo = counts.has('outside-window')
        ? 'Read old messages with sluice backfill: a live lake accepts none older than accept.pastDays of its contract.\n'
        : '';
      return `${note}The contract rejects some of these messages; the lake keeps them under errors/: ${reasons}.\n${todo}`;
    },
  };
}
