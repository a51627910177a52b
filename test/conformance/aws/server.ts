/** A Python server on a free port of 127.0.0.1 that reaches no other machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { freePort, stopChild } from '../servers.ts';

/** A server that has answered. */
export interface Emulator {
  url: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** The command in the virtual environment of `python`. */
  command: string;
  python: string;
  args: (port: number) => string[];
  environment?: (port: number) => Record<string, string>;
  /** Answers 2xx when the server is ready. */
  ready: string;
  /** Working folder; output goes to `<command>.log` in it. */
  work: string;
}

const START_TIMEOUT_MS = 60_000;
const PAUSE_MS = 200;

/** Starts a server and waits until it answers; throws if it exits first. */
export async function startServer(options: ServerOptions): Promise<Emulator> {
  const { command, python, args, environment, ready, work } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const closed = 'http://127.0.0.1:9';
  const bin = path.dirname(python);
  const child = spawn(path.join(bin, command), args(port), {
    cwd: work,
    env: {
      ...{ PATH: [bin, process.env.PATH ?? ''].join(path.delimiter), HOME: work, TMPDIR: work, LANG: 'C.UTF-8' },
      ...{
        HTTP_PROXY: closed,
        HTTPS_PROXY: closed,
        NO_PROXY: '127.0.0.1,localhost',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
      ...{ PYTHONDONTWRITEBYTECODE: '1', DO_NOT_TRACK: '1' },
      ...environment?.(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(path.join(work, `${command}.log`));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const stop = () => stopChild(child, 'SIGTERM', 5_000);
  try {
    await untilAnswers(child, command, `${url}${ready}`);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilAnswers(child: ChildProcess, command: string, url: string): Promise<void> {
  for (const end = Date.now() + START_TIMEOUT_MS; ; ) {
    if (child.exitCode !== null) throw new Error(`${command} exited with ${child.exitCode}`);
    if (
      await fetch(url).then(
        response => response.ok,
        () => false,
      )
    )
      return;
    if (Date.now() > end) throw new Error(`${command} did not answer at ${url} within ${START_TIMEOUT_MS} ms`);
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}
