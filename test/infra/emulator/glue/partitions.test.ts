import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  DeletePartitionCommand,
  DeleteTableCommand,
  GetPartitionCommand,
  GetPartitionIndexesCommand,
  GetPartitionsCommand,
  UpdatePartitionCommand,
} from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NOW, type RunningGlue, startGlue } from './running-glue.ts';

const IN_T = { DatabaseName: 'db', TableName: 't' };
let glue: RunningGlue;
beforeEach(async () => {
  glue = await startGlue();
  await glue.table({
    Name: 't',
    PartitionKeys: [
      { Name: 'dt', Type: 'string' },
      { Name: 'hour', Type: 'int' },
    ],
  });
});
afterEach(() => glue.close());

const create = (...lists: string[][]) =>
  glue.client.send(new BatchCreatePartitionCommand({ ...IN_T, PartitionInputList: lists.map(Values => ({ Values })) }));

test('a partition keeps its given members and gets those that Glue adds', async () => {
  const PartitionInput = {
    Values: ['2026-01-01', '7'],
    Parameters: { rows: '3' },
    StorageDescriptor: { Location: 's3://b/k/', Columns: [{ Name: 'a', Type: 'int' }] },
  };
  await glue.client.send(new CreatePartitionCommand({ ...IN_T, TableName: 'T', PartitionInput }));
  const PartitionValues = PartitionInput.Values;
  const { Partition } = await glue.client.send(new GetPartitionCommand({ ...IN_T, PartitionValues }));
  expect(Partition).toMatchObject({ ...PartitionInput, ...IN_T, CreationTime: new Date(NOW) });
  const listed = await glue.client.send(new GetPartitionsCommand({ ...IN_T, ExcludeColumnSchema: true }));
  expect(listed.Partitions?.[0]?.StorageDescriptor).toEqual({ Location: 's3://b/k/' });
  const again = glue.client.send(new CreatePartitionCommand({ ...IN_T, PartitionInput }));
  await expect(again).rejects.toMatchObject({ name: 'AlreadyExistsException', message: 'Partition already exists.' });
});

test('there must be as many values as keys, and a missing partition is EntityNotFoundException', async () => {
  const PartitionInput = { Values: ['2026-01-01'] };
  await expect(glue.client.send(new CreatePartitionCommand({ ...IN_T, PartitionInput }))).rejects.toMatchObject({
    name: 'InvalidInputException',
  });
  const PartitionValues = ['2026-01-01', '1'];
  const missing = { name: 'EntityNotFoundException', message: 'Cannot find partition.' };
  await expect(glue.client.send(new GetPartitionCommand({ ...IN_T, PartitionValues }))).rejects.toMatchObject(missing);
  await expect(glue.client.send(new DeletePartitionCommand({ ...IN_T, PartitionValues }))).rejects.toMatchObject(
    missing,
  );
});

test('values of any kind are distinct, and come back unchanged', async () => {
  const odd = [
    'a',
    'A',
    '',
    ',',
    '../..',
    '%2C',
    'ü',
    '=',
    '~',
    '.',
    'x'.repeat(400),
    'y\n"',
    '__HIVE_DEFAULT_PARTITION__',
  ];
  const { Errors } = await create(...odd.map(value => [value, '1']));
  expect(Errors).toEqual([]);
  const { Partitions } = await glue.client.send(new GetPartitionsCommand(IN_T));
  expect(Partitions?.map(({ Values }) => Values?.[0]).sort()).toEqual(odd.toSorted());
});

test('batches report their failures and do the rest', async () => {
  await create(['d', '1']);
  const { Errors } = await create(['d', '1'], ['d', '2']);
  expect(Errors).toEqual([
    {
      PartitionValues: ['d', '1'],
      ErrorDetail: { ErrorCode: 'AlreadyExistsException', ErrorMessage: 'Partition already exists.' },
    },
  ]);
  const keys = [
    ['d', '1'],
    ['d', '2'],
    ['d', '3'],
  ].map(Values => ({ Values }));
  const got = await glue.client.send(new BatchGetPartitionCommand({ ...IN_T, PartitionsToGet: keys }));
  expect(got.Partitions?.map(({ Values }) => Values?.[1])).toEqual(['1', '2']);
  expect(got.UnprocessedKeys).toEqual([{ Values: ['d', '3'] }]);
  const gone = await glue.client.send(new BatchDeletePartitionCommand({ ...IN_T, PartitionsToDelete: keys }));
  expect(gone.Errors?.map(({ PartitionValues }) => PartitionValues)).toEqual([['d', '3']]);
  expect((await glue.partitions({})).values).toEqual([]);
});

test('batches beyond Glue’s limit are refused whole', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, hour) => ['d', String(hour)]);
  await expect(create(...many(101))).rejects.toMatchObject({ name: 'ValidationException' });
  const PartitionsToDelete = many(26).map(Values => ({ Values }));
  await expect(
    glue.client.send(new BatchDeletePartitionCommand({ ...IN_T, PartitionsToDelete })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
});

test('an update may change the content and the values of a partition', async () => {
  await create(['d', '1'], ['d', '2']);
  const update = (from: string[], Values: string[]) =>
    glue.client.send(
      new UpdatePartitionCommand({
        ...IN_T,
        PartitionValueList: from,
        PartitionInput: { Values, Parameters: { x: 'y' } },
      }),
    );
  await update(['d', '1'], ['d', '3']);
  expect((await glue.partitions({})).values).toEqual(['d/2', 'd/3']);
  await expect(update(['d', '1'], ['d', '4'])).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  await expect(update(['d', '2'], ['d', '3'])).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  const Entries = [
    ['d', '2'],
    ['d', '9'],
  ].map(Values => ({ PartitionValueList: Values, PartitionInput: { Values } }));
  const { Errors } = await glue.client.send(new BatchUpdatePartitionCommand({ ...IN_T, Entries }));
  expect(Errors?.map(({ PartitionValueList }) => PartitionValueList)).toEqual([['d', '9']]);
});

test('partitions are listed in pages and by segments, each once', async () => {
  await create(...Array.from({ length: 30 }, (_, hour) => ['d', String(hour)]));
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await glue.partitions({ MaxResults: 7, ...(NextToken && { NextToken }) });
    expect(page.values.length).toBeLessThanOrEqual(7);
    seen.push(...page.values);
    NextToken = page.token;
  } while (NextToken !== undefined);
  expect(new Set(seen).size).toBe(30);
  expect(seen).toHaveLength(30);
  const segments = await Promise.all(
    [0, 1, 2].map(SegmentNumber => glue.partitions({ Segment: { SegmentNumber, TotalSegments: 3 } })),
  );
  expect(segments.flatMap(({ values }) => values).sort()).toEqual(seen.toSorted());
  await expect(glue.partitions({ NextToken: 'bm90IG9uZQ' })).rejects.toMatchObject({ name: 'InvalidInputException' });
});

test('a filter expression is applied, and an invalid one is InvalidInputException', async () => {
  await create(['2026-01-01', '7'], ['2026-01-01', '10'], ['2026-01-02', '7']);
  expect((await glue.partitions({ Expression: "dt = '2026-01-01' AND hour > 8" })).values).toEqual(['2026-01-01/10']);
  for (const Expression of ['nope = 1', 'hour ==', "hour = 'x'", 'hour = 1 OR'])
    await expect(glue.partitions({ Expression })).rejects.toMatchObject({ name: 'InvalidInputException' });
});

test('a recreated table has no partitions of the old one', async () => {
  await create(['d', '1']);
  await glue.client.send(new DeleteTableCommand({ DatabaseName: 'db', Name: 't' }));
  const PartitionKeys = [{ Name: 'dt', Type: 'string' }];
  await glue.client.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: { Name: 't', PartitionKeys } }));
  expect((await glue.partitions({})).values).toEqual([]);
  const { PartitionIndexDescriptorList } = await glue.client.send(new GetPartitionIndexesCommand(IN_T));
  expect(PartitionIndexDescriptorList).toEqual([]);
});
