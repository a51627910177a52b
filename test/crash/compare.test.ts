import { describe, expect, test } from 'vitest';
import { compare, type Found, isKept } from './compare.ts';
import { type FoundRow, numberingOf, rowOf } from './message.ts';
import type { SentList } from './sent-list.ts';

const numbering = numberingOf(7, Date.UTC(2026, 10, 22, 12));
const device = 'crash-mqtt-1';
const direct = 'crash-firehose-1';
const streamed = 'crash-kinesis-1';
const rows = (name: string, ...numbers: number[]) => numbers.map(number => rowOf(numbering, name, number));

const sent: SentList = {
  mqtt: new Set([`${device}#0`]),
  resent: new Set([`${device}#1`]),
  firehose: new Set([`${direct}#0`]),
  kinesis: new Set([`${streamed}#0`]),
  unanswered: new Set([`${direct}#1`]),
};

function kept(): Found {
  const lake = [...rows(device, 0, 1), ...rows(direct, 0)];
  return { view: lake, log: lake, hot: [...rows(device, 0, 1), ...rows(streamed, 0)], raw: lake, strays: [] };
}

describe('the crash test compares what it found with what was acknowledged', () => {
  test('a state with everything once is as promised', () => {
    expect(isKept(compare(numbering, sent, kept()))).toBe(true);
  });

  test.each(['view', 'log', 'hot', 'raw'] as const)('a message that is not in the %s is missing', place => {
    const found = { ...kept(), [place]: rows(device, 1) };
    const { missing } = compare(numbering, sent, found);
    expect(missing.some(line => line.startsWith(`${device}#0 is not in`))).toBe(true);
  });

  test('a row twice in the view is a duplicate', () => {
    const found = { ...kept(), view: [...kept().view, ...rows(device, 1)] };
    expect(compare(numbering, sent, found).duplicated).toEqual([`${device}#1 is in the view readings 2 times`]);
  });

  test('a copy in the log is an MQTT resend; for a message that was sent once, it is a delivery that was written twice', () => {
    const twice = (name: string, number: number) => {
      const lake = [...kept().log, ...rows(name, number)];
      return compare(numbering, sent, { ...kept(), log: lake, raw: lake });
    };
    expect(isKept(twice(device, 1))).toBe(true);
    expect(twice(device, 0).duplicated).toHaveLength(2);
    expect(twice(direct, 0).duplicated).toEqual([
      `${direct}#0 is in readings_log 2 times`,
      `${direct}#0 is in the raw backup 2 times`,
    ]);
  });

  test('Kinesis messages belong in the hot table, and not in the lake', () => {
    const { missing } = compare(numbering, sent, { ...kept(), hot: rows(device, 0, 1) });
    expect(missing).toEqual([`${streamed}#0 is not in the hot table`]);
    const lake = [...kept().view, ...rows(streamed, 0)];
    expect(compare(numbering, sent, { ...kept(), view: lake }).wrong).toEqual([`${streamed}#0 was never sent`]);
  });

  test('a put without an answer may be present once or not at all', () => {
    const lake = [...kept().log, ...rows(direct, 1)];
    const found = { ...kept(), view: lake, log: lake, raw: lake };
    expect(isKept(compare(numbering, sent, found))).toBe(true);
    const twice = { ...found, log: [...lake, ...rows(direct, 1)], raw: [...lake, ...rows(direct, 1)] };
    expect(compare(numbering, sent, twice).duplicated).toHaveLength(2);
  });

  test('other values, rows that nobody sent, and unexpected files are wrong', () => {
    const [first] = kept().hot as [FoundRow];
    const changed = { ...kept(), hot: [{ ...first, temperature: first.temperature + 1 }, ...kept().hot.slice(1)] };
    expect(compare(numbering, sent, changed).wrong).toHaveLength(1);
    const invented = { ...kept(), view: [...kept().view, ...rows(device, 9)] };
    expect(compare(numbering, sent, invented).wrong).toEqual([`${device}#9 was never sent`]);
    expect(compare(numbering, sent, { ...kept(), strays: ['a file'] }).wrong).toEqual(['a file']);
  });

  test('a raw backup that differs from the rows of its delivery is wrong', () => {
    const found = { ...kept(), raw: [...kept().raw, ...rows(device, 1)] };
    expect(compare(numbering, sent, found).wrong).toEqual([
      `${device}#1 is in the raw backup 2 times, in readings_log 1 times`,
    ]);
  });
});
