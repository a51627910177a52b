import { EntityNotFoundException, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import type { FileMetaData } from 'hyparquet';
import type { Lake } from '../contract/lake.ts';
import { LOG_TABLE, logTable, type StoredType, storedColumns } from '../contract/table.ts';
import { UserError } from '../contract/user-error.ts';
import { DamagedFile } from './damaged-file.ts';
import { listReadingsFiles, readFooter } from './footers.ts';

/** The content of one event date. */
export interface Partition {
  dt: string;
  objects: number;
  bytes: number;
  rows: number;
}

/** A deviation from the contract: where it is and what the problem is. */
export interface Drift {
  /** `catalog`, `deployment` (the contract as a whole), or an object's key. */
  where: string;
  /** `file` if the whole file is damaged. */
  column: string;
  problem: string;
}

export interface Inventory {
  partitions: Partition[];
  drift: Drift[];
}

/**
 * Takes stock of `readings_log` by event date, from the footers of its files, and finds where the catalog or a file
 * differs from the contract or is damaged. A file that lacks a column is not drift: it predates the column, which
 * reads as NULL. Throws a `UserError` if the catalog has no such table.
 */
export async function takeInventory(lake: Lake, date: string | undefined): Promise<Inventory> {
  const s3 = new S3Client(lake.aws);
  try {
    const partitions = new Map<string, Partition>();
    const drift = await catalogDrift(lake);
    for await (const file of listReadingsFiles(s3, lake.names.bucket, date)) {
      const footer = await readFooter(s3, lake.names.bucket, file).catch(onlyDamage);
      const partition = partitions.get(file.dt) ?? { dt: file.dt, objects: 0, bytes: 0, rows: 0 };
      partition.objects += 1;
      partition.bytes += file.bytes;
      partitions.set(file.dt, partition);
      if (footer instanceof DamagedFile) drift.push(damage(file.key, footer));
      else {
        partition.rows += Number(footer.num_rows);
        drift.push(...fileDrift(lake, file.key, footer));
      }
    }
    return { partitions: [...partitions.values()], drift };
  } finally {
    s3.destroy();
  }
}

/** For a `catch`: returns a damaged file's error and rethrows anything else. */
function onlyDamage(error: unknown): DamagedFile {
  if (error instanceof DamagedFile) return error;
  throw error;
}

function damage(key: string, { problem, todo }: DamagedFile): Drift {
  return { where: key, column: 'file', problem: `is damaged: ${problem}. ${todo}` };
}

async function catalogDrift({ aws, names, contract }: Lake): Promise<Drift[]> {
  const glue = new GlueClient(aws);
  try {
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: names.database, Name: LOG_TABLE }));
    const found = new Map(Table?.StorageDescriptor?.Columns?.map(({ Name = '', Type = '' }) => [Name, Type]));
    const wanted = new Map(
      logTable(contract, names.bucket).StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type]),
    );
    return differences('catalog', wanted, found, true);
  } catch (error) {
    if (!(error instanceof EntityNotFoundException)) throw error;
    throw new UserError(`The catalog has no table ${names.database}.${LOG_TABLE}.`, {
      todo: 'Deploy the contract first. On a laptop, sluice up or any query deploys it.',
      cause: error,
    });
  } finally {
    glue.destroy();
  }
}

/** The Parquet footer's form of each stored type: physical type, and converted or logical type if any. */
const PARQUET_TYPE: Record<StoredType, string> = {
  string: 'BYTE_ARRAY UTF8',
  double: 'DOUBLE',
  bigint: 'INT64',
  boolean: 'BOOLEAN',
  timestamp: 'INT64 TIMESTAMP_MILLIS',
};

function fileDrift({ contract }: Lake, key: string, { schema }: FileMetaData): Drift[] {
  const wanted = new Map(storedColumns(contract).map(({ name, type }) => [name, PARQUET_TYPE[type]]));
  const found = new Map(schema.slice(1).map(element => [element.name.toLowerCase(), parquetType(element)]));
  return differences(key, wanted, found, false);
}

function parquetType({ type, converted_type, logical_type }: FileMetaData['schema'][number]): string {
  // Hive's timestamp format, written by Firehose's format conversion on AWS; every reader of the lake accepts it.
  if (type === 'INT96') return PARQUET_TYPE.timestamp;
  if (logical_type?.type === 'TIMESTAMP') return `${type} TIMESTAMP_${logical_type.unit}`;
  // DuckDB writes INT_64 where others write no converted type; both mean bigint.
  return converted_type === undefined || converted_type === 'INT_64' ? String(type) : `${type} ${converted_type}`;
}

function differences(
  where: string,
  wanted: Map<string, string>,
  found: Map<string, string>,
  isComplete: boolean,
): Drift[] {
  const drift: Drift[] = [];
  for (const [column, type] of wanted) {
    const other = found.get(column);
    if (other === undefined && isComplete)
      drift.push({ where, column, problem: `is missing; the contract has ${type}` });
    if (other !== undefined && other !== type)
      drift.push({ where, column, problem: `is ${other}; the contract has ${type}` });
  }
  for (const column of found.keys())
    if (!wanted.has(column)) drift.push({ where, column, problem: 'is not in the contract' });
  return drift;
}
