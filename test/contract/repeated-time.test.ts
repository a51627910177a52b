import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { wrapMessage } from '../../contract/envelope.ts';
import { readMessage } from '../../contract/reading.ts';
import { occurrencesByOrder } from '../../contract/repeated-order.ts';
import { BERLIN, instantsOf, localContract, localMessage, OTHERS, type RepeatedDay } from '../fixtures/repeated-day.ts';

const ANY = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
const MINUTE = 60_000;
const contract = localContract('Europe/Berlin');

/** The times that order decides, and the number left open. */
function inOrder(day: RepeatedDay, messages: readonly string[]): { times: number[]; open: number } {
  const zone = localContract(day.timezone);
  const records = messages.map(text => Buffer.from(text));
  const occurrences = occurrencesByOrder(zone, records);
  const outcomes = records.map((record, index) =>
    readMessage(zone, record, { receivedAt: Number.NaN, occurrence: occurrences.get(index) }, ANY),
  );
  return {
    times: outcomes.map(({ reading }) => reading?.ts ?? Number.NaN),
    open: outcomes.filter(({ repeated }) => repeated?.decidedBy === 'nothing').length,
  };
}

const said = (day: RepeatedDay, instants: readonly number[]) => instants.map(ms => localMessage(day, ms));

describe('by order', () => {
  it.each([BERLIN, ...OTHERS])('every minute of a long day has its own instant: $timezone, $minutes minutes', day => {
    const instants = instantsOf(day);
    expect(inOrder(day, said(day, instants))).toEqual({ times: instants, open: 0 });
  });

  it.each([2, 7, 15, 20, 25, 30, 40, 45, 60])(
    'a device that reports every %d minutes is placed, also backwards',
    every => {
      const instants = instantsOf(BERLIN, every);
      expect(inOrder(BERLIN, said(BERLIN, instants))).toEqual({ times: instants, open: 0 });
      const backwards = instants.toReversed();
      expect(inOrder(BERLIN, said(BERLIN, backwards))).toEqual({ times: backwards, open: 0 });
    },
  );

  it('a part that begins or ends in the hour is placed by its neighbours', () => {
    const instants = instantsOf(BERLIN);
    for (const [from, to] of [
      [0, 130],
      [130, 185],
      [190, 300],
      [125, 230],
    ]) {
      const part = instants.slice(from, to);
      expect(inOrder(BERLIN, said(BERLIN, part))).toEqual({ times: part, open: 0 });
    }
  });

  it('without neighbours, or with fitting pauses on both sides, it is left open', () => {
    const instants = instantsOf(BERLIN);
    expect(inOrder(BERLIN, said(BERLIN, instants.slice(190, 230))).open).toBe(40);
    expect(inOrder(BERLIN, said(BERLIN, [...instants.slice(0, 180), ...instants.slice(240)])).open).toBe(60);
  });

  it('a late message and a copy do not begin the second hour', () => {
    const at = (minute: number) => BERLIN.startMs + minute * MINUTE;
    const instants = [100, 119, 130, 128, 131, 131, 150].map(at);
    expect(inOrder(BERLIN, said(BERLIN, instants))).toEqual({ times: instants, open: 0 });
  });

  it('each device in a source is placed by its own order', () => {
    const instants = instantsOf(BERLIN, 5);
    const messages = instants.flatMap(ms => {
      const text = localMessage(BERLIN, ms);
      return [text, text.replace('clock', 'other')];
    });
    expect(inOrder(BERLIN, messages)).toEqual({ times: instants.flatMap(ms => [ms, ms]), open: 0 });
  });

  test('never throws, and decides only repeated times', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 60, max: 300 }), { maxLength: 30 }), minutes => {
        const instants = minutes.map(minute => BERLIN.startMs + minute * MINUTE);
        const { times } = inOrder(BERLIN, said(BERLIN, instants));
        for (const [index, ms] of times.entries())
          expect(Math.abs(ms - (instants[index] ?? 0)) % (60 * MINUTE)).toBe(0);
      }),
      { numRuns: 200, seed: 5 },
    ));
});

describe('by arrival', () => {
  const FIRST = Date.UTC(2026, 9, 25, 0, 30);
  const SECOND = Date.UTC(2026, 9, 25, 1, 30);
  const text = Buffer.from(localMessage(BERLIN, FIRST));

  it.each([
    [-10, FIRST, 'arrival'],
    [0, FIRST, 'arrival'],
    [44, FIRST, 'arrival'],
    [46, SECOND, 'arrival'],
    [60, SECOND, 'arrival'],
    [104, SECOND, 'arrival'],
    [106, FIRST, 'nothing'],
    [-20, FIRST, 'nothing'],
    [100_000, FIRST, 'nothing'],
  ])('%d minutes after the first one', (minutes, ts, decidedBy) => {
    const { reading, repeated } = readMessage(contract, text, { receivedAt: FIRST + minutes * MINUTE }, ANY);
    expect({ ts: reading?.ts, decidedBy: repeated?.decidedBy }).toEqual({ ts, decidedBy });
  });

  it('the sender’s knowledge takes precedence', () => {
    const { reading, repeated } = readMessage(contract, text, { receivedAt: FIRST, occurrence: 2 }, ANY);
    expect([reading?.ts, repeated?.decidedBy]).toEqual([SECOND, 'sender']);
  });

  it.each(['Z', '+02:00', '+0100'])('a time with the zone %s is one instant', zone => {
    const message = localMessage(BERLIN, FIRST).replace('02:30:00', `02:30:00${zone}`);
    expect(readMessage(contract, Buffer.from(message), { receivedAt: SECOND }, ANY).repeated).toBeUndefined();
  });

  it('records in an envelope are not placed by order: each has its own time of arrival', () => {
    const records = instantsOf(BERLIN).map(ms =>
      Buffer.from(wrapMessage('data/clock', Buffer.from(localMessage(BERLIN, ms)), ms)),
    );
    expect(occurrencesByOrder(contract, records).size).toBe(0);
  });
});
