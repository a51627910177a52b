/**
 * `npm run edges`: what any process on this machine can do to the ports of `sluice up`. Sends odd requests, and opens
 * connections that are closed, half-closed, cut, or stay silent. Afterwards the process must be alive, its descriptors
 * and memory back at their initial level, and each port must answer an ordinary request. Exit code 0: passed; 1:
 * failed; 2: could not run. Linux only.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Identity, provisionDevice } from '../../device/provision.ts';
import type { RunFile } from '../../infra/local/run-file.ts';
import { findPorts, startStack } from '../crash/stack-process.ts';
import { openAndLeave, portOf } from './connections.ts';
import { sendOdd } from './odd-bytes.ts';
import { askOrdinarily } from './ordinary.ts';

interface Size {
  descriptors: number;
  residentMb: number;
}

const PORTS = ['endpoint', 'api', 'mqtt'] as const;
/** Longer than any silent connection may stay open. */
const SETTLE_DEADLINE_MS = 90_000;
/** Normal variation: a log file, a client's keep-alive connection. */
const SPARE_DESCRIPTORS = 15;
/** What a heap that has grown once may keep. */
const SPARE_MB = 100;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '10000' },
      connections: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const data = await mkdtemp(path.join(tmpdir(), 'sluice-edges-'));
  const seed = Number(values.seed);
  const random = seededRandom(seed);
  const port = await findPorts(random());
  const stack = startStack({ data, port, sabotage: undefined, env: undefined, logFile: path.join(data, 'up.log') });
  try {
    const run = await stack.ready();
    const device = await provisionDevice(data, 'edge-device');
    for (let round = 0; round < 200; round++) await askOrdinarily(run, device);
    const before = await sizeOf(run.pid);
    say(`before: ${describe(before)}`);
    for (const name of PORTS) {
      const target = portOf(run, name);
      await sendOdd({ port: target, isTls: name === 'mqtt', count: Number(values.requests), random, run, device });
      await openAndLeave({ port: target, count: Number(values.connections) });
      say(
        `${name}: ${values.requests} odd requests, ${values.connections} connections; ${describe(await sizeOf(run.pid))}`,
      );
    }
    return await judge(run, device, before);
  } catch (error) {
    say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await stack.kill();
    await rm(data, { recursive: true, force: true });
  }
}

async function judge(run: RunFile, device: Identity, before: Size): Promise<number> {
  const deadline = Date.now() + SETTLE_DEADLINE_MS;
  let after = await sizeOf(run.pid);
  while (!isBack(before, after) && Date.now() < deadline) {
    await pause(1_000);
    after = await sizeOf(run.pid);
  }
  say(`after:  ${describe(after)}`);
  await askOrdinarily(run, device);
  say(
    isBack(before, after)
      ? 'ok: alive, back at its initial size, and answering'
      : 'FAILED: it did not return to its initial size',
  );
  return isBack(before, after) ? 0 : 1;
}

function isBack(before: Size, after: Size): boolean {
  return (
    after.descriptors <= before.descriptors + SPARE_DESCRIPTORS && after.residentMb <= before.residentMb + SPARE_MB
  );
}

/** Throws if the process is gone. */
async function sizeOf(pid: number): Promise<Size> {
  try {
    const [descriptors, status] = await Promise.all([
      readdir(`/proc/${pid}/fd`),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ]);
    return { descriptors: descriptors.length, residentMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 };
  } catch (cause) {
    throw new Error('the process of sluice up has exited', { cause });
  }
}

function describe({ descriptors, residentMb }: Size): string {
  return `${descriptors} descriptors, ${Math.round(residentMb)} MB`;
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
});
