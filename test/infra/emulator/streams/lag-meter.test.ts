import { expect, test } from 'vitest';
import { LagMeter } from '../../../../infra/emulator/streams/lag-meter.ts';

function meter() {
  const world = { now: 100_000, head: 0 };
  const lag = new LagMeter({
    ...{ consumer: 'c', head: () => world.head, limitMs: 2_000, floor: 100 },
    now: () => world.now,
  });
  lag.startsAfter(0);
  return { world, lag };
}

test('a consumer without pending records is not behind', () => {
  const { lag } = meter();
  expect(lag.read()).toMatchObject({ backlog: 0, behindMs: 0, failing: undefined, isOverloaded: false });
});

/** One batch of the consumer, from the first unhandled record to `upTo`. */
function handle({ world, lag }: ReturnType<typeof meter>, from: number, upTo: number, tookMs: number): void {
  lag.begins(upTo - from, world.now);
  world.now += tookMs;
  lag.handled(upTo);
}

test('the lag is the age of the oldest record that is due', () => {
  const { lag, world } = meter();
  lag.waits(101_000);
  lag.waits(109_000);
  expect(lag.read().behindMs).toBe(0);
  world.now = 104_000;
  expect(lag.read().behindMs).toBe(3_000);
  lag.begins(1, 103_000);
  expect(lag.read().behindMs).toBe(1_000);
  lag.idle(0);
  expect(lag.read().behindMs).toBe(0);
});

test('a backlog is too large if the consumer, at its own rate, needs longer than its limit', () => {
  const { world, lag } = meter();
  world.head = 1_000;
  handle({ world, lag }, 0, 1_000, 1_000);
  world.head = 3_000;
  expect(lag.read()).toMatchObject({ backlog: 2_000, isOverloaded: false });
  world.head = 3_001;
  expect(lag.read()).toMatchObject({ backlog: 2_001, isOverloaded: true });
  // Twice as fast from here on: the same backlog soon fits the limit.
  world.head = 6_001;
  for (let sequence = 1_000; sequence < 3_000; sequence += 500) handle({ world, lag }, sequence, sequence + 500, 250);
  expect(lag.read()).toMatchObject({ backlog: 3_001, isOverloaded: false });
});

test('a slow batch counts while it is in progress, even the first one', () => {
  const { world, lag } = meter();
  world.head = 2_000;
  lag.begins(500, world.now);
  expect(lag.read().isOverloaded).toBe(false);
  world.now += 501;
  expect(lag.read()).toMatchObject({ backlog: 2_000, isOverloaded: true });
});

test('a small backlog is never too large, nor is one whose rate is unknown', () => {
  const { world, lag } = meter();
  world.head = 50_000;
  expect(lag.read().isOverloaded).toBe(false);
  handle({ world, lag }, 0, 49_900, 1_000_000);
  expect(lag.read()).toMatchObject({ backlog: 100, isOverloaded: false });
});

test('a failing consumer reports since when and why, and is not overloaded, until it has handled something', () => {
  const { world, lag } = meter();
  world.head = 10_000;
  handle({ world, lag }, 0, 1_000, 1_000);
  const since = world.now;
  lag.failed('no table');
  world.now += 5_000;
  lag.failed('no disk');
  expect(lag.read()).toMatchObject({ failing: { since, message: 'no disk' }, isOverloaded: false });
  handle({ world, lag }, 1_000, 1_001, 1);
  expect(lag.read()).toMatchObject({ failing: undefined, isOverloaded: true });
});

test('a consumer with nothing left is no longer failing, even without a successful batch', () => {
  const { world, lag } = meter();
  world.head = 10_000;
  lag.begins(5_000, world.now);
  lag.failed('no disk');
  world.now += 60_000;
  lag.idle(10_000);
  expect(lag.read()).toMatchObject({ backlog: 0, failing: undefined });
  // The time of what it had in progress does not count towards its rate either.
  world.now += 60_000;
  world.head = 20_000;
  expect(lag.read().isOverloaded).toBe(false);
});
