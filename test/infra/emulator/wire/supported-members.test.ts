import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAthena } from '../../../../infra/emulator/athena/api/athena.ts';
import { createGlue } from '../../../../infra/emulator/glue/glue.ts';
import { createFirehose } from '../../../../infra/emulator/streams/firehose.ts';
import { createKinesis } from '../../../../infra/emulator/streams/kinesis.ts';
import { StreamStore } from '../../../../infra/emulator/streams/stream-store.ts';
import type { JsonService } from '../../../../infra/emulator/wire/json-service.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const packages = path.dirname(
  path.dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-glue/package.json')),
);

/** Members of the structures of a client's model, as its types declare them: name to type name. */
function modelOf(client: string): Map<string, Map<string, string>> {
  const folder = path.join(packages, `client-${client}`, 'dist-types', 'models');
  const text = readdirSync(folder)
    .filter(file => file.endsWith('.d.ts'))
    .map(file => readFileSync(path.join(folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''))
    .join('\n');
  return new Map(
    [...text.matchAll(/export interface (\w+)[^{]*\{([\s\S]*?)\n\}/g)].map(([, name = '', body = '']) => [
      name,
      new Map([...body.matchAll(/^ {4}(\w+)\??: (\w+)/gm)].map(([, member = '', type = '']) => [member, type])),
    ]),
  );
}

const LOOKED_INTO = new Set([
  'DatabaseInput',
  'TableInput',
  'PartitionInput',
  'StorageDescriptor',
  '_Record',
  'BatchUpdatePartitionRequestEntry',
]);

/** The members, including nested ones, that an operation refuses by name, out of all that its model has. */
async function refusedBy({ operations }: JsonService, client: string): Promise<string[]> {
  const model = modelOf(client);
  const refused: string[] = [];
  for (const [operation, run] of Object.entries(operations)) {
    const members = model.get(`${operation}Request`) ?? model.get(`${operation}Input`);
    if (members === undefined) throw new Error(`the model has no ${operation}`);
    const visit = async (all: Map<string, string>, wrap: (members: object) => object, at: string): Promise<void> => {
      for (const [member, type] of all) {
        const input = wrap({ [member]: 'x' });
        const error: unknown = await run(input as never).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        const message = error instanceof Error ? error.message : '';
        if (message.startsWith(`${operation} with ${at}${member}`)) refused.push(`${operation}.${at}${member}`);
        else if (LOOKED_INTO.has(type))
          await visit(model.get(type) ?? new Map(), inner => wrap({ [member]: inner }), `${at}${member}.`);
      }
    };
    await visit(members, inner => inner, '');
  }
  return refused;
}

async function store(): Promise<StreamStore> {
  const opened = await StreamStore.open(await temporaryFolder(), { logs: ['d', 's'] });
  onTestFinished(() => opened.close());
  return opened;
}

const STORAGE = (at: string) => [`${at}.AdditionalLocations`, `${at}.SchemaReference`];
const TABLE = (at: string) => [
  ...STORAGE(`${at}.StorageDescriptor`),
  ...['TargetTable', 'FederatedTable', 'ViewDefinition'].map(member => `${at}.${member}`),
];

describe('all members that the SDK knows are either supported or refused', () => {
  test('by Glue', async () => {
    const { service } = createGlue({ folder: await temporaryFolder() });
    expect((await refusedBy(service, 'glue')).sort()).toEqual(
      [
        'CreateDatabase.Tags',
        'CreateDatabase.DatabaseInput.TargetDatabase',
        'CreateDatabase.DatabaseInput.FederatedDatabase',
        'UpdateDatabase.DatabaseInput.TargetDatabase',
        'UpdateDatabase.DatabaseInput.FederatedDatabase',
        'GetDatabases.AttributesToGet',
        'GetDatabases.ResourceShareType',
        ...['Name', 'PartitionIndexes', 'TransactionId', 'OpenTableFormatInput'].map(member => `CreateTable.${member}`),
        ...TABLE('CreateTable.TableInput'),
        ...['Name', 'TransactionId', 'ViewUpdateAction', 'UpdateOpenTableFormatInput'].map(
          member => `UpdateTable.${member}`,
        ),
        ...TABLE('UpdateTable.TableInput'),
        ...['TransactionId', 'QueryAsOfTime', 'IncludeStatusDetails', 'AttributesToGet'].flatMap(member => [
          `GetTable.${member}`,
          `GetTables.${member}`,
        ]),
        'GetTables.ResourceShareType',
        ...['SortCriteria', 'ResourceShareType', 'IncludeStatusDetails'].map(member => `SearchTables.${member}`),
        'DeleteTable.TransactionId',
        'BatchDeleteTable.TransactionId',
        ...STORAGE('CreatePartition.PartitionInput.StorageDescriptor'),
        ...STORAGE('UpdatePartition.PartitionInput.StorageDescriptor'),
        ...STORAGE('BatchCreatePartition.PartitionInputList.StorageDescriptor'),
        ...STORAGE('BatchUpdatePartition.Entries.PartitionInput.StorageDescriptor'),
        'BatchGetPartition.QuerySessionContext',
        'GetPartitions.TransactionId',
        'GetPartitions.QueryAsOfTime',
        'GetPartitionIndexes.NextToken',
      ].sort(),
    );
  });

  test('by Athena', async () => {
    const folder = await temporaryFolder();
    const { catalog } = createGlue({ folder: path.join(folder, 'glue') });
    const athena = createAthena({
      folder: path.join(folder, 'athena'),
      s3Root: path.join(folder, 's3'),
      catalog,
      outputLocation: 's3://results/',
    });
    onTestFinished(() => athena.close());
    expect(await refusedBy(athena.service, 'athena')).toEqual([
      'StartQueryExecution.EngineConfiguration',
      'GetQueryResults.QueryResultType',
    ]);
  });

  test('by Firehose and Kinesis', async () => {
    const at = { store: await store(), region: 'eu-central-1' };
    const buffer = { seconds: 1, bytes: 1 };
    const firehose = createFirehose({ ...at, deliveryStream: 'd', bucket: 'b', buffer });
    expect(await refusedBy(firehose, 'firehose')).toEqual(['DescribeDeliveryStream.ExclusiveStartDestinationId']);
    expect(await refusedBy(createKinesis({ ...at, stream: 's' }), 'kinesis')).toEqual([
      'PutRecord.StreamId',
      'PutRecord.DryRun',
      'PutRecords.StreamId',
      'PutRecords.DryRun',
      'DescribeStreamSummary.StreamId',
    ]);
  });
});

test('values that request nothing are not refused, and the error is the service’s own', async () => {
  const { service } = createGlue({ folder: await temporaryFolder() });
  const create = (input: object) => service.operations.CreateDatabase?.(input as never);
  await create({ DatabaseInput: { Name: 'a', TargetDatabase: null }, Tags: {} });
  await expect(create({ DatabaseInput: { Name: 'b' }, Tags: { a: 'b' } })).rejects.toMatchObject({
    code: 'InvalidInputException',
    message: expect.stringContaining('CreateDatabase with Tags'),
  });
  await expect(create({ DatabaseInput: { Name: 'b', FederatedDatabase: { Identifier: 'x' } } })).rejects.toMatchObject({
    message: expect.stringContaining('DatabaseInput.FederatedDatabase'),
  });
  await expect(service.operations.GetDatabase?.({ Name: 'b' } as never)).rejects.toMatchObject({
    code: 'EntityNotFoundException',
  });
});
