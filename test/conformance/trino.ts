/** A real Trino on loopback: fetched once with Maven, started, queried, stopped. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, stopChild } from './servers.ts';

/** The newest Trino that runs on Java 17, with its Hive connector. */
export const TRINO_VERSION = '435';
/**
 * The last Trino that can read `1.5` as a DOUBLE, as Athena does. Its Hive connector is not on Maven Central, so it has
 * no tables.
 */
export const TRINO_OF_DOUBLES = '427';
export type TrinoVersion = typeof TRINO_VERSION | typeof TRINO_OF_DOUBLES;
/** A start takes half a minute, and several minutes if all cores are busy. */
const PATIENCE_MS = 600_000;
const SOURCES = fileURLToPath(new URL('trino', import.meta.url));

/** A running Trino. `url` is on 127.0.0.1. */
export interface Trino {
  url: string;
  stop(): Promise<void>;
}

/** Folder of the jars of a version. */
export function trinoJars(version: TrinoVersion): string {
  return fileURLToPath(new URL(`../../node_modules/.cache/sluice-trino-${version}`, import.meta.url));
}

/** What this machine lacks to run Trino, in words; empty if nothing is missing. */
export function missingTools(): string[] {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(java.stderr ?? '')?.[1] ?? 0);
  const maven = spawnSync('mvn', ['-v'], { encoding: 'utf8' });
  return [
    ...(java.error !== undefined || java.status !== 0 ? ['Java 17 (java is not on the PATH)'] : []),
    ...(java.error === undefined && version < 17 ? [`Java 17 (java is version ${version})`] : []),
    ...(maven.error !== undefined || maven.status !== 0 ? ['Maven (mvn is not on the PATH)'] : []),
  ];
}

/**
 * Fetches the jars of a Trino with Maven, unless they exist, and returns their folder. Throws with Maven's last lines.
 */
export async function fetchTrino(version: TrinoVersion): Promise<string> {
  const folder = trinoJars(version);
  const pom = path.join(SOURCES, `trino-${version}.xml`);
  const wanted = await readFile(pom, 'utf8');
  const marker = path.join(folder, 'complete.xml');
  if (existsSync(marker) && (await readFile(marker, 'utf8')) === wanted) return folder;
  await rm(folder, { recursive: true, force: true });
  // A server without plugins still needs their folder.
  await mkdir(path.join(folder, 'plugin'), { recursive: true });
  const maven = spawn('mvn', ['-B', '-ntp', '-f', pom, `-Dfolder=${folder}`, 'package'], { stdio: 'pipe' });
  let said = '';
  for (const stream of [maven.stdout, maven.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-5_000);
    });
  const code = await new Promise(resolve => maven.once('close', resolve));
  if (code !== 0) throw new Error(`Maven could not fetch Trino ${version} (exit code ${code}):\n${said}`);
  await writeFile(marker, wanted);
  return folder;
}

/** The S3 from which Trino reads the tables, and in which it keeps its metastore. */
export interface Storage {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** An empty bucket. */
  metastoreBucket: string;
}

/** How to start a Trino: its jars, its working folder `work`, and additional configuration lines. */
export interface TrinoOptions {
  version: TrinoVersion;
  jars: string;
  work: string;
  /** Adds a Hive catalog `hive`, whose files, including the metastore's, are in that bucket. */
  storage?: Storage;
  properties?: readonly string[];
}

/** Starts a Trino in UTC, like Athena. The process ends with this one, however this one ends (see Launch.java). */
export async function startTrino(options: TrinoOptions): Promise<Trino> {
  const { version, jars, work } = options;
  const port = await freePort();
  await configure(port, options);
  const log = openSync(path.join(work, 'trino.log'), 'w');
  const java = spawn(
    'java',
    [
      '-Xmx2G',
      // Thousands of short queries: optimizing compilation would take longer than running them.
      '-XX:TieredStopAtLevel=1',
      // With one compiler tier, Java reserves 48 MB for code; when it is full, queries fail with an InternalError.
      '-XX:ReservedCodeCacheSize=512M',
      '-Duser.timezone=UTC',
      `-Dversion=${version}`,
      `-Dconfig=${path.join(work, 'config.properties')}`,
      '-Djdk.attach.allowAttachSelf=true',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      '-cp',
      path.join(jars, 'lib', '*'),
      path.join(SOURCES, 'Launch.java'),
    ],
    { cwd: work, stdio: ['pipe', log, log] },
  );
  const url = `http://127.0.0.1:${port}`;
  const stop = () => stopChild(java, 'SIGTERM', 5_000);
  try {
    await started(url, java);
  } catch (error) {
    await stop();
    const tail = (await readFile(path.join(work, 'trino.log'), 'utf8')).slice(-3_000);
    throw new Error(`Trino did not start:\n${tail}`, { cause: error });
  }
  return { url, stop };
}

async function started(url: string, java: { exitCode: number | null; signalCode: string | null }): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await setTimeout(250)) {
    if (java.exitCode !== null || java.signalCode !== null) throw new Error('the Java process ended');
    // A server that is still starting refuses connections.
    const info = await fetch(`${url}/v1/info`).catch(() => undefined);
    // Trino's own format.
    if (info?.ok && !((await info.json()) as { starting: boolean }).starting) return;
  }
  throw new Error(`it did not answer within ${PATIENCE_MS / 60_000} minutes`);
}

async function configure(port: number, { jars, work, storage, properties = [] }: TrinoOptions): Promise<void> {
  const files = {
    'config.properties': [
      'coordinator=true',
      'node-scheduler.include-coordinator=true',
      'node.environment=conformance',
      'node.id=conformance',
      'node.bind-ip=127.0.0.1',
      'node.internal-address=127.0.0.1',
      `http-server.http.port=${port}`,
      `discovery.uri=http://127.0.0.1:${port}`,
      `plugin.dir=${path.join(jars, 'plugin')}`,
      `catalog.config-dir=${path.join(work, 'catalog')}`,
      'catalog.management=static',
      'query.max-memory-per-node=1GB',
      ...properties,
    ],
    ...(storage !== undefined && { 'catalog/hive.properties': hiveCatalog(storage) }),
  };
  await mkdir(path.join(work, 'catalog'), { recursive: true });
  for (const [name, lines] of Object.entries(files)) await writeFile(path.join(work, name), `${lines.join('\n')}\n`);
}

function hiveCatalog({ endpoint, region, credentials, metastoreBucket }: Storage): string[] {
  return [
    'connector.name=hive',
    'hive.metastore=file',
    `hive.metastore.catalog.dir=s3://${metastoreBucket}/`,
    // Hadoop's file systems are not on Maven Central.
    'fs.hadoop.enabled=false',
    'fs.native-s3.enabled=true',
    `s3.endpoint=${endpoint}`,
    `s3.region=${region}`,
    's3.path-style-access=true',
    `s3.aws-access-key=${credentials.accessKeyId}`,
    `s3.aws-secret-key=${credentials.secretAccessKey}`,
    'hive.parquet.use-column-names=true',
    'hive.timestamp-precision=MILLISECONDS',
  ];
}
