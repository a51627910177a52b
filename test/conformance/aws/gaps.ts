/**
 * Where the emulator answers differently from AWS: checked here, so that docs/aws-emulators.md stays true for the
 * pinned release.
 */
import { strict as assert } from 'node:assert';
import { get } from 'node:http';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { NAMES } from './account.ts';
import type { Check, Place } from './checks.ts';
import { ACCOUNT, REGION } from './moto.ts';

export const GAPS: Check[] = [
  ['moto runs no SQL: nonsense succeeds, with no column and no row, and nothing was scanned', runsNoSql],
  ['moto runs no state machine: an execution stays RUNNING, and RedriveExecution is missing', runsNoStateMachine],
  ['moto serves no REST API: what it stores cannot be called', servesNoApi],
];

async function runsNoSql({ account }: Place): Promise<void> {
  const athena = new AthenaClient(account.aws);
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({ QueryString: 'SELECT nonsense FROM nowhere', WorkGroup: NAMES.workGroup }),
  );
  for (let looks = 0; ; looks++) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    assert.equal(QueryExecution?.Statistics?.DataScannedInBytes, 0);
    if (QueryExecution?.Status?.State === 'SUCCEEDED') break;
    assert.ok(looks < 10, 'the query does not end');
  }
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  assert.deepEqual([ResultSet?.Rows, ResultSet?.ResultSetMetadata?.ColumnInfo], [[], []]);
}

async function runsNoStateMachine({ account }: Place): Promise<void> {
  const sfn = new SFNClient(account.aws);
  const definition = JSON.stringify({ StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } });
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/backfill`;
  const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: 'gap', roleArn, definition }));
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
  const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  assert.equal(status, 'RUNNING');
  await assert.rejects(sfn.send(new RedriveExecutionCommand({ executionArn })));
}

async function servesNoApi({ account, emulator }: Place): Promise<void> {
  const gateway = new APIGatewayClient(account.aws);
  const { id: restApiId, rootResourceId: resourceId } = await gateway.send(new CreateRestApiCommand({ name: 'gap' }));
  const method = { restApiId, resourceId, httpMethod: 'GET' };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  const requestTemplates = { 'application/json': '{"statusCode": 200}' };
  await gateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK', requestTemplates }));
  await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200' }));
  await gateway.send(new PutMethodResponseCommand({ ...method, statusCode: '200' }));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'main' }));
  const status = await statusOf(emulator.url, `${restApiId}.execute-api.${REGION}.amazonaws.com`, '/main/');
  assert.ok(status >= 400, `an API answered ${status}`);
}

/** Calls the emulator under another host name. */
function statusOf(url: string, host: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { path, headers: { host } }, response => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).once('error', reject);
  });
}
