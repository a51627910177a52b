import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type Lake, LOCAL_NAMES } from '../contract/lake.ts';
import { loadContract } from '../contract/load.ts';
import { commandSettings } from '../contract/settings.ts';
import { readRunFile } from '../infra/local/run-file.ts';

/** A lake that a command works with, to be closed when it is done. */
export interface OpenLake {
  lake: Lake;
  /** Absolute path of the data folder. */
  data: string;
  close(): Promise<void>;
}

/** The command's `--data` and `--config`, and where it was called. */
export interface LakeOptions {
  data?: string | undefined;
  config?: string | undefined;
  cwd: string;
}

/** Opens the lake of a data folder: through the `sluice up` that runs there, else with an endpoint in this process. */
export async function openLake(options: LakeOptions): Promise<OpenLake> {
  const data = dataFolder(options);
  const { contract } = await loadContract(options.config ?? commandSettings().config, options.cwd);
  const run = await readRunFile(data);
  if (run !== undefined) {
    const { region, endpoint, accessKeyId, secretAccessKey } = run;
    const aws = { region, endpoint, credentials: { accessKeyId, secretAccessKey } };
    return { lake: { aws, names: LOCAL_NAMES, contract }, data, close: async () => {} };
  }
  // The SQL parser is 23 MB of WebAssembly. To compile what is hot in it a second time, optimised, takes longer than a
  // command's few statements.
  setFlagsFromString('--liftoff-only');
  // Loaded only here: a command that talks to a running stack needs no engine.
  const { startLakeEndpoint } = await import('../infra/local/lake-endpoint.ts');
  const { lake, close } = await startLakeEndpoint({ data, contract, port: 0 });
  return { lake, data, close };
}

/** Absolute path of the data folder: `--data`, else SLUICE_DATA, else `.sluice`. */
export function dataFolder({ data, cwd }: LakeOptions): string {
  return path.resolve(cwd, data ?? commandSettings().data);
}
