/** Saved queries through the endpoint, compared with the same queries in DuckDB alone over the same files. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { loadContract } from '../contract/load.ts';
import { packageFile } from '../contract/package-root.ts';
import { type LakeEndpoint, startLakeEndpoint } from '../infra/local/lake-endpoint.ts';
import { LOCAL_NAMES } from '../infra/local/local-names.ts';
import { bindParameters } from '../queries/bind.ts';
import type { Row } from '../queries/row.ts';
import { runQuery } from '../queries/run-query.ts';
import { loadCatalog } from '../queries/saved-queries.ts';
import { timeProcess } from './processes.ts';
import { percentile } from './visibility.ts';

const ROWS_PER_DAY = 15_556;
const DEVICES = 100;
const LAST_DAY = '2026-03-31';
const ZONE = 'Europe/Berlin';

export interface QueryBench {
  /** An empty folder. */
  data: string;
  /** 90 days are 1.4 million rows. */
  days: number;
  rounds: number;
  say: (line: string) => void;
}

/** Writes the lake, one file per day, and prints the ratios. Throws if the two sides return different rows. */
export async function benchQueries({ data, days, rounds, say }: QueryBench): Promise<void> {
  const readings = path.join(data, 's3', LOCAL_NAMES.bucket, 'readings');
  await writeReadings(readings, days);
  const { contract } = await loadContract(packageFile('test', 'fixtures', 'workshop.config.ts'));
  const endpoint = await startLakeEndpoint({ data, contract, port: 0 });
  const instance = await DuckDBInstance.create(':memory:');
  const duckdb = await instance.connect();
  const questions = [
    { name: 'daily-temperature', given: { date: LAST_DAY, timezone: ZONE }, alone: dailyTemperature(readings) },
    {
      name: 'hourly-profile',
      given: { date: LAST_DAY, days: String(days - 1), timezone: ZONE },
      alone: hourlyProfile(readings, days - 1),
    },
  ];
  try {
    for (const { name, given, alone } of questions) {
      const seconds = { endpoint: [] as number[], duckdb: [] as number[] };
      // The first round is a warm-up for both.
      for (let round = 0; round <= rounds; round++) {
        const [ours, ourRows] = await timed(() => ask(endpoint, name, given));
        const [theirs, theirRows] = await timed(() => askDuckDB(duckdb, alone));
        checkSame(name, ourRows, theirRows);
        if (round === 0) continue;
        seconds.endpoint.push(ours);
        seconds.duckdb.push(theirs);
      }
      const rows = `${(days * ROWS_PER_DAY).toLocaleString('en')} rows in ${days} files`;
      say(`query ${name} over ${rows}, through the endpoint: ${middle(seconds.endpoint)}`);
      say(`  DuckDB alone: ${middle(seconds.duckdb)}; ratio ${ratio(seconds.endpoint, seconds.duckdb)}`);
    }
  } finally {
    duckdb.closeSync();
    instance.closeSync();
    await endpoint.close();
  }
  await benchColdStart({ data, readings, rounds, say });
}

async function benchColdStart(bench: Pick<QueryBench, 'data' | 'rounds' | 'say'> & { readings: string }) {
  const { data, readings, rounds, say } = bench;
  const script = fileURLToPath(new URL('bare-duckdb.js', import.meta.url));
  const params = ['--param', `date=${LAST_DAY}`, '--param', `timezone=${ZONE}`];
  const seconds = { sluice: [] as number[], duckdb: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    seconds.sluice.push(await timeProcess('sluice', ['query', 'run', 'daily-temperature', ...params, '--data', data]));
    seconds.duckdb.push(await timeProcess(script, [dailyTemperature(readings)]));
  }
  say(`query daily-temperature, the command from a cold start: ${middle(seconds.sluice)}`);
  say(`  DuckDB in a Node process: ${middle(seconds.duckdb)}; ratio ${ratio(seconds.sluice, seconds.duckdb)}`);
}

/** The same rows on every machine, in the columns of Sluice's default contract. */
async function writeReadings(folder: string, days: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const last = Date.parse(`${LAST_DAY}T00:00:00Z`);
  const stepMs = Math.floor((86_400_000 * DEVICES) / ROWS_PER_DAY);
  for (let day = 0; day < days; day++) {
    const startMs = last - day * 86_400_000;
    const dt = new Date(startMs).toISOString().slice(0, 10);
    await mkdir(path.join(folder, `dt=${dt}`), { recursive: true });
    // Eighths and halves, so that no sum depends on the order of addition.
    await connection.run(`COPY (
      SELECT 'device-' || lpad(CAST(i % ${DEVICES} AS VARCHAR), 3, '0') AS deviceid,
        CAST(epoch_ms(${startMs} + (i // ${DEVICES}) * ${stepMs} + i % ${DEVICES}) AS TIMESTAMP_MS) AS ts,
        CAST(160 + (i * 7919 + ${day} * 104729) % 97 AS DOUBLE) / 8 AS temperature,
        CASE WHEN i % 13 = 0 THEN NULL ELSE CAST((i * 6101 + ${day}) % 201 AS DOUBLE) / 2 END AS humidity,
        CAST(epoch_ms(${startMs} + (i // ${DEVICES}) * ${stepMs} + i % ${DEVICES} + 250) AS TIMESTAMP_MS) AS received_at
      FROM range(${ROWS_PER_DAY}) AS r (i)
    ) TO '${quoted(path.join(folder, `dt=${dt}`, 'bench.parquet'))}' (FORMAT parquet, COMPRESSION snappy)`);
  }
  connection.closeSync();
  instance.closeSync();
}

/** One row per device and time, like the view `readings`, from some of the partitions. */
function readingsSince(folder: string, firstDt: string): string {
  return `(SELECT * FROM read_parquet('${quoted(folder)}/*/*.parquet', hive_partitioning = true, hive_types = {'dt': varchar})
    WHERE dt >= '${firstDt}'
    QUALIFY row_number() OVER (PARTITION BY dt, deviceid, ts
      ORDER BY received_at DESC, temperature DESC NULLS LAST, humidity DESC NULLS LAST) = 1)`;
}

function dailyTemperature(folder: string): string {
  return `SELECT deviceid, count(*), min(temperature), round(avg(temperature), 9), max(temperature),
      min(humidity), round(avg(humidity), 9), max(humidity)
    FROM ${readingsSince(folder, dayBefore(1))}
    WHERE CAST(timezone('${ZONE}', timezone('UTC', ts)) AS DATE) = DATE '${LAST_DAY}'
    GROUP BY deviceid ORDER BY deviceid`;
}

function hourlyProfile(folder: string, days: number): string {
  return `SELECT deviceid, isodow(local), hour(local), count(*), min(temperature), round(avg(temperature), 9), max(temperature),
      round(avg(humidity), 9)
    FROM (SELECT *, timezone('${ZONE}', timezone('UTC', ts)) AS local FROM ${readingsSince(folder, dayBefore(days))})
    WHERE CAST(local AS DATE) BETWEEN DATE '${dayBefore(days - 1)}' AND DATE '${LAST_DAY}'
    GROUP BY ALL ORDER BY ALL`;
}

function dayBefore(days: number): string {
  return new Date(Date.parse(LAST_DAY) - days * 86_400_000).toISOString().slice(0, 10);
}

async function ask({ lake }: LakeEndpoint, name: string, given: Record<string, string>): Promise<unknown[][]> {
  const query = (await loadCatalog()).find(candidate => candidate.name === name);
  if (query === undefined) throw new Error(`Unknown saved query ${name}.`);
  const { rows } = await runQuery(lake, bindParameters(query, given, Date.now()));
  const taken: Row[] = [];
  for await (const row of rows) taken.push(row);
  return taken.map(row => row.map(value => (typeof value === 'bigint' ? Number(value) : value)));
}

async function askDuckDB(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  return rows.map(row => row.map(value => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value)));
}

function checkSame(name: string, ours: unknown[][], theirs: unknown[][]): void {
  if (ours.length === 0 || JSON.stringify(ours) !== JSON.stringify(theirs))
    throw new Error(`${name}: ${ours.length} rows through the endpoint and ${theirs.length} from DuckDB differ.`);
}

async function timed<T>(work: () => Promise<T>): Promise<[seconds: number, result: T]> {
  const started = performance.now();
  const result = await work();
  return [(performance.now() - started) / 1_000, result];
}

function middle(seconds: number[]): string {
  return `${Math.round(percentile(seconds, 0.5) * 1_000).toLocaleString('en')} ms (median of ${seconds.length})`;
}

function ratio(ours: number[], theirs: number[]): string {
  const ratios = ours.map((seconds, round) => seconds / (theirs[round] ?? Number.NaN));
  return percentile(ratios, 0.5).toFixed(2);
}

function quoted(text: string): string {
  return text.replaceAll("'", "''");
}
