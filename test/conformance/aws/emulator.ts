/** moto's server: a stand-in for AWS's control planes, in Python, on a free port of 127.0.0.1. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

export const REGION = 'eu-central-1';
/** moto's own account. */
export const ACCOUNT = '123456789012';
export const CREDENTIALS = { accessKeyId: 'AKIAEMULATED', secretAccessKey: 'emulated' };

/** A server that has answered. */
export interface Emulator {
  url: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const PAUSE_MS = 200;

/** Starts moto from a virtual environment; what it prints goes to `<work>/moto.log`. It reaches no other machine. */
export async function startMoto(python: string, work: string): Promise<Emulator> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const closed = 'http://127.0.0.1:9';
  const child = spawn(path.join(path.dirname(python), 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    cwd: work,
    env: {
      ...{ PATH: process.env.PATH ?? '', HOME: work, TMPDIR: work, LANG: 'C.UTF-8' },
      ...{ HTTP_PROXY: closed, HTTPS_PROXY: closed, NO_PROXY: '127.0.0.1', AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ PYTHONDONTWRITEBYTECODE: '1', DO_NOT_TRACK: '1' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(path.join(work, 'moto.log'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const stop = () => stopChild(child);
  try {
    await untilAnswers(child, `${url}/moto-api/`);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Puts a result into moto's queue: it is what the next query that is looked at answers, whatever it asks. */
export async function queueAthenaResult(
  { url }: Emulator,
  columns: readonly [name: string, type: string][],
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  const data = (values: readonly (string | null)[]) => ({
    Data: values.map(value => (value === null ? {} : { VarCharValue: value })),
  });
  const column_info = columns.map(([name, type]) => ({
    ...{ CatalogName: 'hive', SchemaName: '', TableName: '', Name: name, Label: name, Type: type },
    ...{ Precision: 0, Scale: 0, Nullable: 'UNKNOWN', CaseSensitive: type === 'varchar' },
  }));
  // A SELECT's first row repeats the names, on AWS too.
  const results = [{ rows: [data(columns.map(([name]) => name)), ...rows.map(data)], column_info }];
  const response = await fetch(`${url}/moto-api/static/athena/query-results`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account_id: ACCOUNT, region: REGION, results }),
  });
  if (response.status !== 201) throw new Error(`moto took no result: ${response.status} ${await response.text()}`);
}

async function untilAnswers(child: ChildProcess, url: string): Promise<void> {
  for (const end = Date.now() + START_TIMEOUT_MS; ; ) {
    if (child.exitCode !== null) throw new Error(`moto_server ended with ${child.exitCode}`);
    if (
      await fetch(url).then(
        response => response.ok,
        () => false,
      )
    )
      return;
    if (Date.now() > end) throw new Error(`moto_server did not answer at ${url} within ${START_TIMEOUT_MS} ms`);
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}
