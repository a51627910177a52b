import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RunFile } from '../../infra/local/run-file.ts';
import type { Numbering } from './message.ts';
import type { Counts } from './outcome.ts';
import { Broken } from './stack-process.ts';

/** The inputs. */
export const WAYS = ['mqtt', 'firehose', 'kinesis'] as const;
export type Way = (typeof WAYS)[number];

/** How messages are published. */
export interface Publishing {
  /** Whether the stack may answer with errors. If not, an error ends the test. */
  mayRefuse?: boolean;
  /** Default: all. */
  ways?: readonly Way[];
}

/**
 * Orders from the harness to the publisher: publish (`run` says where the stack is now), report the counts so far, or
 * settle everything.
 */
export type Order = ({ kind: 'publish' | 'found'; run: RunFile } & Publishing) | { kind: 'count' | 'pause' };

/** The publisher's answers: it has started, or the counts by fate so far. */
export type Report = { kind: 'ready' } | ({ kind: 'counted' } & Counts);

/** The publisher's process, as the harness sees it. */
export interface PublisherProcess {
  /** Starts or continues publishing. */
  publish(run: RunFile, publishing?: Publishing): Promise<void>;
  /** Passes the address of the stack after a restart. */
  found(run: RunFile): Promise<void>;
  /** Messages so far, by fate. */
  count(): Promise<Counts>;
  /**
   * Stops publishing; resolves when every message is acknowledged or given up. Throws `Broken` if that takes too long.
   */
  pause(): Promise<Counts>;
  kill(): void;
}

const DEADLINE_MS = 60_000;

/** Starts the publisher; it connects at the first order. */
export function startPublisher(paths: { data: string; work: string }, numbering: Numbering): PublisherProcess {
  const script = fileURLToPath(new URL('publisher.js', import.meta.url));
  const args = [paths.data, paths.work, String(numbering.seed), String(numbering.firstMs)];
  const child = fork(script, args, { execArgv: ['--no-warnings'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    publish: async (run, publishing) => void (await ask(child, { kind: 'publish', run, ...publishing })),
    found: async run => void (await ask(child, { kind: 'found', run })),
    count: () => askCounts(child, 'count'),
    pause: () => askCounts(child, 'pause'),
    kill: () => void child.kill('SIGKILL'),
  };
}

async function askCounts(child: ChildProcess, kind: 'count' | 'pause'): Promise<Counts> {
  const report = await ask(child, { kind });
  if (report.kind !== 'counted') throw new Error(`the publisher answered ${report.kind} to ${kind}`);
  return report;
}

async function ask(child: ChildProcess, order: Order): Promise<Report> {
  const given = new AbortController();
  const options = { signal: AbortSignal.any([given.signal, AbortSignal.timeout(DEADLINE_MS)]) };
  try {
    const answer = once(child, 'message', options);
    const end = once(child, 'exit', options).then(([code]) => {
      throw new Error(`the publisher exited with ${code}`);
    });
    child.send(order);
    const [report] = (await Promise.race([answer, end])) as [Report];
    return report;
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    throw new Broken(`the publisher could not settle '${order.kind}' within ${DEADLINE_MS / 1000} s of the restart`);
  } finally {
    given.abort();
  }
}
