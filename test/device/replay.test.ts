import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { wrapMessage } from '../../contract/envelope.ts';
import type { Connect } from '../../device/connections.ts';
import { type ReplayEffects, type ReplayOptions, replay } from '../../device/replay.ts';
import { NAMED_OBJECTS } from '../fixtures/named-objects.ts';
import { rejections } from '../fixtures/rejections.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { contract } from '../workshop-contract.ts';

const message = (device: string, n: number) =>
  `{"DEVICE_NAME":"${device}", "TIMESTAMP":"2020-07-13T00:00:0${n}","TEMPERATURE":2${n}.50}`;
const A1 = message('a', 1);
const A2 = message('a', 2);
const B1 = message('b:1', 1);

/** Connections that keep what they are given; the publisher's tests cover the broker's side. */
function recorder(acknowledge: () => Promise<void> = async () => {}) {
  const sent: string[] = [];
  const closed: string[] = [];
  const connect: Connect = async device => ({
    async publish(topic, payload) {
      sent.push(`${topic} ${Buffer.from(payload).toString('latin1')}`);
      await acknowledge();
    },
    async close() {
      closed.push(device);
    },
  });
  return { sent, closed, connect };
}

async function play(
  content: Record<string, string | Uint8Array>,
  options: Partial<ReplayOptions> = {},
  effects: ReplayEffects = {},
) {
  const folder = await temporaryFolder();
  for (const [name, bytes] of Object.entries(content)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  const broker = recorder();
  const skipped: string[] = [];
  const progress = await replay(
    { contract, paths: [folder], connect: broker.connect, ...options },
    { now: () => 0, onSkip: (where, why) => skipped.push(`${path.relative(folder, where)}: ${why}`), ...effects },
  );
  return { ...broker, progress, skipped };
}

const ALL = [`data/a ${A1}`, `data/b:1 ${B1}`, `data/a ${A2}`];

test.each([
  ['JSON lines', { 'x.jsonl': `${A1}\n${B1}\r\n${A2}\n` }],
  ['objects with nothing between them', { 'x.json': A1 + B1 + A2 }],
  ['gzipped lines', { 'x.gz': gzipSync(`${A1}\n${B1}\n${A2}`) }],
  ['gzip of several members', { 'x.gz': Buffer.concat([gzipSync(A1 + B1.slice(0, 9)), gzipSync(B1.slice(9) + A2)]) }],
  [
    'a folder of folders, in the order of their paths',
    { '1/00/x.gz': gzipSync(A1), '1/01/y.json': B1, '2/z.json': A2, '2/.tmp': 'no' },
  ],
  [
    'what the streams wrapped',
    {
      'x.gz': gzipSync(
        [A1, B1, A2]
          .map(text => `${wrapMessage(text === B1 ? 'data/b:1' : 'data/a', Buffer.from(text), 5)}\n`)
          .join(''),
      ),
    },
  ],
])('%s: the original bytes on the topic of each device', async (_form, content) => {
  const { sent, closed, progress, skipped } = await play(content);
  expect(sent).toEqual(ALL);
  expect(progress).toEqual({ published: 3, acknowledged: 3, skipped: 0, elapsedMs: 0 });
  expect(skipped).toEqual([]);
  expect(closed.sort()).toEqual(['a', 'b:1']);
});

test('a message without a device is skipped and named, or published by the given device', async () => {
  const content = { 'x.jsonl': `${A1}\nnonsense\n{"DEVICE_NAME":"a b"}\n${B1}` };
  const skipping = await play(content);
  expect(skipping.sent).toEqual([`data/a ${A1}`, `data/b:1 ${B1}`]);
  expect(skipping.skipped).toEqual([
    expect.stringMatching(/record 2: .*--as DEVICE/),
    expect.stringMatching(/record 3: .*--as DEVICE/),
  ]);
  expect(skipping.progress).toMatchObject({ published: 2, acknowledged: 2, skipped: 2 });
  const standing = await play(content, { as: 'gateway' });
  expect(standing.sent).toEqual([
    `data/a ${A1}`,
    'data/gateway nonsense',
    'data/gateway {"DEVICE_NAME":"a b"}',
    `data/b:1 ${B1}`,
  ]);
  expect(standing.progress.skipped).toBe(0);
});

test('a message that will be rejected is still published by its device', async () => {
  const broken = '{"DEVICE_NAME":"a","TIMESTAMP":"yesterday"}';
  expect((await play({ 'x.json': broken })).sent).toEqual([`data/a ${broken}`]);
});

test('rejected messages are published too, every byte', async () => {
  // A file that begins as gzip is gzip, and a broken one is named as damaged.
  const isGzip = (payload: Buffer) => payload[0] === 0x1f && payload[1] === 0x8b;
  const cases = rejections(0).filter(({ payload }) => payload.length < 131_072 && !isGzip(payload));
  for (const { payload } of cases) {
    const { sent, skipped } = await play({ x: payload }, { as: 'gateway' });
    const published = sent.map(line => line.slice(line.indexOf(' ') + 1)).join('');
    const dense = (text: string) => text.replace(/[ \t\r\n]/g, '');
    expect(dense(published)).toBe(dense(payload.toString('latin1')));
    expect(skipped).toEqual([]);
  }
  expect(cases.length).toBeGreaterThan(10);
});

test('a message larger than MQTT on AWS carries is skipped', async () => {
  const large = `{"DEVICE_NAME":"a","pad":"${'x'.repeat(131_072)}"}`;
  const { sent, skipped } = await play({ 'x.json': large + A1 });
  expect(sent).toEqual([`data/a ${A1}`]);
  expect(skipped).toEqual([expect.stringMatching(/record 1: \d+ bytes .* 131072/)]);
});

test('a truncated gzip file gives its whole records, and is named', async () => {
  const noise = Array.from(
    { length: 2_000 },
    (_, n) => `{"DEVICE_NAME":"a","n":${(n * 2_654_435_761) % 4_294_967_296}}`,
  );
  const packed = gzipSync(noise.join('\n'));
  const { progress, skipped } = await play({ 'x.gz': packed.subarray(0, packed.length - 9) });
  expect(progress.published).toBeGreaterThan(1_900);
  expect(skipped.at(-1)).toMatch(/x\.gz: the file is damaged: unexpected end of file/);
});

test('files are read by content, whatever their names; one without records is skipped and named', async () => {
  const { progress, skipped } = await play(NAMED_OBJECTS);
  expect(progress).toMatchObject({ published: 7, skipped: 1 });
  expect(skipped).toEqual([expect.stringMatching(/x\.json\.gz\.parquet.*Parquet/)]);
});

test('a rate spaces the messages over all devices', async () => {
  let clock = 1_000;
  const waits: number[] = [];
  await play(
    { x: A1 + B1 + A2 },
    { rate: 4 },
    {
      now: () => clock,
      wait: async ms => {
        waits.push(ms);
        clock += ms;
      },
    },
  );
  expect(waits).toEqual([250, 250]);
});

test('it ends when the last message is acknowledged', async () => {
  let acknowledge = () => {};
  const broker = recorder(
    () =>
      new Promise(resolve => {
        acknowledge = resolve;
      }),
  );
  let ended = false;
  const playing = play({ x: A1 }, { connect: broker.connect }).then(result => {
    ended = true;
    return result;
  });
  while (broker.sent.length === 0) await new Promise(resolve => setImmediate(resolve));
  await new Promise(resolve => setImmediate(resolve));
  expect(ended).toBe(false);
  acknowledge();
  expect((await playing).progress).toMatchObject({ published: 1, acknowledged: 1 });
});

test('when stopped, it publishes nothing more and reports its progress', async () => {
  const stop = new AbortController();
  const broker = recorder();
  const { progress } = await play(
    { x: Array.from({ length: 5_000 }, (_, n) => message('a', n % 10)).join('') },
    { connect: broker.connect },
    { signal: stop.signal, onProgress: ({ acknowledged }) => acknowledged === 10 && stop.abort() },
  );
  expect(progress.acknowledged).toBe(progress.published);
  expect(progress.published).toBeGreaterThanOrEqual(10);
  expect(progress.published).toBeLessThan(5_000);
});

test('a refused message ends the replay with its reason, and closes every connection', async () => {
  const broker = recorder(() => Promise.reject(new Error('refused')));
  await expect(play({ x: A1 + B1 }, { connect: broker.connect })).rejects.toThrow('refused');
  expect(broker.closed.length).toBeGreaterThan(0);
});

test('a missing file is named before anything is published', async () => {
  const broker = recorder();
  const file = path.join(await temporaryFolder(), 'missing.json');
  await expect(replay({ contract, paths: [file], connect: broker.connect })).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/ENOENT/),
  });
});
