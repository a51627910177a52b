import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  AthenaClient,
  CreatePreparedStatementCommand,
  CreateWorkGroupCommand,
  GetPreparedStatementCommand,
  ListWorkGroupsCommand,
} from '@aws-sdk/client-athena';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localFailure } from '../../../cli/local-failure.ts';
import { ensureAuthority, provisionDevice } from '../../../device/provision.ts';
import { openCatalog } from '../../../infra/emulator/glue/catalog.ts';
import { readAccessKey } from '../../../infra/emulator/services/access-key.ts';
import { isUserError } from '../../../infra/emulator/user-error.ts';
import { deployCatalog } from '../../../infra/local/deploy-catalog.ts';
import { type LakeEndpoint, startLakeEndpoint } from '../../../infra/local/lake-endpoint.ts';
import { adoptLayout } from '../../../infra/local/layout.ts';
import { readRunFile, writeRunFile } from '../../../infra/local/run-file.ts';
import { compact } from '../../../lake/compact-partitions.ts';
import { readLedger } from '../../../lake/ledger.ts';
import { putObject } from '../../../lake/objects.ts';
import { collectRows, runQuery } from '../../../queries/run-query.ts';
import { contract } from '../../workshop-contract.ts';

const SCOPE = { contract: 'key', from: null, to: null };

/** A data folder with a record of every kind that is stored as a file, and an endpoint over it. */
let data: string;
let endpoint: LakeEndpoint;
let athena: AthenaClient;
let s3: S3Client;

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'sluice-test-'));
  await provisionDevice(data, 'device-001');
  endpoint = await startLakeEndpoint({ data, contract, port: 0 });
  const { aws, names } = endpoint.lake;
  athena = new AthenaClient({ ...aws, maxAttempts: 1 });
  s3 = new S3Client({ ...aws, maxAttempts: 1 });
  await query(`CREATE EXTERNAL TABLE mine (a int) PARTITIONED BY (p string) STORED AS PARQUET
    LOCATION 's3://${names.bucket}/mine/'`);
  await query("ALTER TABLE mine ADD PARTITION (p = 'one')");
  await athena.send(new CreateWorkGroupCommand({ Name: 'team' }));
  const statement = { StatementName: 'kept', WorkGroup: 'primary', QueryStatement: 'SELECT 1' };
  await athena.send(new CreatePreparedStatementCommand(statement));
  const put = (key: string, value: object) =>
    putObject(s3, { bucket: names.bucket, key }, Buffer.from(JSON.stringify(value)));
  await put('object', {});
  await put('backfill/ledger/1.json', { ...SCOPE, sources: [], objects: [] });
  await put('compaction/compacted.json', { output: 'readings/dt=2026-11-20/compacted.parquet', inputs: [] });
  const url = 'http://127.0.0.1:9';
  const { accessKeyId, secretAccessKey } = await readAccessKey(data);
  const run = { endpoint: url, api: url, mqtt: url, region: aws.region, accessKeyId, secretAccessKey };
  await writeRunFile(data, { pid: 2 ** 30, ...run });
});

afterAll(async () => {
  athena.destroy();
  s3.destroy();
  await endpoint.close();
  await rm(data, { recursive: true });
});

function query(sql: string) {
  return runQuery(endpoint.lake, { sql }).then(collectRows);
}

/** Every kind of file that Sluice stores besides objects and LevelDB's files: where it is, and what reads it. */
const FILES: [file: RegExp, read: () => Promise<unknown>][] = [
  [/^layout\.json$/, () => adoptLayout(data)],
  [/^credentials\.json$/, () => readAccessKey(data)],
  [/^run\.json$/, () => readRunFile(data)],
  [/^ca\/ca\.pem$/, () => ensureAuthority(data)],
  [/^ca\/ca-key\.pem$/, () => ensureAuthority(data)],
  [/^devices\/device-001\/cert\.pem$/, () => provisionDevice(data, 'device-001')],
  [/^devices\/device-001\/key\.pem$/, () => provisionDevice(data, 'device-001')],
  [/^glue\/[^/]+\/tables\/mine\.json$/, () => query('SELECT a FROM mine')],
  [/^glue\/[^/]+\/partitions\/mine\/.*\.json$/, () => query('SELECT a FROM mine')],
  [/^athena\/.*team\.json$/, () => athena.send(new ListWorkGroupsCommand({}))],
  [
    /^athena\/.*kept\.json$/,
    () => athena.send(new GetPreparedStatementCommand({ StatementName: 'kept', WorkGroup: 'primary' })),
  ],
  [
    /^s3\/\.meta\/sluice-lake\/.*\.json$/,
    () => s3.send(new GetObjectCommand({ Bucket: endpoint.lake.names.bucket, Key: 'object' })),
  ],
  [/^s3\/sluice-lake\/backfill\/ledger\/1\.json$/, () => readLedger(s3, endpoint.lake.names.bucket, SCOPE)],
  [
    /^s3\/sluice-lake\/compaction\/compacted\.json$/,
    () => compact(endpoint.lake, {}, { now: Date.now, signal: new AbortController().signal, progress: () => {} }),
  ],
];

const HARMS: Record<string, (bytes: Buffer) => Buffer> = {
  empty: () => Buffer.alloc(0),
  half: bytes => bytes.subarray(0, bytes.length / 2),
  flipped: bytes => bytes.map(byte => byte ^ 0x11) as Buffer<ArrayBuffer>,
  'another value': () => Buffer.from('[]'),
};

async function filesOf(pattern: RegExp): Promise<string[]> {
  const names = await readdir(data, { recursive: true });
  return names
    .map(name => name.replaceAll(path.sep, '/'))
    .filter(name => pattern.test(name))
    .map(name => path.join(data, name));
}

/** Damages the files while `work` runs, and returns their paths. */
async function whileHarmed<Result>(
  pattern: RegExp,
  harm: (bytes: Buffer) => Buffer,
  work: (files: string[]) => Promise<Result>,
): Promise<Result> {
  const files = await filesOf(pattern);
  const before = await Promise.all(files.map(file => readFile(file)));
  for (const [index, file] of files.entries()) await writeFile(file, harm(before[index] ?? Buffer.alloc(0)));
  try {
    return await work(files);
  } finally {
    for (const [index, file] of files.entries()) await writeFile(file, before[index] ?? '');
  }
}

test.each(FILES)('%s: whatever reads it when it is damaged names the file and the remedy', async (pattern, read) => {
  expect(await filesOf(pattern)).not.toEqual([]);
  for (const [name, harm] of Object.entries(HARMS))
    await whileHarmed(pattern, harm, async files => {
      const failure = await read().then(() => undefined, localFailure);
      if (!isUserError(failure)) throw failure;
      const { message, todo = '' } = failure;
      expect(
        files.some(file => message.includes(path.basename(file))),
        `${name}: ${message}`,
      ).toBe(true);
      expect(`${message} ${todo}`, name).toMatch(/delete|remove|restore/i);
    });
});

test.each([
  ['database', /^glue\/sluice\/database\.json$/],
  ['table', /^glue\/sluice\/tables\/readings_log\.json$/],
  ['view', /^glue\/sluice\/tables\/readings\.json$/],
])(
  'a damaged %s of the lake is rebuilt from the contract, which is reported; what users made stays',
  async (_, pattern) => {
    for (const [name, harm] of Object.entries(HARMS))
      await whileHarmed(pattern, harm, async ([file = '']) => {
        const lines: string[] = [];
        const catalog = openCatalog(path.join(data, 'glue'));
        const deploy = () => deployCatalog(catalog, endpoint.lake, { log: line => lines.push(line) });
        await deploy();
        expect(lines, name).toEqual([expect.stringContaining(file)]);
        expect(await catalog.getTable('sluice', 'mine'), name).toBeDefined();
        await deploy();
        expect(lines, name).toHaveLength(1);
      });
  },
);
