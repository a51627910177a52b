import type { Contract } from '../contract/contract.ts';
import { type RejectionReason, readMessage } from '../contract/reading.ts';

/** Counts the messages that a lake of this contract rejects: what is acknowledged is not yet accepted, and would be looked for in vain. */
export function countUnfit(contract: Contract) {
  const counts = new Map<RejectionReason, number>();
  return {
    /** Takes a message on its way, with its time of arrival in ms. */
    look(topic: string, payload: Uint8Array, receivedAt: number): void {
      const { rejection } = readMessage(contract, payload, { receivedAt, topic });
      if (rejection !== undefined) counts.set(rejection.reason, (counts.get(rejection.reason) ?? 0) + 1);
    },
    /** By reason. */
    rejected: () => Object.fromEntries(counts) as Partial<Record<RejectionReason, number>>,
    /** Lines for stderr; empty where all fit. */
    note(): string {
      if (counts.size === 0) return '';
      const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
      const todo = counts.has('outside-window')
        ? 'Old messages come in with sluice backfill; a live lake takes what is not older than accept.pastDays of its contract.\n'
        : '';
      return `By this contract the lake rejects some of them, and keeps them under errors/: ${reasons}.\n${todo}`;
    },
  };
}
