import path from 'node:path';
import { CreateBucketCommand, HeadBucketCommand, NotFound, S3Client } from '@aws-sdk/client-s3';
import type { Contract } from '../../contract/contract.ts';
import type { Lake } from '../../contract/lake.ts';
import { loadCatalog, namedQueries } from '../../queries/saved-queries.ts';
import { createAthena } from '../emulator/athena/api/athena.ts';
import { createGlue } from '../emulator/glue/glue.ts';
import { createS3 } from '../emulator/s3/s3.ts';
import { readAccessKey } from '../emulator/services/access-key.ts';
import { type HttpHandler, startEndpoint } from '../emulator/services/endpoint.ts';
import type { JsonService } from '../emulator/wire/json-service.ts';
import { queryMinutes } from '../settings.ts';
import { deployCatalog } from './deploy-catalog.ts';
import { adoptLayout } from './layout.ts';
import { LOCAL_NAMES, LOCAL_REGION } from './local-names.ts';

export interface LakeEndpointOptions {
  /** The data folder. */
  data: string;
  contract: Contract;
  /** 0 selects a free port. */
  port: number;
  /** Receives a line for each damaged object that is recreated. */
  log?: (line: string) => void;
  /** Services that only a running stack has. */
  live?: { services: JsonService[]; dynamodb: HttpHandler };
}

export interface LakeEndpoint {
  lake: Lake;
  url: string;
  close(): Promise<void>;
}

/**
 * Starts an endpoint with S3, Glue and Athena on a data folder, and deploys the contract to it as `cdk deploy` does on
 * AWS: the bucket, the database, the table, the view and the saved queries. Several processes may share a folder.
 */
export async function startLakeEndpoint({
  data,
  contract,
  port,
  log,
  live,
}: LakeEndpointOptions): Promise<LakeEndpoint> {
  await adoptLayout(data, log === undefined ? {} : { log });
  const credentials = await readAccessKey(data);
  const s3Root = path.resolve(data, 's3');
  const { service: glue, catalog } = createGlue({ folder: path.resolve(data, 'glue') });
  const athena = createAthena({
    folder: path.resolve(data, 'athena'),
    s3Root,
    catalog,
    outputLocation: LOCAL_NAMES.resultsLocation,
    deployed: {
      workGroup: LOCAL_NAMES.workGroup,
      database: LOCAL_NAMES.database,
      queries: async () => namedQueries(await loadCatalog()),
    },
    dmlTimeoutMs: queryMinutes() * 60_000,
  });
  const endpoint = await startEndpoint({
    port,
    ...credentials,
    services: [glue, athena.service, ...(live?.services ?? [])],
    ...(live === undefined ? {} : { dynamodb: live.dynamodb }),
    s3: createS3({ root: s3Root, region: LOCAL_REGION }).handle,
  });
  const lake: Lake = {
    aws: { region: LOCAL_REGION, endpoint: endpoint.url, credentials },
    names: LOCAL_NAMES,
    contract,
  };
  const close = async () => {
    await athena.close();
    await endpoint.close();
  };
  try {
    await createBucket(lake);
    await deployCatalog(catalog, lake, log === undefined ? {} : { log });
  } catch (error) {
    await close();
    throw error;
  }
  return { lake, url: endpoint.url, close };
}

async function createBucket({ aws, names }: Lake): Promise<void> {
  const s3 = new S3Client(aws);
  try {
    await s3.send(new HeadBucketCommand({ Bucket: names.bucket }));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    await s3.send(new CreateBucketCommand({ Bucket: names.bucket }));
  } finally {
    s3.destroy();
  }
}
