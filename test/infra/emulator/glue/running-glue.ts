/** A Glue service in a temporary folder, behind the real endpoint, called through the AWS SDK. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetPartitionsCommand,
  type GetPartitionsCommandInput,
  GlueClient,
  type TableInput,
} from '@aws-sdk/client-glue';
import { createGlue } from '../../../../infra/emulator/glue/glue.ts';
import { startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';
import { LOCAL_REGION } from '../../../../infra/local/local-names.ts';

/** 2026-01-02T03:04:05Z. */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

export interface RunningGlue {
  folder: string;
  client: GlueClient;
  /** Creates a table in the database `db`. */
  table(input: TableInput): Promise<void>;
  /** The partition values in a GetPartitions response, and its token. */
  partitions(input: Partial<GetPartitionsCommandInput>): Promise<{ values: string[]; token: string | undefined }>;
  close(): Promise<void>;
}

/** Starts a Glue service with the empty database `db`. */
export async function startGlue(): Promise<RunningGlue> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-glue-'));
  const endpoint = await startEndpoint({
    port: 0,
    accessKeyId: 'test',
    services: [createGlue({ folder, now: () => NOW }).service],
    s3: async (_request, response) => void response.writeHead(404).end(),
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new GlueClient({ region: LOCAL_REGION, endpoint: endpoint.url, credentials, maxAttempts: 1 });
  await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'db' } }));
  return {
    folder,
    client,
    table: async TableInput => void (await client.send(new CreateTableCommand({ DatabaseName: 'db', TableInput }))),
    partitions: async input => {
      const command = new GetPartitionsCommand({ DatabaseName: 'db', TableName: 't', ...input });
      const { Partitions = [], NextToken } = await client.send(command);
      return { values: Partitions.map(({ Values = [] }) => Values.join('/')), token: NextToken };
    },
    close: async () => {
      client.destroy();
      await endpoint.close();
      await rm(folder, { recursive: true });
    },
  };
}
