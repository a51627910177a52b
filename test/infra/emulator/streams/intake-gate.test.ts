import { expect, test } from 'vitest';
import { IntakeBusyError, openIntakeGate } from '../../../../infra/emulator/streams/intake-gate.ts';
import type { ConsumerLag } from '../../../../infra/emulator/streams/lag-meter.ts';

/** A gate over one consumer with capacity for the given number of records, and a manual clock. */
function gate(room: number) {
  const world = { now: 0, taken: [] as string[], onDisk: 0, room, lines: [] as string[] };
  let calls: { at: number; call: () => void }[] = [];
  const lag = (pending: number): ConsumerLag => ({
    ...{ consumer: 'hot-path', backlog: world.onDisk, behindMs: 0, failing: undefined },
    isOverloaded: world.onDisk + pending >= world.room,
  });
  const opened = openIntakeGate({
    lags: pending => [lag(pending)],
    log: line => world.lines.push(line),
    now: () => world.now,
    after: (ms, call) => {
      const entry = { at: world.now + ms, call };
      calls.push(entry);
      return () => {
        calls = calls.filter(other => other !== entry);
      };
    },
  });
  const advance = (ms: number) => {
    world.now += ms;
    const due = calls.filter(({ at }) => at <= world.now);
    calls = calls.filter(({ at }) => at > world.now);
    for (const { call } of due) call();
  };
  const take = (name: string) => async () => {
    world.taken.push(name);
    await Promise.resolve();
    world.onDisk++;
    return name;
  };
  return { world, gate: opened, advance, take };
}

test('intake runs at once while the consumers keep up', async () => {
  const { gate: open, take, world } = gate(2);
  expect(await open.admit(1, take('a'))).toBe('a');
  expect(world).toMatchObject({ taken: ['a'], lines: [] });
});

test('intake waits while a consumer is overloaded, and continues in order, within its capacity', async () => {
  const { gate: open, take, world, advance } = gate(1);
  const admitted = ['a', 'b', 'c', 'd'].map(name => open.admit(1, take(name)));
  expect(world.taken).toEqual(['a']);
  expect(open.state().waiting).toBe(3);
  world.room = 3;
  advance(20);
  expect(world.taken).toEqual(['a', 'b', 'c']);
  advance(20);
  expect(open.state()).toEqual({ waiting: 1, heldMs: 40 });
  world.room = 9;
  advance(20);
  expect(await Promise.all(admitted)).toEqual(['a', 'b', 'c', 'd']);
  expect(open.state()).toEqual({ waiting: 0, heldMs: 60 });
});

test('a newcomer does not pass those who wait', async () => {
  const { gate: open, take, world, advance } = gate(1);
  const admitted = [open.admit(1, take('a')), open.admit(1, take('b'))];
  world.room = 9;
  admitted.push(open.admit(1, take('c')));
  expect(world.taken).toEqual(['a']);
  advance(20);
  await Promise.all(admitted);
  expect(world.taken).toEqual(['a', 'b', 'c']);
});

test('a request that may not wait longer is refused, and never accepted afterwards', async () => {
  const { gate: open, take, world, advance } = gate(0);
  const refused = open.admitWithin(100)(1, take('a'));
  advance(100);
  await expect(refused).rejects.toBeInstanceOf(IntakeBusyError);
  world.room = 9;
  advance(20);
  expect(world.taken).toEqual([]);
  expect(await open.admit(1, take('b'))).toBe('b');
});

test('a failed intake fails alone, and those behind it continue', async () => {
  const { gate: open, take, world, advance } = gate(0);
  const failing = open.admit(1, async () => {
    throw new Error('disk full');
  });
  const next = open.admit(1, take('b'));
  world.room = 1;
  advance(20);
  await expect(failing).rejects.toThrow('disk full');
  advance(20);
  expect(await next).toBe('b');
});

test('one log line says that intake is slowed down, and one that it no longer is', async () => {
  const { gate: open, take, world, advance } = gate(1);
  const admitted = ['a', 'b', 'c'].map(name => open.admit(1, take(name)));
  for (let tick = 0; tick < 10; tick++) advance(20);
  expect(world.lines).toEqual([expect.stringContaining('hot-path')]);
  world.room = 9;
  advance(20);
  await Promise.all(admitted);
  expect(world.lines).toHaveLength(2);
});
