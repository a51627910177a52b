import { onTestFinished } from 'vitest';
import type { Lake } from '../../contract/lake.ts';
import { startEndpoint } from '../../infra/emulator/services/endpoint.ts';
import type { JsonService } from '../../infra/emulator/wire/json-service.ts';
import { LOCAL_NAMES } from '../../infra/local/local-names.ts';
import { contract } from '../workshop-contract.ts';

/** Athena's responses, in the shapes of the AWS API reference. The last status repeats. */
export interface Script {
  statuses: object[];
  /** Pages of the result; a function creates them on request, and undefined ends them. */
  pages?: object[] | ((at: number) => object | undefined);
  startError?: Error;
}

export type Calls = [operation: string, input: Record<string, unknown>][];

/** An Athena that gives prepared answers over its wire protocol, until the test has finished. */
export async function scriptedAthena(script: Script): Promise<{ lake: Lake; calls: Calls }> {
  const calls: Calls = [];
  const answer = (name: string, next: (input: Record<string, unknown>) => object) => ({
    [name]: async (input: Record<string, unknown>) => {
      calls.push([name, input]);
      return next(input);
    },
  });
  const { pages = [] } = script;
  const page = (at: number) => (typeof pages === 'function' ? pages(at) : pages[at]);
  const service: JsonService = {
    target: 'AmazonAthena',
    version: '1.1',
    operations: {
      ...answer('StartQueryExecution', () => {
        if (script.startError !== undefined) throw script.startError;
        return { QueryExecutionId: 'q1' };
      }),
      ...answer('GetQueryExecution', () => ({
        QueryExecution: script.statuses.length > 1 ? script.statuses.shift() : script.statuses[0],
      })),
      ...answer('GetQueryResults', ({ NextToken }) => {
        const at = Number(NextToken ?? 0);
        return { ResultSet: page(at), ...(page(at + 1) !== undefined && { NextToken: String(at + 1) }) };
      }),
      ...answer('StopQueryExecution', () => ({})),
    },
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'secret' };
  const s3 = async () => {
    throw new Error('Nothing here asks S3.');
  };
  const endpoint = await startEndpoint({ port: 0, accessKeyId: credentials.accessKeyId, services: [service], s3 });
  onTestFinished(() => endpoint.close());
  return {
    lake: { aws: { region: 'eu-central-1', endpoint: endpoint.url, credentials }, names: LOCAL_NAMES, contract },
    calls,
  };
}
