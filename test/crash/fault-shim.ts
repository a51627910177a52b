import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageFile } from '../../contract/package-root.ts';
import { Unavailable } from './unavailable.ts';

/** What fails with EIO: a whole write, a write after its first half, or an fsync or fdatasync. */
export const FAULT_KINDS = ['write', 'torn', 'sync'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  kind: FaultKind;
  /** Matches calls on files whose path contains this. */
  below: string;
  /** Which of the matching calls fails, counted from 1. */
  nth: number;
}

/** A library that fails calls of the process it is preloaded into, and the shared page that controls it. */
export interface FaultShim {
  /** The environment of the process. */
  env: NodeJS.ProcessEnv;
  /** Fails the nth matching call from now on, once. */
  arm(fault: Fault): void;
  /** Fails nothing more. */
  disarm(): void;
  /** The call that failed since `arm`; undefined if none did within `ms`. */
  failed(ms: number): Promise<string | undefined>;
}

/** The same values as in fault-shim.c. */
const CONTROL_BYTES = 512;
const AT = { countdown: 0, kind: 8, failed: 16, below: 24, told: 256 };
const POLL_MS = 10;

/** Compiles the shim into `folder` and tests it. Throws `Unavailable` if there is no compiler, or no glibc on Linux. */
export function buildFaultShim(folder: string): FaultShim {
  const [library, control] = [path.join(folder, 'fault-shim.so'), path.join(folder, 'fault-control')];
  const source = packageFile('test', 'crash', 'fault-shim.c');
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { stdio: 'pipe' });
  } catch (error) {
    throw new Unavailable('A failing disk needs a C compiler (cc) on Linux with glibc.', { cause: error });
  }
  writeFileSync(control, Buffer.alloc(CONTROL_BYTES));
  const shim = openShim(library, control);
  tryShim(shim, folder);
  return shim;
}

function openShim(library: string, control: string): FaultShim {
  const write = (at: number, bytes: Buffer) => {
    const handle = openSync(control, 'r+');
    writeSync(handle, bytes, 0, bytes.length, at);
    closeSync(handle);
  };
  return {
    env: { LD_PRELOAD: library, SLUICE_FAULT_CONTROL: control },
    arm({ kind, below, nth }) {
      write(AT.countdown, int64(0));
      write(AT.kind, int64(FAULT_KINDS.indexOf(kind) + 1));
      write(AT.failed, int64(0));
      write(AT.below, Buffer.from(`${below}\0`));
      write(AT.countdown, int64(nth));
    },
    disarm: () => write(AT.countdown, int64(0)),
    async failed(ms) {
      for (const until = performance.now() + ms; ; await delay(POLL_MS)) {
        const page = readControl(control);
        if (page.readBigInt64LE(AT.failed) > 0n)
          return page.toString('utf8', AT.told, page.indexOf(0, AT.told)).replace(/^(\w+) .*?\/data\//, '$1 ');
        if (performance.now() > until) return undefined;
      }
    },
  };
}

function readControl(control: string): Buffer {
  const page = Buffer.alloc(CONTROL_BYTES);
  const handle = openSync(control, 'r');
  readSync(handle, page, 0, CONTROL_BYTES, 0);
  closeSync(handle);
  return page;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

/** What Node.js and LevelDB each do to a file; prints EIO for each call that failed. */
const TRIAL = `
  import { open } from 'node:fs/promises';
  import { createRequire } from 'node:module';
  const [folder, packages, what] = process.argv.slice(1);
  const code = error => console.log(error.code === 'EIO' || /Input\\/output error/.test(error.message) ? 'EIO' : error);
  if (what === 'node') {
    const handle = await open(folder + '/node-trial', 'w');
    await handle.writeFile('trial').then(() => handle.sync()).catch(code);
  } else {
    const { ClassicLevel } = createRequire(packages)('classic-level');
    const level = new ClassicLevel(folder + '/level-trial');
    await level.open();
    await level.put('a', 'b', { sync: true }).catch(error => code(error.cause ?? error));
  }
  process.exit();
`;

let isTried = false;

/**
 * Checks, once per process, that the shim fails writes of both Node.js and LevelDB: a runtime that writes in another
 * way would pass every run.
 */
function tryShim(shim: FaultShim, folder: string): void {
  for (const what of isTried ? [] : ['node', 'level']) {
    shim.arm({ kind: 'torn', below: what === 'node' ? 'node-trial' : '.log', nth: 1 });
    const args = ['--input-type=module', '-e', TRIAL, folder, packageFile('package.json'), what];
    const said = execFileSync(process.execPath, args, { env: { ...process.env, ...shim.env }, encoding: 'utf8' });
    shim.disarm();
    if (said.trim() !== 'EIO') throw new Error(`the shim failed no write of ${what}; the trial said '${said.trim()}'`);
  }
  isTried = true;
}
