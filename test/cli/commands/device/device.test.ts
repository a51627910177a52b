import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import type { Effects } from '../../../../cli/command.ts';
import { command } from '../../../../cli/commands/device/device.ts';
import { serverCertificate } from '../../../../device/provision.ts';
import { listen } from '../../../../infra/emulator/services/endpoint.ts';
import { startBroker } from '../../../../infra/local/broker.ts';
import { writeRunFile } from '../../../../infra/local/run-file.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { contract } from '../../../workshop-contract.ts';
import { wrongUsage } from '../../wrong-usage.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

function terminal(data: string) {
  const printed = { out: '', err: '' };
  let clock = NOW;
  const effects: Effects = {
    stdout: text => {
      printed.out += text;
    },
    stderr: text => {
      printed.err += text;
    },
    isTerminal: false,
    stdin: () => Readable.from([]),
    cwd: data,
    // A clock that runs: what is due in the future comes at once.
    now: () => (clock += 1_000),
    signal: new AbortController().signal,
  };
  return { printed, run: (...args: string[]) => command.run([...args, '--data', data], effects) };
}

/** A broker, and the `run.json` by which commands find it. */
async function stack(data: string) {
  const stored: string[] = [];
  const broker = await startBroker({
    port: 0,
    tls: await serverCertificate(data),
    contract,
    accept: async (topic, payload) => void stored.push(`${topic} ${payload}`),
  });
  const endpoint = await listen((_request, response) => response.end(), 0);
  onTestFinished(() => Promise.all([broker.close(), endpoint.close()]).then(() => {}));
  await writeRunFile(data, {
    pid: process.pid,
    endpoint: endpoint.url,
    api: endpoint.url,
    mqtt: broker.url,
    region: 'eu-central-1',
    accessKeyId: 'key',
    secretAccessKey: 'secret',
  });
  return { stored, broker };
}

test('add prints where the certificate is, and list names the device', async () => {
  const data = await temporaryFolder();
  const added = terminal(data);
  expect(await added.run('add', 'device-001', '--format', 'json')).toBe(0);
  expect(JSON.parse(added.printed.out)).toEqual([
    {
      id: 'device-001',
      certificate: path.join(data, 'devices/device-001/cert.pem'),
      privateKey: path.join(data, 'devices/device-001/key.pem'),
      authority: path.join(data, 'ca/ca.pem'),
      topic: 'data/device-001',
      endpoint: null,
    },
  ]);
  expect(added.printed.err).toContain('sluice up');
  const listed = terminal(data);
  expect(await listed.run('list')).toBe(0);
  expect(listed.printed.out).toBe('device-001\n');
});

test('run sends what devices measure to the running stack', async () => {
  const data = await temporaryFolder();
  const { stored, broker } = await stack(data);
  const { printed, run } = terminal(data);
  expect(await run('run', '--devices', '2', '--count', '3', '--interval', '1s', '--format', 'json')).toBe(0);
  expect(JSON.parse(printed.out)).toEqual({ published: 6, acknowledged: 6 });
  expect(stored.filter(line => line.startsWith('data/device-001 {"DEVICE_NAME":"device-001"'))).toHaveLength(3);
  expect(stored.filter(line => line.startsWith('data/device-002 '))).toHaveLength(3);
  const added = terminal(data);
  await added.run('add', 'device-001');
  expect(added.printed.out).toContain(`endpoint     ${broker.url}`);
});

test('replay publishes a file and says how much, with exit code 3 where something was skipped', async () => {
  const data = await temporaryFolder();
  const { stored } = await stack(data);
  const line = '{"DEVICE_NAME":"a:b","TIMESTAMP":"2020-07-13T00:00:00","TEMPERATURE":20}';
  await writeFile(path.join(data, 'good.jsonl'), `${line}\n${line}`);
  const good = terminal(data);
  expect(await good.run('replay', 'good.jsonl')).toBe(0);
  expect(good.printed.out).toMatch(/^published {5}2\nacknowledged {2}2\nskipped {7}0\nelapsed /);
  expect(stored).toEqual([`data/a:b ${line}`, `data/a:b ${line}`]);
  expect(good.printed.err).toMatch(/errors\/: 2 outside-window\.\n.*sluice backfill/);

  await writeFile(path.join(data, 'new.jsonl'), line.replace('2020-07-13', '2026-11-21'));
  const fresh = terminal(data);
  expect(await fresh.run('replay', 'new.jsonl')).toBe(0);
  expect(fresh.printed.err).toBe('');

  await writeFile(path.join(data, 'bad.jsonl'), `${line}\nnonsense\n`);
  const bad = terminal(data);
  expect(await bad.run('replay', 'bad.jsonl', '--format', 'json')).toBe(3);
  expect(JSON.parse(bad.printed.out)).toMatchObject({ published: 1, acknowledged: 1, skipped: 1 });
  expect(bad.printed.err).toMatch(/bad\.jsonl, record 2: .*--as DEVICE/);

  const standing = terminal(data);
  expect(await standing.run('replay', 'bad.jsonl', '--as', 'gateway')).toBe(0);
  expect(stored.at(-1)).toBe('data/gateway nonsense');
});

test('without a running stack, run and replay say how to start one', async () => {
  const data = await temporaryFolder();
  await writeFile(path.join(data, 'x'), '{}');
  for (const args of [['run'], ['replay', 'x']])
    await expect(terminal(data).run(...args)).rejects.toMatchObject({
      exitCode: 1,
      todo: expect.stringContaining('sluice up'),
    });
});

test.each<[string[], RegExp]>([
  [['rnu'], /'rnu'[\s\S]*sluice device run\?/],
  [['comfort'], /'comfort'[\s\S]*sluice query run comfort\?/],
  [[], /add, list, run, replay/],
  [['replay'], /FILE[\s\S]*sluice device replay FILE/],
  [['replay', 'x', '--rat', '5'], /'--rat'[\s\S]*--rate\?/],
  [['replay', 'x', '--count', '5'], /sluice device replay .*--count[\s\S]*sluice device run$/],
  [['replay', 'x', '--rate', '0'], /--rate '0'.*at least 1/],
  [['replay', 'x', '--as', 'a b'], /--as 'a b'/],
  [['add'], /ID[\s\S]*sluice device add ID/],
  [['add', 'a/b'], /'a\/b'/],
  [['run', '--interval', '5'], /--interval '5'/],
  [['run', '--devices', '2', 'device-001'], /--devices/],
  [['run', '--backfill-from', '2026-02-30'], /--backfill-from '2026-02-30'/],
  [['run', '--backfill-from', '2020-01-01'], /400 days[\s\S]*accept\.pastDays/],
  [['list', '--format', 'xml'], /'xml'[\s\S]*table, json/],
])('%j is wrong usage', async (args, part) => {
  expect(await wrongUsage(terminal(await temporaryFolder()).run(...args))).toMatch(part);
});
