/** The resources that the stacks would create in an account, created with the SDK in the emulator. */
import { APIGatewayClient, CreateApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { CreateDatabaseCommand, CreateTableCommand as CreateGlueTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreatePolicyCommand, IoTClient } from '@aws-sdk/client-iot';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Contract } from '../../../contract/contract.ts';
import { contractKey } from '../../../contract/contract-key.ts';
import type { LakeNames } from '../../../contract/lake.ts';
import { logTable, viewTable } from '../../../contract/table.ts';
import { createApi } from '../../../hotpath/api.ts';
import { toItem } from '../../../hotpath/items.ts';
import { deploymentParameter, type PublishedDeployment } from '../../../infra/aws/published-deployment.ts';
import { type ApiHandler, startApi } from '../../../infra/emulator/services/api-gateway.ts';
import { createHotTable } from '../../../infra/local/hot-table.ts';
import { ACCOUNT, CREDENTIALS, REGION } from './moto.ts';
import type { Emulator } from './server.ts';

export const STAGE = 'main';

export const NAMES: LakeNames = {
  bucket: 'sluice-main-foundation-lake-1a2b3c',
  database: 'sluice_main',
  workGroup: 'sluice-main',
  resultsLocation: 's3://sluice-main-foundation-results-1a2b3c/',
  hotTable: 'sluice-main-hot',
  stream: 'sluice-main-readings',
  deliveryStream: 'sluice-main-delivery',
};

/** A reading in the hot table. */
export const HOT_READING = {
  deviceid: 'device-001',
  ts: Date.UTC(2026, 10, 21, 10, 15, 30),
  receivedAt: Date.now(),
  measures: { temperature: 22, humidity: 41 },
};

/** An account in which the stage `main` is deployed. */
export interface Account {
  aws: { region: string; endpoint: string; credentials: typeof CREDENTIALS };
  deployment: PublishedDeployment;
  /** Stops the REST API. */
  close(): Promise<void>;
}

/** Creates the resources. The parameter is last, because the last stack writes it. */
export async function deployByHand({ url }: Emulator, contract: Contract): Promise<Account> {
  const aws = { region: REGION, endpoint: url, credentials: CREDENTIALS };
  await createBuckets(aws);
  await createCatalog(aws, contract);
  await fillHotTable(aws, contract);
  await createStreams(aws);
  await new IoTClient(aws).send(
    new CreatePolicyCommand({
      policyName: 'sluice-main-device',
      policyDocument: '{"Version":"2012-10-17","Statement":[]}',
    }),
  );
  const { id = '', value = '' } = await new APIGatewayClient(aws).send(
    new CreateApiKeyCommand({ name: 'sluice-main', enabled: true }),
  );
  const api = await startKeyedApi(aws, contract, value);
  const deployment: PublishedDeployment = {
    version: 1,
    stage: STAGE,
    names: NAMES,
    apiUrl: `${api.url}/`,
    apiKeyId: id,
    devicePolicy: 'sluice-main-device',
    backfillStateMachineArn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:sluice-main-backfill`,
    contractKey: contractKey(contract),
  };
  await new SSMClient(aws).send(
    new PutParameterCommand({ Name: deploymentParameter(STAGE), Type: 'String', Value: JSON.stringify(deployment) }),
  );
  return { aws, deployment, close: api.close };
}

async function createBuckets(aws: Account['aws']): Promise<void> {
  const s3 = new S3Client(aws);
  for (const Bucket of [NAMES.bucket, new URL(NAMES.resultsLocation).host])
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
}

async function createCatalog(aws: Account['aws'], contract: Contract): Promise<void> {
  const glue = new GlueClient(aws);
  const { database, bucket, workGroup, resultsLocation } = NAMES;
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  for (const TableInput of [logTable(contract, bucket), viewTable(contract, database)])
    await glue.send(new CreateGlueTableCommand({ DatabaseName: database, TableInput }));
  const Configuration = {
    EnforceWorkGroupConfiguration: true,
    BytesScannedCutoffPerQuery: 100_000_000_000,
    ResultConfiguration: { OutputLocation: resultsLocation },
  };
  await new AthenaClient(aws).send(new CreateWorkGroupCommand({ Name: workGroup, Configuration }));
}

/** moto does not support HTTP/2, which the client would use by default. */
export function kinesisOf(aws: Account['aws']): KinesisClient {
  return new KinesisClient({ ...aws, requestHandler: new FirehoseClient(aws).config.requestHandler });
}

async function createStreams(aws: Account['aws']): Promise<void> {
  const firehose = new FirehoseClient(aws);
  const destination = {
    RoleARN: `arn:aws:iam::${ACCOUNT}:role/delivery`,
    BucketARN: `arn:aws:s3:::${NAMES.bucket}`,
    Prefix: 'raw/',
  };
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: NAMES.deliveryStream,
      ExtendedS3DestinationConfiguration: destination,
    }),
  );
  await kinesisOf(aws).send(new CreateStreamCommand({ StreamName: NAMES.stream, ShardCount: 1 }));
}

async function fillHotTable(aws: Account['aws'], contract: Contract): Promise<void> {
  const dynamodb = new DynamoDBClient(aws);
  await createHotTable(dynamodb, NAMES.hotTable);
  await dynamodb.send(new PutItemCommand({ TableName: NAMES.hotTable, Item: toItem(contract, HOT_READING) }));
}

/**
 * moto does not serve the REST APIs that it stores: the function itself answers, over moto's DynamoDB, and requires the
 * key as API Gateway does.
 */
function startKeyedApi(aws: Account['aws'], contract: Contract, key: string) {
  const api = createApi({ contract, dynamodb: new DynamoDBClient(aws), table: NAMES.hotTable, page: '' });
  const handler: ApiHandler = async event =>
    event.headers['x-api-key'] === key ? api(event) : { statusCode: 403, body: '{"message":"Forbidden"}' };
  return startApi({ port: 0, resources: ['/datas/{deviceid}'], handler, log: console.log });
}
