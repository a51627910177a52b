/** A real Trino on loopback: fetched with Maven once, started, asked, stopped. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, stopChild } from './servers.ts';

export const TRINO_VERSION = '435';
const SOURCES = fileURLToPath(new URL('trino', import.meta.url));

/** A Trino that runs. `url` is on 127.0.0.1. */
export interface Trino {
  url: string;
  stop(): Promise<void>;
}

/** What this machine lacks to run Trino 435, in words; empty where nothing is missing. */
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

/** Brings Trino's jars to `folder` with Maven, unless they are there. Throws with Maven's last lines. */
export async function fetchTrino(folder: string): Promise<void> {
  const pom = path.join(SOURCES, 'pom.xml');
  const wanted = await readFile(pom, 'utf8');
  const marker = path.join(folder, 'complete.xml');
  if (existsSync(marker) && (await readFile(marker, 'utf8')) === wanted) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const maven = spawn('mvn', ['-B', '-ntp', '-f', pom, `-Dfolder=${folder}`, 'package'], { stdio: 'pipe' });
  let said = '';
  for (const stream of [maven.stdout, maven.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-5_000);
    });
  const code = await new Promise(resolve => maven.once('close', resolve));
  if (code !== 0) throw new Error(`Maven could not fetch Trino ${TRINO_VERSION} (exit code ${code}):\n${said}`);
  await writeFile(marker, wanted);
}

/** The S3 that Trino reads the tables from, and where it keeps its metastore. */
export interface Storage {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** An empty bucket. */
  metastoreBucket: string;
}

/**
 * Starts Trino from `jars` with a Hive catalog `hive` whose files, the metastore's too, are in `storage`. Its time zone is UTC, as Athena's
 * is. The process ends with this one, however this one ends (see Launch.java).
 */
export async function startTrino(jars: string, work: string, storage: Storage): Promise<Trino> {
  const port = await freePort();
  await configure(jars, work, port, storage);
  const log = openSync(path.join(work, 'trino.log'), 'w');
  const java = spawn(
    'java',
    [
      '-Xmx2G',
      // Thousands of short queries: compiling them well would take longer than they do.
      '-XX:TieredStopAtLevel=1',
      // With one tier Java reserves 48 MB for code; full, it fails queries with an InternalError.
      '-XX:ReservedCodeCacheSize=512M',
      '-Duser.timezone=UTC',
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
  for (const end = Date.now() + 180_000; Date.now() < end; await setTimeout(250)) {
    if (java.exitCode !== null || java.signalCode !== null) throw new Error('the Java process ended');
    // Refused connections are how a server answers that is still starting.
    const info = await fetch(`${url}/v1/info`).catch(() => undefined);
    // Trino's own shape.
    if (info?.ok && !((await info.json()) as { starting: boolean }).starting) return;
  }
  throw new Error('it did not answer within 3 minutes');
}

async function configure(jars: string, work: string, port: number, storage: Storage): Promise<void> {
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
    ],
    'catalog/hive.properties': [
      'connector.name=hive',
      'hive.metastore=file',
      `hive.metastore.catalog.dir=s3://${storage.metastoreBucket}/`,
      // Hadoop's file systems are not on Maven Central.
      'fs.hadoop.enabled=false',
      'fs.native-s3.enabled=true',
      `s3.endpoint=${storage.endpoint}`,
      `s3.region=${storage.region}`,
      's3.path-style-access=true',
      `s3.aws-access-key=${storage.credentials.accessKeyId}`,
      `s3.aws-secret-key=${storage.credentials.secretAccessKey}`,
      'hive.parquet.use-column-names=true',
      'hive.timestamp-precision=MILLISECONDS',
    ],
  };
  await mkdir(path.join(work, 'catalog'), { recursive: true });
  for (const [name, lines] of Object.entries(files)) await writeFile(path.join(work, name), `${lines.join('\n')}\n`);
}
