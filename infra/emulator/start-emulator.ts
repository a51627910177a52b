import path from 'node:path';
import { createAthena } from './athena/api/athena.ts';
import { makeFolder } from './disk/durable-files.ts';
import { createGlue } from './glue/glue.ts';
import { createS3 } from './s3/s3.ts';
import { DEFAULT_REGION } from './s3/store.ts';
import { type AccessKey, readAccessKey } from './services/access-key.ts';
import { startEndpoint } from './services/endpoint.ts';

export interface EmulatorOptions {
  /** The data folder; made where it is missing. Buckets are folders in its `s3/`. */
  data: string;
  /** Of 127.0.0.1; 0 takes a free one. */
  port: number;
  /** The region that buckets are in. */
  region?: string;
}

/** A running endpoint, and what a client needs to use it. */
export interface RunningEmulator {
  /** `http://127.0.0.1:<port>` */
  url: string;
  region: string;
  credentials: AccessKey;
  /** Where Athena writes results that name no place of their own, `s3://bucket/`. */
  outputLocation: string;
  /** Stops what runs, and closes the port. */
  close(): Promise<void>;
}

const RESULTS_BUCKET = 'athena-results';

/** Starts the endpoint with Athena, Glue, S3 and STS over a data folder. */
export async function startEmulator({
  data,
  port,
  region = DEFAULT_REGION,
}: EmulatorOptions): Promise<RunningEmulator> {
  const folder = path.resolve(data);
  const s3Root = path.join(folder, 's3');
  const credentials = await readAccessKey(folder);
  await makeFolder(path.join(s3Root, RESULTS_BUCKET));
  const { service: glue, catalog } = createGlue({ folder: path.join(folder, 'glue') });
  const outputLocation = `s3://${RESULTS_BUCKET}/`;
  const athena = createAthena({ folder: path.join(folder, 'athena'), s3Root, catalog, outputLocation });
  const endpoint = await startEndpoint({
    port,
    ...credentials,
    services: [glue, athena.service],
    s3: createS3({ root: s3Root, region }).handle,
  });
  const close = async () => {
    await athena.close();
    await endpoint.close();
  };
  return { url: endpoint.url, region, credentials, outputLocation, close };
}
