import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Outbox, type Outgoing } from '../../device/outbox.ts';

function message(topic: string, settled: string[] = []): Outgoing {
  return {
    topic,
    payload: Buffer.from(topic),
    resolve: () => settled.push(`${topic} acknowledged`),
    reject: error => settled.push(`${topic} ${error.message}`),
  };
}

function take(outbox: Outbox): Outgoing[] {
  const taken: Outgoing[] = [];
  for (let next = outbox.next(); next !== undefined; next = outbox.next()) taken.push(next);
  return taken;
}

const topics = (messages: Outgoing[]) => messages.map(({ topic }) => topic).join('');

test('no more than the window is in flight', () => {
  const outbox = new Outbox({ maxInFlight: 2, patience: 3 });
  for (const topic of 'abc') outbox.add(message(topic));
  const [a, b] = take(outbox);
  expect(topics([a, b] as Outgoing[])).toBe('ab');
  outbox.acknowledge(b as Outgoing);
  expect(topics(take(outbox))).toBe('c');
});

test('messages in flight when the connection ended go first, one at a time until something is acknowledged', () => {
  const outbox = new Outbox({ maxInFlight: 2, patience: 3 });
  for (const topic of 'abcd') outbox.add(message(topic));
  take(outbox);
  expect(outbox.connectionLost()).toBeUndefined();
  const [a, ...more] = take(outbox);
  expect(a?.topic).toBe('a');
  expect(more).toEqual([]);
  outbox.acknowledge(a as Outgoing);
  expect(topics(take(outbox))).toBe('bc');
});

test('the message that ends one connection after another is refused, and its neighbours continue', () => {
  const outbox = new Outbox({ maxInFlight: 4, patience: 2 });
  for (const topic of 'abc') outbox.add(message(topic));
  take(outbox);
  expect(outbox.connectionLost()).toBeUndefined();
  take(outbox);
  expect(outbox.connectionLost()).toBeUndefined();
  take(outbox);
  expect(outbox.connectionLost()?.topic).toBe('a');
  expect(topics(take(outbox))).toBe('b');
});

test('a connection that ends with nothing in flight does not count against any message', () => {
  const outbox = new Outbox({ maxInFlight: 4, patience: 0 });
  expect(outbox.connectionLost()).toBeUndefined();
  outbox.add(message('a'));
  expect(outbox.connectionLost()).toBeUndefined();
  expect(topics(take(outbox))).toBe('a');
});

test('failing rejects every unsettled message', () => {
  const settled: string[] = [];
  const outbox = new Outbox({ maxInFlight: 1, patience: 3 });
  for (const topic of 'abc') outbox.add(message(topic, settled));
  outbox.acknowledge(outbox.next() as Outgoing);
  outbox.next();
  outbox.fail(new Error('closed'));
  expect(settled).toEqual(['a acknowledged', 'b closed', 'c closed']);
  expect(outbox.size).toBe(0);
});

test('whatever the connections do, every message is settled once, and first sent in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('add', 'ack', 'lose'), { maxLength: 200 }),
      fc.integer({ min: 1, max: 5 }),
      (steps, maxInFlight) => {
        const outbox = new Outbox({ maxInFlight, patience: Number.MAX_SAFE_INTEGER });
        const settled: string[] = [];
        const firstSent: number[] = [];
        let mapConcurrent: Outgoing[] = [];
        let added = 0;
        const send = () => {
          for (const next of take(outbox)) {
            mapConcurrent.push(next);
            if (!firstSent.includes(Number(next.topic))) firstSent.push(Number(next.topic));
          }
          expect(mapConcurrent.length).toBeLessThanOrEqual(maxInFlight);
        };
        const acknowledge = () => outbox.acknowledge(mapConcurrent.shift() as Outgoing);
        for (const step of steps) {
          if (step === 'add') outbox.add(message(String(added++), settled));
          else if (step === 'lose') {
            outbox.connectionLost();
            mapConcurrent = [];
          } else if (mapConcurrent.length > 0) acknowledge();
          send();
        }
        while (mapConcurrent.length > 0) {
          acknowledge();
          send();
        }
        expect(settled.sort()).toEqual(Array.from({ length: added }, (_, n) => `${n} acknowledged`).sort());
        expect(firstSent).toEqual(Array.from({ length: added }, (_, n) => n));
      },
    ),
  );
});
