import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { command } from '../../../../cli/commands/backfill/backfill.ts';
import { defineContract } from '../../../../contract/contract.ts';
import { writeRunFile } from '../../../../infra/local/run-file.ts';
import { BESIDE_OBJECTS, NAMED_OBJECTS, namedMessage } from '../../../fixtures/named-objects.ts';
import config from '../../../fixtures/workshop.config.ts';
import { NOW, type RunningLake, runLake } from '../../../lake/running-lake.ts';
import { wrongUsage } from '../../wrong-usage.ts';

let lake: RunningLake;
let stdout: string;
let stderr: string;
beforeEach(async () => {
  lake = await runLake(defineContract(config));
  const { endpoint = '', region, credentials } = lake.lake.aws;
  const { accessKeyId = '', secretAccessKey = '' } = credentials ?? {};
  await writeRunFile(lake.folder, {
    pid: process.pid,
    endpoint,
    api: '',
    mqtt: '',
    region,
    accessKeyId,
    secretAccessKey,
  });
  stdout = '';
  stderr = '';
});
afterEach(() => lake.stop());

function run(args: string[], { isTerminal = false, signal = new AbortController().signal } = {}) {
  return command.run([...args, '--data', lake.folder], {
    stdout: text => {
      stdout += text;
    },
    stderr: text => {
      stderr += text;
    },
    isTerminal,
    stdin: () => Readable.from([]),
    cwd: lake.folder,
    now: () => NOW,
    signal,
  });
}

const GOOD = '{"DEVICE_NAME":"a","TIMESTAMP":"2026-11-21T10:15:30","HUMIDITY":41,"TEMPERATURE":22}';

it('prints a table on stderr and ends with 0 when everything was taken', async () => {
  await lake.source('1.gz', gzipSync(GOOD));
  expect(await run(['in'])).toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/records read +1\nrecords accepted +1\nrecords rejected +0\n/);
  expect(stderr).toContain('2026-11-21 to 2026-11-21');
});

it('says of the first record that was rejected for each reason which field was at fault', async () => {
  const text = GOOD.replace('22', '"22"');
  const foreign = JSON.stringify({
    payload_base64: Buffer.from(GOOD).toString('base64'),
    received_at: NOW,
    mqtt_topic: 'data/\u001b[31mred',
  });
  await lake.source('1.gz', gzipSync(`${GOOD}{}${text}{"DEVICE_NAME":"a"}${foreign}`));
  expect(await run(['in', '--dry-run', '--format', 'json'])).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    examples: { 'missing-field': 'DEVICE_NAME is missing', 'wrong-type': 'TEMPERATURE is a JSON string, not a number' },
  });
  expect(stderr).toContain('  missing-field: DEVICE_NAME is missing\n');
  expect(stderr).toContain('  bad-device-id: DEVICE_NAME is a, but ?[31mred published it\n');
});

it('prints JSON on stdout, says where rejected records are, and ends with 3, also the second time', async () => {
  await lake.source('1.gz', gzipSync(`${GOOD}{}`));
  expect(await run(['in', '--format', 'json'])).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ records: { read: 2, accepted: 1, rejected: { 'missing-field': 1 } } });
  expect(stderr).toContain(`Rejected records: ${lake.folder}/s3/sluice-lake/errors/processing-failed/\n`);
  expect(await run(['in'])).toBe(3);
  expect(stderr).toMatch(/records rejected earlier +1\n {2}missing-field +1\n/);
});

it('names damaged objects and ends with 3', async () => {
  await lake.source('1.gz', gzipSync(GOOD).subarray(0, -2));
  expect(await run(['in', '--dry-run'])).toBe(3);
  expect(stderr).toContain('Damaged: in/1.gz: truncated, the object ends within the gzip checksum\n');
  expect(await lake.keys('readings/')).toEqual([]);
});

it('shows progress on a terminal and wipes it', async () => {
  await lake.source('1.gz', gzipSync(GOOD));
  await run(['in'], { isTerminal: true });
  const [empty, drawn, table] = stderr.split('\r\u001b[K');
  expect(empty).toBe('');
  expect(drawn).toMatch(/^0 of 1 objects, 1 records, [\d,]+\/s$/);
  expect(table).toMatch(/^what/);
});

it('says how to go on after Ctrl-C', async () => {
  await lake.source('1.gz', gzipSync(GOOD));
  await expect(run(['in'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
    exitCode: 1,
    todo: expect.stringContaining('again'),
  });
  expect(await lake.keys('readings/')).toEqual([]);
});

it('reads objects by their content, whatever they are called, and ends with 3 where one holds no records', async () => {
  for (const [name, content] of Object.entries(NAMED_OBJECTS)) await lake.source(name, content);
  expect(await run(['in', '--format', 'json'])).toBe(3);
  const { objects, records, damaged } = JSON.parse(stdout);
  expect(objects).toEqual({ read: 7, alreadyDone: 0, duplicates: 0, unread: 1, ignored: 0 });
  expect(records).toMatchObject({ read: 7, accepted: 7 });
  expect(damaged).toEqual([
    { name: 'in/x.json.gz.parquet', kind: 'other-format', detail: expect.stringContaining('Parquet') },
  ]);
  expect(stderr).toMatch(/in\/x\.json\.gz\.parquet.*Parquet/);
});

it('names the kind of what it cannot read beside records', async () => {
  for (const [name, content] of Object.entries(BESIDE_OBJECTS)) await lake.source(name, content);
  await lake.source('.hidden', namedMessage(1));
  expect(await run(['in', '--format', 'json'])).toBe(3);
  const { objects, damaged, leftOut } = JSON.parse(stdout);
  expect(objects).toMatchObject({ read: 1, unread: 2, ignored: 1 });
  expect(damaged).toMatchObject([
    { detail: expect.stringContaining('Snappy') },
    { detail: expect.stringContaining('CSV') },
  ]);
  expect(leftOut).toEqual([{ name: 'in/.hidden', why: 'hidden', objects: 1 }]);
  expect(stderr).toContain('in/.hidden');
});

it.each<[string[], RegExp]>([
  [[], /SOURCE[\s\S]*sluice backfill \S/],
  [['in', '--from', '2026-02-30'], /--from '2026-02-30'/],
  [['in', '--from', '2026-02-02', '--to', '2026-02-01'], /--from 2026-02-02 .*--to 2026-02-01/],
  [['in', '--format', 'csv'], /'csv'[\s\S]*table, json/],
  [['in', '--dryrun'], /'--dryrun'[\s\S]*--dry-run\?/],
])('%j is wrong usage', async (args, part) => {
  expect(await wrongUsage(run(args))).toMatch(part);
});
