/** What each command does on AWS, checked in the emulator's own state afterwards. */
import { strict as assert } from 'node:assert';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { AthenaClient, GetQueryExecutionCommand, ListQueryExecutionsCommand } from '@aws-sdk/client-athena';
import { IoTClient, ListAttachedPoliciesCommand, ListThingPrincipalsCommand } from '@aws-sdk/client-iot';
import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { openRecord } from '../../../contract/envelope.ts';
import { type Account, HOT_READING, kinesisOf, NAMES } from './account.ts';
import { queueAthenaResult } from './moto.ts';
import type { Emulator } from './server.ts';
import { type Said, sluice } from './sluice.ts';

/** What a check works with: an account with the stage `main`, and an empty folder. */
export interface Place {
  emulator: Emulator;
  account: Account;
  cwd: string;
}

/** A check fails by throwing. They run in order, and later ones read what the earlier ones wrote. */
export type Check = [name: string, check: (place: Place) => Promise<void>];

const DAY = '2026-11-21';

export const CHECKS: Check[] = [
  ['without a deployment, the command names the missing parameter', nothingDeployed],
  ['backfill writes Parquet and its ledger to the lake bucket, and a second run changes nothing', backfills],
  ['catalog reads Glue and the footers, and finds no drift', listsCatalog],
  ['query run binds its parameters, and uses the work group and the database of the stage', runsQuery],
  ['query --dry-run estimates from S3 only', estimates],
  ['report daily runs two queries, and writes the page and the index to the lake bucket', reports],
  ['compact merges through S3 only', compacts],
  ['recent calls the REST API with the value of its key', asksHotPath],
  ['put sends each message to both streams, in the envelope of the topic rule', putsMessages],
  ['device add creates a thing, a certificate and its attachments, once', addsDevice],
  ['env prints the names of the stage', printsNames],
];

function run({ emulator, cwd }: Place, args: string[]): Promise<Said> {
  return sluice(emulator.url, cwd, [...args, '--aws']);
}

async function done(place: Place, ...args: string[]): Promise<Said> {
  const said = await run(place, args);
  assert.equal(said.code, 0, `sluice ${args.join(' ')}: exit code ${said.code}\n${said.stderr}`);
  return said;
}

async function keys({ account }: Place, prefix: string): Promise<string[]> {
  const { Contents = [] } = await new S3Client(account.aws).send(
    new ListObjectsV2Command({ Bucket: NAMES.bucket, Prefix: prefix }),
  );
  return Contents.map(({ Key = '' }) => Key);
}

async function nothingDeployed(place: Place): Promise<void> {
  const { code, stderr } = await run(place, ['query', 'sql', 'SELECT 1', '--stage', 'other']);
  assert.equal(code, 1);
  assert.match(stderr, /stage other .*eu-central-1.*\/sluice\/other\/deployment/i);
}

async function backfills(place: Place): Promise<void> {
  const source = path.join(place.cwd, 'export');
  await mkdir(source);
  const message = (minute: string, device: string) =>
    `{"DEVICE_NAME":"${device}","TIMESTAMP":"${DAY}T10:${minute}:00","HUMIDITY":41,"TEMPERATURE":22}`;
  await writeFile(path.join(source, 'a.gz'), gzipSync(message('00', 'device-001') + message('01', 'device-002')));
  await writeFile(path.join(source, 'b.gz'), gzipSync(message('02', 'device-001')));
  const first = JSON.parse((await done(place, 'backfill', source, '--format', 'json')).stdout);
  assert.deepEqual([first.finished, first.records.accepted, first.dates], [true, 3, [DAY]]);
  const written = await keys(place, 'readings/');
  assert.equal(written.length, 1);
  assert.match(written[0] ?? '', new RegExp(`^readings/dt=${DAY}/.+\\.parquet$`));
  assert.equal((await keys(place, 'backfill/ledger/')).length, 1);
  const again = JSON.parse((await done(place, 'backfill', source, '--format', 'json')).stdout);
  assert.deepEqual([again.objects.read, again.objects.alreadyDone, again.files], [0, 2, []]);
  assert.deepEqual(await keys(place, 'readings/'), written);
}

async function listsCatalog(place: Place): Promise<void> {
  const { stdout } = await done(place, 'catalog', '--format', 'json');
  const { partitions, drift } = JSON.parse(stdout);
  assert.deepEqual(drift, []);
  assert.deepEqual(
    partitions.map(({ dt, objects, rows }: Record<string, unknown>) => [dt, objects, rows]),
    [[DAY, 1, 3]],
  );
}

const DAILY: [string, string][] = [
  ['deviceid', 'varchar'],
  ['readings', 'bigint'],
  ...['min_temperature', 'avg_temperature', 'max_temperature', 'min_humidity', 'avg_humidity', 'max_humidity'].map(
    (name): [string, string] => [name, 'double'],
  ),
];
const DAILY_ROW = ['device-001', '2', '22.0', '22.0', '22.0', '41.0', '41.0', null];

async function runsQuery(place: Place): Promise<void> {
  await queueAthenaResult(place.emulator, DAILY, [DAILY_ROW]);
  const before = await executions(place);
  const { stdout, stderr } = await done(
    place,
    ...['query', 'run', 'daily-temperature', '--param', `date=${DAY}`, '--param', 'timezone=UTC', '--format', 'json'],
  );
  assert.deepEqual(JSON.parse(stdout), [
    {
      ...{ deviceid: 'device-001', readings: 2, min_temperature: 22, avg_temperature: 22, max_temperature: 22 },
      ...{ min_humidity: 41, avg_humidity: 41, max_humidity: null },
    },
  ]);
  assert.match(stderr, /^1 row, .* scanned, \$0\.00005 on Athena$/m);
  const [execution, ...more] = (await executions(place)).filter(({ id }) => !before.some(known => known.id === id));
  assert.equal(more.length, 0);
  assert.deepEqual([execution?.workGroup, execution?.database], [NAMES.workGroup, NAMES.database]);
  assert.match(execution?.query ?? '', /FROM readings[\s\S]*\?/);
  assert.deepEqual([...new Set(execution?.parameters)].sort(), ["'2026-11-21'", "'UTC'"].sort());
}

async function executions({ account }: Place) {
  const athena = new AthenaClient(account.aws);
  const { QueryExecutionIds = [] } = await athena.send(new ListQueryExecutionsCommand({ WorkGroup: NAMES.workGroup }));
  return Promise.all(
    QueryExecutionIds.map(async id => {
      const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
      return {
        id,
        query: QueryExecution?.Query,
        parameters: QueryExecution?.ExecutionParameters ?? [],
        workGroup: QueryExecution?.WorkGroup,
        database: QueryExecution?.QueryExecutionContext?.Database,
      };
    }),
  );
}

async function estimates(place: Place): Promise<void> {
  const sql = `SELECT count(*) AS n FROM readings WHERE dt = '${DAY}'`;
  const asked = await executions(place);
  const { stdout } = await done(place, 'query', 'sql', sql, '--dry-run', '--format', 'json');
  const [{ partitions, files, bytes }] = JSON.parse(stdout);
  assert.deepEqual([partitions, files, bytes > 0], [1, 1, true]);
  assert.equal((await executions(place)).length, asked.length);
}

async function reports(place: Place): Promise<void> {
  await queueAthenaResult(place.emulator, DAILY, [DAILY_ROW]);
  await queueAthenaResult(
    place.emulator,
    [
      ...([
        ['deviceid', 'varchar'],
        ['hour_start', 'timestamp'],
        ['local_hour', 'bigint'],
        ['readings', 'bigint'],
      ] as const),
      ...(['min_temperature', 'avg_temperature', 'max_temperature', 'avg_humidity'] as const).map(
        (name): [string, string] => [name, 'double'],
      ),
      ...([
        ['temperature_readings', 'bigint'],
        ['humidity_readings', 'bigint'],
      ] as const),
    ] as [string, string][],
    [['device-001', `${DAY} 10:00:00.000`, '10', '2', '22.0', '22.0', '22.0', '41.0', '2', '2']],
  );
  const { stdout, stderr } = await done(place, 'report', 'daily', '--date', DAY, '--format', 'json');
  const page = `reports/daily/${DAY}.html`;
  assert.deepEqual(JSON.parse(stdout), {
    ...{ date: DAY, timezone: 'UTC', devices: 1, readings: 2, report: `s3://${NAMES.bucket}/${page}` },
  });
  assert.match(stderr, /aws s3 cp s3:/);
  assert.deepEqual(await keys(place, 'reports/'), [page, 'reports/index.html']);
}

async function compacts(place: Place): Promise<void> {
  const source = path.join(place.cwd, 'more.json');
  await writeFile(source, `{"DEVICE_NAME":"device-003","TIMESTAMP":"${DAY}T11:00:00","HUMIDITY":41,"TEMPERATURE":23}`);
  await done(place, 'backfill', source);
  assert.equal((await keys(place, 'readings/')).length, 2);
  const { stdout } = await done(place, 'compact', '--min-age-minutes', '0', '--format', 'json');
  const [{ objects_before, objects_after, rows }] = JSON.parse(stdout);
  assert.deepEqual([objects_before, objects_after, rows], [2, 1, 4]);
  assert.equal((await keys(place, 'readings/')).length, 1);
  assert.deepEqual(await keys(place, 'compaction/'), []);
}

async function asksHotPath(place: Place): Promise<void> {
  const { stdout } = await done(place, 'recent', 'device-001', '--format', 'json');
  const { temperature, humidity } = HOT_READING.measures;
  const timestamp = new Date(HOT_READING.ts).toISOString();
  assert.deepEqual(JSON.parse(stdout), [{ timestamp, value: temperature, temperature, humidity }]);
  const { code } = await run(place, ['recent', 'bad device']);
  assert.equal(code, 2);
}

async function putsMessages(place: Place): Promise<void> {
  const devices = ['device-001', 'device-002', 'device-001'];
  const messages = devices.map(
    (device, minute) => `{"DEVICE_NAME":"${device}","TIMESTAMP":"${DAY}T12:0${minute}:00","TEMPERATURE":22}`,
  );
  await writeFile(path.join(place.cwd, 'messages.jsonl'), messages.join('\n'));
  const { stdout } = await done(place, 'put', 'messages.jsonl', '--format', 'json');
  const { hot, lake, rejected } = JSON.parse(stdout);
  assert.deepEqual([hot, lake, rejected], [{ taken: 3, left: 0 }, { taken: 3, left: 0 }, {}]);
  const expected = devices.map((device, index) => [`data/${device}`, messages[index]]);
  const inStream = (await streamRecords(place)).map(({ PartitionKey, Data = [] }) => [PartitionKey, payloadOf(Data)]);
  assert.deepEqual(inStream, expected);
  const [delivered = ''] = await keys(place, 'raw/');
  const { Body } = await new S3Client(place.account.aws).send(
    new GetObjectCommand({ Bucket: NAMES.bucket, Key: delivered }),
  );
  const lines = (await Body?.transformToString())?.trimEnd().split('\n') ?? [];
  assert.deepEqual(
    lines.map(line => [JSON.parse(line).mqtt_topic, payloadOf(Buffer.from(line))]),
    expected,
  );
}

function payloadOf(record: ArrayLike<number>): string {
  return Buffer.from(openRecord(Buffer.from(record), 0).payload).toString();
}

async function streamRecords({ account }: Place) {
  const kinesis = kinesisOf(account.aws);
  const { Shards: [shard] = [] } = await kinesis.send(new ListShardsCommand({ StreamName: NAMES.stream }));
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      ...{ StreamName: NAMES.stream, ShardId: shard?.ShardId, ShardIteratorType: 'TRIM_HORIZON' },
    }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records;
}

async function addsDevice(place: Place): Promise<void> {
  const iot = new IoTClient(place.account.aws);
  const [first, second] = [
    JSON.parse((await done(place, 'device', 'add', 'device-001', '--format', 'json')).stdout),
    JSON.parse((await done(place, 'device', 'add', 'device-001', '--format', 'json')).stdout),
  ];
  // moto returns a different device gateway for every call.
  const { endpoint, ...files } = first[0];
  assert.deepEqual({ ...second[0], endpoint }, first[0]);
  assert.match(endpoint, /^mqtts:\/\/[\w-]+-ats\.iot\.eu-central-1\.amazonaws\.com:8883$/);
  assert.equal((await stat(files.privateKey)).mode & 0o777, 0o600);
  assert.equal((await readdir(path.dirname(files.certificate))).length, 4);
  const { principals = [] } = await iot.send(new ListThingPrincipalsCommand({ thingName: 'device-001' }));
  assert.equal(principals.length, 1);
  const { policies = [] } = await iot.send(new ListAttachedPoliciesCommand({ target: principals[0] }));
  assert.deepEqual(
    policies.map(({ policyName }) => policyName),
    ['sluice-main-device'],
  );
}

async function printsNames(place: Place): Promise<void> {
  const { stdout } = await done(place, 'env');
  assert.match(stdout, new RegExp(`^export SLUICE_BUCKET='${NAMES.bucket}'$`, 'm'));
  assert.doesNotMatch(stdout, /SECRET|ACCESS_KEY/);
}
