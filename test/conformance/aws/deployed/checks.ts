/**
 * What the deployed functions and the command do together. The checks run in order, and later ones read what earlier
 * ones wrote.
 */
import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, RedriveExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { PublishedDeployment } from '../../../../infra/aws/published-deployment.ts';
import { CREDENTIALS, REGION } from '../moto.ts';
import type { Emulator } from '../server.ts';
import { type Said, sluice } from '../sluice.ts';
import { GUARD_CHECKS } from './guard-checks.ts';
import type { Redeployed } from './stacks.ts';

/** A deployment in the emulator, and an empty folder. */
export interface DeployedPlace {
  emulator: Emulator;
  deployment: PublishedDeployment;
  cwd: string;
  /** Deploys the stage again with the contract in a file. */
  redeploy: (change: { contract: string; confirmed?: string[] }) => Promise<Redeployed>;
}

export type DeployedCheck = [name: string, check: (place: DeployedPlace) => Promise<void>];

export const DEPLOYED_CHECKS: DeployedCheck[] = [
  ['env prints the names that the stacks published', printsNames],
  ['put and the consumer bring messages to the hot table, and invalid ones block none of them', consumes],
  ['the REST API answers the command, and nobody without a key', answers],
  ['put and the transform bring messages to the partition of their event date', delivers],
  ['compact merges what was delivered', compacts],
  ['ministack keeps no source backup of a delivery stream', keepsNoBackup],
  ['backfill reads an S3 prefix with the state machine, and reports what was rejected', backfills],
  ['a second backfill reads nothing, and changes nothing', backfillsAgain],
  ['a backfill can be followed after its end', followsBackfill],
  ['reprocess raw knows what the functions have read', reprocessesRaw],
  ['reprocess finds what the backfill rejected, and leaves it', reprocesses],
  ['device add creates a thing under the policy of the stage', addsDevice],
  ['ministack has no RedriveExecution', redrivesNothing],
  ...GUARD_CHECKS,
];

const DAY = '2026-11-20';
const DEVICE = 'device-001';
const TIMEOUT_MS = 60_000;
const POLL_MS = 500;

function run({ emulator, cwd }: DeployedPlace, args: string[]): Promise<Said> {
  return sluice(emulator.url, cwd, [...args, '--aws']);
}

async function done(place: DeployedPlace, expected: number, ...args: string[]): Promise<Said> {
  const said = await run(place, args);
  assert.equal(said.code, expected, `sluice ${args.join(' ')}: exit code ${said.code}\n${said.stderr}`);
  return said;
}

function clientOptions({ emulator }: DeployedPlace) {
  return { region: REGION, endpoint: emulator.url, credentials: CREDENTIALS };
}

async function keys(place: DeployedPlace, prefix: string): Promise<string[]> {
  const { Contents = [] } = await new S3Client(clientOptions(place)).send(
    new ListObjectsV2Command({ Bucket: place.deployment.names.bucket, Prefix: prefix }),
  );
  return Contents.map(({ Key = '' }) => Key);
}

/** Polls until there is a result, or throws after a minute. */
async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; await setTimeout(POLL_MS)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`${what} within ${TIMEOUT_MS} ms`);
}

const message = (minute: number) =>
  `{"DEVICE_NAME":"${DEVICE}","TIMESTAMP":"${DAY}T10:0${minute}:00","HUMIDITY":41,"TEMPERATURE":${20 + minute}}`;

async function printsNames(place: DeployedPlace): Promise<void> {
  const { stdout } = await done(place, 0, 'env');
  assert.match(stdout, /^export SLUICE_BUCKET='sluice-main-foundation-[\w-]+'$/m);
  assert.match(stdout, /^export SLUICE_DATABASE='sluice_main'$/m);
}

/** Puts messages from a file, one per line, into one of the branches. */
async function put(place: DeployedPlace, branch: 'hot' | 'lake', expected: number, ...messages: string[]) {
  const file = path.join(place.cwd, `${branch}.jsonl`);
  await writeFile(file, messages.join('\n'));
  const { stdout } = await done(place, expected, 'put', file, '--only', branch, '--format', 'json');
  assert.deepEqual(JSON.parse(stdout)[branch], { taken: messages.length, left: 0 });
}

async function consumes(place: DeployedPlace): Promise<void> {
  await put(place, 'hot', 3, message(1), 'junk', message(2));
  const readings = await eventually('two readings were not in the hot table', async () => {
    const found = JSON.parse((await done(place, 0, 'recent', DEVICE, '--format', 'json')).stdout);
    return found.length >= 2 ? found : undefined;
  });
  assert.deepEqual(
    readings.map(({ temperature }: { temperature: number }) => temperature),
    [22, 21],
  );
}

async function answers(place: DeployedPlace): Promise<void> {
  const { stdout } = await done(place, 0, 'recent', DEVICE, '--limit', '1', '--format', 'json');
  assert.equal(JSON.parse(stdout).length, 1);
  await done(place, 2, 'recent', DEVICE, '--limit', '0');
  const response = await fetch(`${place.deployment.apiUrl}datas/${DEVICE}`);
  assert.equal(response.status, 403);
}

async function delivers(place: DeployedPlace): Promise<void> {
  for (const minute of [1, 2]) await put(place, 'lake', 0, message(minute));
  await eventually('nothing was delivered', async () => {
    const delivered = await keys(place, `readings/dt=${DAY}/`);
    return delivered.length >= 2 ? delivered : undefined;
  });
  const { stdout } = await done(place, 0, 'catalog', '--format', 'json');
  const { partitions, drift } = JSON.parse(stdout);
  assert.deepEqual([partitions.length, partitions[0].dt, partitions[0].rows], [1, DAY, 2]);
  // The emulator's own conversion writes the files; the table is ours.
  assert.deepEqual(
    drift.filter(({ where }: { where: string }) => !where.startsWith('readings/')),
    [],
  );
}

async function compacts(place: DeployedPlace): Promise<void> {
  const { stdout } = await done(place, 0, 'compact', '--min-age-minutes', '0', '--format', 'json');
  const [{ dt, objects_after, rows }] = JSON.parse(stdout);
  assert.deepEqual([dt, objects_after, rows], [DAY, 1, 2]);
  assert.deepEqual(JSON.parse((await done(place, 0, 'catalog', '--format', 'json')).stdout).drift, []);
}

async function keepsNoBackup(place: DeployedPlace): Promise<void> {
  assert.deepEqual(await keys(place, 'raw/'), []);
}

const OBJECTS = 5;
const RECORDS_EACH = 60;

async function backfills(place: DeployedPlace): Promise<void> {
  const s3 = new S3Client(clientOptions(place));
  for (let object = 0; object < OBJECTS; object++) {
    const records = Array.from({ length: RECORDS_EACH }, (_, minute) => {
      const time = `2026-11-1${object}T10:${String(minute).padStart(2, '0')}:00`;
      return `{"DEVICE_NAME":"device-${object}","TIMESTAMP":"${time}","HUMIDITY":41,"TEMPERATURE":20}`;
    });
    const Body = gzipSync(records.join('') + (object === 3 ? 'junk' : ''));
    const Key = `raw/dt=2026-11-1${object}/hour=10/${object}.gz`;
    await s3.send(new PutObjectCommand({ Bucket: place.deployment.names.bucket, Key, Body }));
  }
  const { objects, records, dates } = await backfill(place);
  assert.deepEqual([objects.read, objects.alreadyDone], [OBJECTS, 0]);
  assert.deepEqual([records.accepted, records.rejected], [OBJECTS * RECORDS_EACH, { 'not-json': 1 }]);
  assert.deepEqual(dates, ['2026-11-10', '2026-11-11', '2026-11-12', '2026-11-13', '2026-11-14']);
  const { partitions, drift } = JSON.parse((await done(place, 0, 'catalog', '--format', 'json')).stdout);
  assert.deepEqual(
    partitions.map(({ rows }: { rows: number }) => rows),
    [...Array(OBJECTS).fill(RECORDS_EACH), 2],
  );
  assert.deepEqual(drift, []);
}

async function backfill(place: DeployedPlace) {
  const source = `s3://${place.deployment.names.bucket}/raw/`;
  return JSON.parse((await done(place, 3, 'backfill', source, '--format', 'json')).stdout);
}

async function backfillsAgain(place: DeployedPlace): Promise<void> {
  const before = [await keys(place, 'readings/'), await keys(place, 'errors/')];
  const { objects, earlierRecords } = await backfill(place);
  assert.deepEqual([objects.read, objects.alreadyDone, earlierRecords.rejected], [0, OBJECTS, { 'not-json': 1 }]);
  assert.deepEqual([await keys(place, 'readings/'), await keys(place, 'errors/')], before);
}

async function followsBackfill(place: DeployedPlace): Promise<void> {
  const source = `s3://${place.deployment.names.bucket}/raw/`;
  const started = await done(place, 3, 'backfill', source, '--format', 'json');
  const [, name = ''] = /\b(backfill-\d{8}T\d{6}-[0-9a-f]+)\b/.exec(started.stderr) ?? [];
  const followed = await done(place, 3, 'backfill', '--follow', name, '--format', 'json');
  assert.deepEqual(JSON.parse(followed.stdout), JSON.parse(started.stdout));
}

async function reprocessesRaw(place: DeployedPlace): Promise<void> {
  const before = await keys(place, 'readings/');
  const { stdout } = await done(place, 3, 'reprocess', 'raw', '--from', '2026-11-10', '--format', 'json');
  const { objects, files } = JSON.parse(stdout);
  assert.deepEqual([objects.read, objects.alreadyDone, files], [0, OBJECTS, []]);
  assert.deepEqual(await keys(place, 'readings/'), before);
}

async function reprocesses(place: DeployedPlace): Promise<void> {
  const before = await keys(place, 'errors/');
  assert.equal(before.length, 1);
  const { stdout } = await done(place, 3, 'reprocess', '--format', 'json');
  assert.deepEqual(JSON.parse(stdout).records, { read: 1, accepted: 0, skipped: 0, rejected: { 'not-json': 1 } });
  assert.deepEqual(await keys(place, 'errors/'), before);
}

async function addsDevice(place: DeployedPlace): Promise<void> {
  const first = JSON.parse((await done(place, 0, 'device', 'add', DEVICE, '--format', 'json')).stdout);
  assert.deepEqual(JSON.parse((await done(place, 0, 'device', 'add', DEVICE, '--format', 'json')).stdout), first);
}

async function redrivesNothing(place: DeployedPlace): Promise<void> {
  const sfn = new SFNClient(clientOptions(place));
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: place.deployment.backfillStateMachineArn }),
  );
  assert.deepEqual(
    executions.map(({ status }) => status),
    ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'],
  );
  await assert.rejects(sfn.send(new RedriveExecutionCommand({ executionArn: executions[0]?.executionArn })), {
    name: 'InvalidAction',
  });
}
