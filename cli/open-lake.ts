import { setFlagsFromString } from 'node:v8';
import type { Lake } from '../contract/lake.ts';
import { loadContract } from '../contract/load.ts';
import type { PublishedDeployment } from '../infra/aws/published-deployment.ts';
import { LOCAL_NAMES } from '../infra/local/local-names.ts';
import { readRunFile } from '../infra/local/run-file.ts';
import { commandSettings } from '../infra/settings.ts';
import { dataFolder, refuseMixedTargets, type TargetOptions } from './target.ts';

/** A lake that a command works with, to be closed at the end. */
export interface OpenLake {
  lake: Lake;
  /** Absolute path of the data folder. A deployed lake has only its devices there. */
  data: string;
  /** Present for a lake on AWS. */
  deployment?: PublishedDeployment;
  /** Present if a `sluice up` is running, which has streams and a hot path. */
  isUp?: true;
  close(): Promise<void>;
}

/** The command's `--data`, `--config`, `--aws` and `--stage`, and its working directory. */
export interface LakeOptions extends TargetOptions {
  config?: string | undefined;
  cwd: string;
  /** Called with what was damaged and is rebuilt. */
  stderr: (text: string) => void;
}

/**
 * Opens the lake of a data folder: through the `sluice up` that is running there, otherwise with an endpoint in this
 * process. With `aws`, it is the deployed lake, without endpoint and credentials: the SDK finds both.
 */
export async function openLake(options: LakeOptions): Promise<OpenLake> {
  refuseMixedTargets(options);
  const data = dataFolder(options);
  const { contract } = await loadContract(options.config ?? commandSettings().config, options.cwd);
  if (options.aws === true) {
    // Loaded only here: a laptop needs no SSM.
    const { findDeployment } = await import('./find-deployment.ts');
    const { aws, deployment } = await findDeployment(options);
    return { lake: { aws, names: deployment.names, contract }, data, deployment, close: async () => {} };
  }
  const run = await readRunFile(data);
  if (run !== undefined) {
    const { region, endpoint, accessKeyId, secretAccessKey } = run;
    const aws = { region, endpoint, credentials: { accessKeyId, secretAccessKey } };
    return { lake: { aws, names: LOCAL_NAMES, contract }, data, isUp: true, close: async () => {} };
  }
  // The SQL parser is 23 MB of WebAssembly. Compiling its hot code a second time, optimised, takes longer than a
  // command's few statements.
  setFlagsFromString('--liftoff-only');
  // Loaded only here: a command that talks to a running stack needs no engine.
  const { startLakeEndpoint } = await import('../infra/local/lake-endpoint.ts');
  const { lake, close } = await startLakeEndpoint({
    data,
    contract,
    port: 0,
    log: line => options.stderr(`${line}\n`),
  });
  return { lake, data, close };
}
