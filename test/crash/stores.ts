/** The content of the stack, read as an external client reads it: AWS SDK clients, the REST API, and plain files. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { openRecord } from '../../contract/envelope.ts';
import { LOCAL_NAMES } from '../../infra/local/local-names.ts';
import type { RunFile } from '../../infra/local/run-file.ts';
import type { Found } from './compare.ts';
import { type FoundRow, KINESIS_DEVICES, MQTT_DEVICES } from './message.ts';

const PAGE = 1_000;
const POLL_MS = 20;

/** The whole content of the stack of `run`. `data` is its folder, for what no interface shows. */
export async function readStores(run: RunFile, data: string): Promise<Found> {
  const { region, endpoint, accessKeyId, secretAccessKey } = run;
  const aws = { region, endpoint, credentials: { accessKeyId, secretAccessKey } };
  const athena = new AthenaClient(aws);
  const s3 = new S3Client(aws);
  try {
    const bucket = path.join(data, 's3', LOCAL_NAMES.bucket);
    const [view, log, hot, raw, ...strays] = await Promise.all([
      queryRows(athena, 'readings'),
      queryRows(athena, 'readings_log'),
      readHotTable(run.api),
      readRawBackup(path.join(bucket, 'raw')),
      listStrayObjects(s3),
      listStrayFiles(data),
    ]);
    return { view, log, hot, raw, strays: strays.flat() };
  } finally {
    athena.destroy();
    s3.destroy();
  }
}

/** Counts the rows of a table or view through Athena. */
export function openCounter({ region, endpoint, accessKeyId, secretAccessKey }: RunFile) {
  const athena = new AthenaClient({ region, endpoint, credentials: { accessKeyId, secretAccessKey } });
  return {
    async count(table: string): Promise<number> {
      const [cells = []] = await query(athena, `SELECT count(*) AS n FROM ${table}`);
      return Number(cells[0]);
    },
    close: () => athena.destroy(),
  };
}

async function queryRows(athena: AthenaClient, table: string): Promise<FoundRow[]> {
  const rows = await query(athena, `SELECT deviceid, ts, temperature, humidity FROM ${table}`);
  return rows.map(rowOfCells);
}

/** The cells of a query's rows. Throws if it fails. */
async function query(athena: AthenaClient, sql: string): Promise<string[][]> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Database: LOCAL_NAMES.database },
      WorkGroup: LOCAL_NAMES.workGroup,
      ResultConfiguration: { OutputLocation: LOCAL_NAMES.resultsLocation },
    }),
  );
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'SUCCEEDED') break;
    if (State === 'FAILED' || State === 'CANCELLED') throw new Error(`'${sql}' ended: ${StateChangeReason}`);
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
  const rows: string[][] = [];
  for await (const page of paginateGetQueryResults({ client: athena, pageSize: PAGE }, { QueryExecutionId }))
    for (const { Data = [] } of page.ResultSet?.Rows ?? []) rows.push(Data.map(cell => cell.VarCharValue ?? ''));
  // The first row of the first page has the column names.
  return rows.slice(1);
}

/** Athena writes a timestamp as `2026-11-21 10:15:30.000`, without the zone, which is UTC. */
function rowOfCells([device = '', ts = '', temperature = '', humidity = '']: string[]): FoundRow {
  const ms = Date.parse(`${ts.replace(' ', 'T')}Z`);
  return { device, ts: ms, temperature: Number(temperature), humidity: Number(humidity) };
}

async function readHotTable(api: string): Promise<FoundRow[]> {
  const rows: FoundRow[] = [];
  for (const device of [...MQTT_DEVICES, ...KINESIS_DEVICES]) {
    for (let before = ''; ; ) {
      const response = await fetch(`${api}/datas/${device}?limit=${PAGE}${before === '' ? '' : `&before=${before}`}`);
      if (!response.ok) throw new Error(`the API answered ${response.status}: ${await response.text()}`);
      // The format in the API's documentation, with the default contract's measures.
      const body = (await response.json()) as Record<
        string,
        { timestamp: string; temperature: number; humidity: number }[]
      >;
      const page = body[device] ?? [];
      for (const { timestamp, temperature, humidity } of page)
        rows.push({ device, ts: Date.parse(timestamp), temperature, humidity });
      if (page.length < PAGE) break;
      before = page.at(-1)?.timestamp ?? '';
    }
  }
  return rows;
}

/** Source records as received: an envelope and a newline from MQTT, the bare message from Firehose's direct PUT. */
async function readRawBackup(folder: string): Promise<FoundRow[]> {
  const rows: FoundRow[] = [];
  for (const file of await listFiles(folder)) {
    const text = gunzipSync(await readFile(file)).toString('utf8');
    for (const record of text.replaceAll('}{', '}\n{').split('\n')) {
      if (record === '') continue;
      const message = JSON.parse(Buffer.from(openRecord(Buffer.from(record), 0).payload).toString('utf8'));
      const { DEVICE_NAME: device, TIMESTAMP, TEMPERATURE: temperature, HUMIDITY: humidity } = message;
      rows.push({ device, ts: Date.parse(TIMESTAMP), temperature, humidity });
    }
  }
  return rows;
}

const EXPECTED = /^(?:readings\/dt=[\d-]{10}\/[\w-]+\.parquet|raw\/dt=[\d-]{10}\/hour=\d\d\/[\w-]+\.gz|results\/.*)$/;

async function listStrayObjects(s3: S3Client): Promise<string[]> {
  const strays: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: LOCAL_NAMES.bucket }))
    for (const { Key = '' } of Contents) if (!EXPECTED.test(Key)) strays.push(`the lake has the object ${Key}`);
  return strays;
}

/** Files that a tool reading the folder directly would find, and records that the hot path gave up. */
async function listStrayFiles(data: string): Promise<string[]> {
  const bucket = path.join(data, 's3', LOCAL_NAMES.bucket);
  const inBucket = (await listFiles(bucket)).map(file => path.relative(bucket, file));
  const givenUp = await listFiles(path.join(data, 'on-failure'));
  return [
    ...inBucket.filter(file => !EXPECTED.test(file)).map(file => `the lake's folder has the file ${file}`),
    ...givenUp.map(file => `the hot path gave up ${path.basename(file)}`),
  ];
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries.filter(entry => entry.isFile()).map(entry => path.join(entry.parentPath, entry.name));
}
