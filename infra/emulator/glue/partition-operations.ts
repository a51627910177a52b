/** Glue's operations on partitions. */
import { createHash } from 'node:crypto';
import { type JsonService, ServiceError } from '../wire/json-service.ts';
import type { Catalog, CatalogPartition, CatalogTable } from './catalog.ts';
import type { GlueContext } from './database-operations.ts';
import { FilterError, partitionFilter } from './partition-filter.ts';
import {
  alreadyExists,
  type Input,
  invalid,
  LOCAL_ACCOUNT,
  notFound,
  object,
  objects,
  paged,
  texts,
} from './request.ts';
import { findTable } from './table-operations.ts';

/** What one request may name (AWS Glue API, service limits of the batch operations). */
const MAX = { created: 100, updated: 100, deleted: 25, got: 1_000, listed: 1_000 };

const MISSING = 'Cannot find partition.';

/** Create-, Get-, Update- and DeletePartition, GetPartitions, and the four batch operations; GetPartitionIndexes has none. */
export function partitionOperations(context: GlueContext): JsonService['operations'] {
  const { catalog, exclusive } = context;
  return {
    CreatePartition: async (input: Input) => {
      await create(context, await findTable(catalog, input), object(input, 'PartitionInput'));
      return {};
    },
    BatchCreatePartition: async (input: Input) => {
      const table = await findTable(catalog, input);
      return batch(objects(input, 'PartitionInputList', MAX.created), async given => {
        await create(context, table, given);
      });
    },
    GetPartition: async (input: Input) => {
      const table = await findTable(catalog, input);
      return { Partition: await found(catalog, table, values(input, 'PartitionValues', table)) };
    },
    BatchGetPartition: async (input: Input) => {
      const table = await findTable(catalog, input);
      const wanted = objects(input, 'PartitionsToGet', MAX.got).map(given => values(given, 'Values', table));
      const all = await read(catalog, table, wanted);
      return {
        Partitions: all.filter(partition => partition !== undefined),
        UnprocessedKeys: wanted.filter((_, index) => all[index] === undefined).map(Values => ({ Values })),
      };
    },
    GetPartitions: async (input: Input) => listPartitions(catalog, input),
    UpdatePartition: (input: Input) =>
      exclusive(async () => {
        await update(context, await findTable(catalog, input), input);
        return {};
      }),
    BatchUpdatePartition: (input: Input) =>
      exclusive(async () => {
        const table = await findTable(catalog, input);
        const Errors: object[] = [];
        // One after the other: one may move to where the next one was.
        for (const entry of objects(input, 'Entries', MAX.updated)) {
          const ErrorDetail = await failureOf(update(context, table, entry));
          if (ErrorDetail !== undefined) Errors.push({ PartitionValueList: entry.PartitionValueList, ErrorDetail });
        }
        return { Errors };
      }),
    DeletePartition: (input: Input) =>
      exclusive(async () => {
        const table = await findTable(catalog, input);
        await remove(catalog, table, values(input, 'PartitionValues', table));
        return {};
      }),
    BatchDeletePartition: (input: Input) =>
      exclusive(async () => {
        const table = await findTable(catalog, input);
        return batch(objects(input, 'PartitionsToDelete', MAX.deleted), given =>
          remove(catalog, table, values(given, 'Values', table)),
        );
      }),
    GetPartitionIndexes: async (input: Input) => {
      await findTable(catalog, input);
      return { PartitionIndexDescriptorList: [] };
    },
  };
}

async function create({ catalog, seconds }: GlueContext, table: CatalogTable, given: Input): Promise<void> {
  const made = await catalog.createPartition(newPartition(given, table, seconds()));
  if (!made) throw alreadyExists('Partition already exists.');
}

/** A partition of a table, from a `PartitionInput`. */
export function newPartition(given: object, table: CatalogTable, createdAtSeconds: number): CatalogPartition {
  return {
    ...given,
    Values: values(given as Input, 'Values', table),
    DatabaseName: table.DatabaseName,
    TableName: table.Name,
    CatalogId: LOCAL_ACCOUNT,
    CreationTime: createdAtSeconds,
  };
}

async function update({ catalog }: GlueContext, table: CatalogTable, entry: Input): Promise<void> {
  const old = await found(catalog, table, values(entry, 'PartitionValueList', table));
  const changed = newPartition(object(entry, 'PartitionInput'), table, old.CreationTime);
  const isMoved = changed.Values.some((value, index) => value !== old.Values[index]);
  if (!isMoved) return catalog.putPartition(changed);
  // The new one first: a crash in between leaves both rather than none.
  if (!(await catalog.createPartition(changed))) throw alreadyExists('Partition already exists.');
  await catalog.deletePartition(table.DatabaseName, table.Name, old.Values);
}

async function remove(catalog: Catalog, table: CatalogTable, partition: string[]): Promise<void> {
  if (!(await catalog.deletePartition(table.DatabaseName, table.Name, partition))) throw notFound(MISSING);
}

async function found(catalog: Catalog, table: CatalogTable, partition: string[]): Promise<CatalogPartition> {
  const [one] = await read(catalog, table, [partition]);
  if (one === undefined) throw notFound(MISSING);
  return one;
}

function read(catalog: Catalog, { DatabaseName, Name }: CatalogTable, partitions: string[][]) {
  return Promise.all(partitions.map(partition => catalog.getPartition(DatabaseName, Name, partition)));
}

async function listPartitions(catalog: Catalog, input: Input): Promise<object> {
  const table = await findTable(catalog, input);
  const passes = [filter(input, table), segment(input)];
  const all = await catalog.listPartitionValues(table.DatabaseName, table.Name);
  const left = await fitting(all, passes);
  const { page, next } = paged(left, JSON.stringify, input, MAX.listed);
  const partitions = (await read(catalog, table, page)).filter(partition => partition !== undefined);
  return { Partitions: input.ExcludeColumnSchema === true ? partitions.map(withoutColumns) : partitions, ...next };
}

type Test = (partition: string[]) => boolean;

async function fitting(partitions: string[][], tests: Test[]): Promise<string[][]> {
  try {
    return partitions.filter(partition => tests.every(test => test(partition)));
  } catch (error) {
    throw error instanceof FilterError ? invalid(error.message, error) : error;
  }
}

function filter({ Expression }: Input, table: CatalogTable): Test {
  if (Expression === undefined || Expression === '') return () => true;
  if (typeof Expression !== 'string' || Expression.length > 2_048)
    throw invalid('Expression must be a text of at most 2,048 characters.');
  try {
    return partitionFilter(Expression, table.PartitionKeys ?? []);
  } catch (error) {
    throw error instanceof FilterError ? invalid(error.message, error) : error;
  }
}

/** Every partition belongs to one of `TotalSegments`, always the same, so that several readers may share a table. */
function segment(input: Input): Test {
  if (input.Segment === undefined) return () => true;
  const { SegmentNumber, TotalSegments } = object(input, 'Segment');
  const isWhole = Number.isInteger(SegmentNumber) && Number.isInteger(TotalSegments);
  const [number, total] = [Number(SegmentNumber), Number(TotalSegments)];
  if (!isWhole || total < 1 || total > 10 || number < 0 || number >= total)
    throw invalid('Segment must be one of 1 to 10, numbered from 0.');
  return partition => createHash('sha256').update(JSON.stringify(partition)).digest().readUInt32BE() % total === number;
}

function withoutColumns(partition: CatalogPartition): CatalogPartition {
  const { Columns, ...storage } = partition.StorageDescriptor ?? {};
  return { ...partition, StorageDescriptor: storage };
}

function values(given: Input, member: string, { PartitionKeys = [] }: CatalogTable): string[] {
  const list = texts(given, member, 100);
  if (list.length !== PartitionKeys.length)
    throw invalid('The number of partition keys do not match the number of partition values');
  return list;
}

/** Does each, all at once for they wait for the disk, and tells of those that failed rather than failing whole. */
async function batch(
  entries: Input[],
  act: (entry: Input) => Promise<void>,
): Promise<{ Errors: { PartitionValues: unknown; ErrorDetail: object }[] }> {
  const outcomes = await Promise.all(entries.map(async entry => ({ entry, error: await failureOf(act(entry)) })));
  return {
    Errors: outcomes.flatMap(({ entry, error }) =>
      error === undefined ? [] : [{ PartitionValues: entry.Values, ErrorDetail: error }],
    ),
  };
}

/** The `ErrorDetail` of what is refused; other failures are thrown on. */
async function failureOf(action: Promise<void>): Promise<object | undefined> {
  try {
    await action;
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { ErrorCode: error.code, ErrorMessage: error.message };
  }
}
