import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseRecord } from '../emulator/damaged-file.ts';
import { ignoreMissing, publishFile } from '../emulator/disk/durable-files.ts';
import { checkLayout } from './layout.ts';

/** How the line begins with which `sluice up` says that everything is there, `run.json` too. Programs that start it wait for it. */
export const IS_UP = 'Ctrl-C stops it';

/** `run.json` in the data folder: how to reach the `sluice up` that runs there. */
export interface RunFile {
  pid: number;
  /** The AWS endpoint (S3, Glue, Athena, Firehose, DynamoDB). */
  endpoint: string;
  /** The hot path's REST API and live page. */
  api: string;
  /** `mqtts://127.0.0.1:port`. */
  mqtt: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * The running stack of a data folder, or undefined where none runs: a file left behind by a killed one does not count.
 * Throws a `UserError` where a newer Sluice wrote the folder, or the file is damaged.
 */
export async function readRunFile(data: string): Promise<RunFile | undefined> {
  await checkLayout(data);
  const text = await readFile(runFilePath(data), 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  const run = parseRecord<RunFile>(text, {
    file: runFilePath(data),
    members: ['pid', 'endpoint', 'api', 'mqtt', 'region', 'accessKeyId', 'secretAccessKey'],
    todo: 'If sluice up runs there, stop it. Then delete the file: sluice up writes it at each start.',
  });
  // A pid that is none, and another process's, are as good as a stack that was killed.
  return Number.isInteger(run.pid) && isAlive(run.pid) && (await answers(run)) ? run : undefined;
}

export async function writeRunFile(data: string, run: RunFile): Promise<void> {
  // It has the secret key, which other users of this machine must not read.
  await publishFile(runFilePath(data), Buffer.from(`${JSON.stringify(run, null, 2)}\n`), 0o600);
}

export async function removeRunFile(data: string): Promise<void> {
  await rm(runFilePath(data), { force: true });
}

function runFilePath(data: string): string {
  return path.join(data, 'run.json');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** After a kill the pid may belong to another program: only the endpoint itself knows its key. */
async function answers(run: RunFile): Promise<boolean> {
  try {
    const authorization = `AWS4-HMAC-SHA256 Credential=${run.accessKeyId}/run-file`;
    const response = await fetch(`${run.endpoint}/`, {
      headers: { authorization },
      signal: AbortSignal.timeout(2_000),
    });
    await response.body?.cancel();
    return response.status !== 403;
  } catch {
    return false;
  }
}
