import { expect, test } from 'vitest';
import { openRecord, wrapMessage } from '../../contract/envelope.ts';
import { type Branch, type PutEffects, type PutOptions, put } from '../../device/put-messages.ts';
import type { StreamRecord, StreamTarget } from '../../device/stream-targets.ts';
import { rejections } from '../fixtures/rejections.ts';
import { contract } from '../workshop-contract.ts';
import { nestedContract } from './nested-contract.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const message = (device: string, n: number) =>
  Buffer.from(`{"DEVICE_NAME":"${device}", "TIMESTAMP":"2026-11-21T10:00:0${n}","TEMPERATURE":2${n}.50}`);

/** A stream that keeps accepted records; `answer` gives the codes of a call, undefined accepts all. */
function stream(
  answer: (call: readonly StreamRecord[]) => (string | undefined)[] | Error = call => call.map(() => undefined),
) {
  const taken: StreamRecord[] = [];
  const target: StreamTarget = {
    maxRecords: 3,
    maxBytes: 10_000,
    maxRecordBytes: 1_000,
    bytesOf: ({ envelope }) => envelope.length,
    async send(call) {
      const codes = answer(call);
      if (codes instanceof Error) throw codes;
      taken.push(...call.filter((_, index) => codes[index] === undefined));
      return codes;
    },
  };
  const opened = () => taken.map(({ envelope, partitionKey }) => ({ ...openRecord(envelope, 0), partitionKey }));
  return { target, taken, opened };
}

async function* grouped(...groups: Buffer[][]) {
  yield* groups;
}

async function* outgoing(groups: AsyncIterable<Buffer[]>) {
  for await (const group of groups) yield group.map(bytes => ({ bytes }));
}

async function run(
  groups: AsyncIterable<Buffer[]>,
  options: Partial<PutOptions> = {},
  effects: Partial<PutEffects> = {},
) {
  const left: [Branch, string, string][] = [];
  const progress = await put(
    outgoing(groups),
    { contract, targets: {}, ...options },
    {
      now: () => NOW,
      wait: async () => {},
      onLeft: async (branch, records, why) => {
        for (const { envelope } of records) left.push([branch, openRecord(envelope, 0).payload.toString(), why]);
      },
      ...effects,
    },
  ).catch((error: unknown) => error);
  return { progress, left };
}

test('each message goes to both branches, bytes untouched, on its device’s topic', async () => {
  const [hot, lake] = [stream(), stream()];
  const messages = [message('a', 1), message('b:1', 2), message('a', 3), message('a', 4)];
  const { progress } = await run(grouped(messages.slice(0, 3), messages.slice(3)), {
    targets: { hot: hot.target, lake: lake.target },
  });
  expect(progress).toMatchObject({
    messages: 4,
    branches: { hot: { taken: 4, left: 0 }, lake: { taken: 4, left: 0 } },
  });
  for (const { opened } of [hot, lake])
    expect(opened()).toEqual(
      messages.map((payload, index) => {
        const topic = index === 1 ? 'data/b:1' : 'data/a';
        return { payload, receivedAt: NOW, topic, partitionKey: topic };
      }),
    );
});

test('a message in an envelope keeps its topic and arrival time', async () => {
  const { target, opened } = stream();
  const envelope = Buffer.from(wrapMessage('data/other', message('a', 1), 1_000));
  await run(grouped([envelope]), { targets: { hot: target } });
  expect(opened()).toMatchObject([{ payload: message('a', 1), receivedAt: 1_000, topic: 'data/other' }]);
});

test('--as names the device of messages without one, if the topic holds it', async () => {
  const inTopic = { ...contract, device: { from: 'topic', path: [] } };
  const { target, opened } = stream();
  await run(grouped([message('a', 1)]), { contract: inTopic, targets: { hot: target }, as: 'gateway' });
  expect(opened()).toMatchObject([{ topic: 'data/gateway' }]);
});

test('messages of other contracts find their device', async () => {
  const { target, opened } = stream();
  const payload = Buffer.from('{"device":"n-1","ts":1594599600.5,"data":{"temp":20}}');
  await run(grouped([payload]), { contract: nestedContract, targets: { hot: target } });
  expect(opened()).toMatchObject([{ payload, topic: nestedContract.topic.replace('{deviceid}', 'n-1') }]);
});

test('invalid messages are put too, for the lake to keep with a reason', async () => {
  const { target, opened } = stream();
  const payloads = rejections()
    .map(({ payload }) => Buffer.from(payload))
    .filter(payload => payload.length < 500);
  expect(payloads.length).toBeGreaterThan(50);
  const { left } = await run(grouped(payloads), { targets: { lake: target } });
  expect(opened().map(({ payload }) => payload)).toEqual(payloads);
  expect(left).toEqual([]);
});

test('a message too large for a record is left, and its neighbours are put', async () => {
  const { target, opened } = stream();
  const large = Buffer.from(`{"DEVICE_NAME":"a","x":"${'y'.repeat(900)}"}`);
  const { progress, left } = await run(grouped([message('a', 1), large, message('a', 2)]), {
    targets: { hot: target },
  });
  expect(progress).toMatchObject({ messages: 3, branches: { hot: { taken: 2, left: 1 } } });
  expect(left).toEqual([['hot', large.toString(), 'more than the 1000 bytes of a record']]);
  expect(opened().length).toBe(2);
});

test('if one stream stops accepting, its records are left, and the other gets those in flight', async () => {
  const lake = stream();
  const hot = stream(() => new Error('denied'));
  const reads: number[] = [];
  async function* groups() {
    for (let n = 1; n <= 100; n++) {
      reads.push(n);
      yield [message('a', n % 10)];
      // Lets the calls be answered.
      await new Promise(setImmediate);
    }
  }
  const { progress, left } = await run(groups(), { targets: { hot: hot.target, lake: lake.target } });
  expect(progress).toMatchObject({ name: 'StreamFailure', branch: 'hot', message: 'denied' });
  expect(reads.length).toBeLessThan(20);
  expect(left.every(([branch, , why]) => branch === 'hot' && why === 'denied')).toBe(true);
  expect(left.map(([, text]) => text).sort()).toEqual(
    lake
      .opened()
      .map(({ payload }) => payload.toString())
      .sort(),
  );
});

test('once stopped, it reads no further, and every message read is in the streams or left', async () => {
  const stop = new AbortController();
  const hot = stream(call => call.map(() => 'Throttled'));
  const { progress, left } = await run(
    grouped([message('a', 1)], [message('a', 2)], [message('a', 3)]),
    { targets: { hot: hot.target } },
    { signal: stop.signal, wait: async () => stop.abort() },
  );
  expect(progress).toMatchObject({ branches: { hot: { taken: 0 } } });
  const { messages } = progress as { messages: number };
  expect(left.length).toBe(messages);
  expect(left.every(([, , why]) => why === 'stopped')).toBe(true);
});

test('a record that cannot be kept ends it: nothing is lost silently', async () => {
  const hot = stream(call => call.map(() => 'Throttled'));
  const { progress } = await run(
    grouped([message('a', 1)]),
    { targets: { hot: hot.target } },
    {
      onLeft: async () => {
        throw new Error('the disk is full');
      },
    },
  );
  expect(progress).toMatchObject({ message: 'the disk is full' });
});

test('a group already read at a stop or a stream failure is not lost', async () => {
  for (const how of ['stopped', 'failed'] as const) {
    const stop = new AbortController();
    const hot = stream(call => (how === 'failed' ? new Error('denied') : call.map(() => 'Throttled')));
    const read: string[] = [];
    async function* groups() {
      for (let n = 1; n <= 9; n++) {
        // Lets the calls for the group before be answered.
        await new Promise(setImmediate);
        read.push(message('a', n).toString());
        yield [message('a', n)];
      }
    }
    const effects = { signal: stop.signal, wait: async () => stop.abort() };
    const { left } = await run(groups(), { targets: { hot: hot.target } }, effects);
    expect(left.map(([, text]) => text)).toEqual(read);
    expect(read.length).toBeLessThan(9);
  }
});
