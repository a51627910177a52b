import type { Supported } from '../wire/supported-members.ts';

const OF_DATABASE: Supported = { CatalogId: true, DatabaseName: true };
/** `AuditContext` is for the log of Lake Formation, of which there is none. */
const OF_TABLE: Supported = { ...OF_DATABASE, TableName: true };
const READ: Supported = { AuditContext: true };
const PAGE: Supported = { NextToken: true, MaxResults: true };
/** No catalog is shared with the local one. */
const SHARED: Supported = { ResourceShareType: ['ALL'] };

const DATABASE_INPUT: Supported = {
  ...{ Name: true, Description: true, LocationUri: true, Parameters: true },
  CreateTableDefaultPermissions: true,
};

/** Not `AdditionalLocations` and `SchemaReference`: a query would read other rows, and columns, than they say. */
const STORAGE: Supported = {
  ...{ Columns: true, Location: true, InputFormat: true, OutputFormat: true, SerdeInfo: true, Parameters: true },
  ...{ Compressed: true, NumberOfBuckets: true, BucketColumns: true, SortColumns: true },
  ...{ SkewedInfo: true, StoredAsSubDirectories: true },
};

const TABLE_INPUT: Supported = {
  ...{ Name: true, Description: true, Owner: true, LastAccessTime: true, LastAnalyzedTime: true, Retention: true },
  ...{ StorageDescriptor: STORAGE, PartitionKeys: true, TableType: true, Parameters: true },
  ...{ ViewOriginalText: true, ViewExpandedText: true },
};

const PARTITION_INPUT: Supported = {
  ...{ Values: true, LastAccessTime: true, LastAnalyzedTime: true, StorageDescriptor: STORAGE, Parameters: true },
};

/**
 * What the local catalog heeds of each request. The rest of what the AWS Glue API knows is refused by its name: open table
 * formats, resource links and federated catalogs, transactions and time travel, partition indexes, tags.
 */
export const SUPPORTED: Readonly<Record<string, Supported>> = {
  CreateDatabase: { CatalogId: true, DatabaseInput: DATABASE_INPUT },
  GetDatabase: { CatalogId: true, Name: true },
  GetDatabases: { CatalogId: true, ...PAGE, ...SHARED },
  UpdateDatabase: { CatalogId: true, Name: true, DatabaseInput: DATABASE_INPUT },
  DeleteDatabase: { CatalogId: true, Name: true },
  CreateTable: { ...OF_DATABASE, TableInput: TABLE_INPUT },
  GetTable: { ...OF_DATABASE, Name: true, ...READ },
  GetTables: { ...OF_DATABASE, Expression: true, ...PAGE, ...READ, ...SHARED },
  SearchTables: { CatalogId: true, SearchText: true, Filters: true, ...PAGE, ...SHARED },
  // Without a format of its own or a view's dialects there is nothing for Force to force.
  UpdateTable: { ...OF_DATABASE, TableInput: TABLE_INPUT, SkipArchive: true, VersionId: true, Force: true },
  DeleteTable: { ...OF_DATABASE, Name: true },
  BatchDeleteTable: { ...OF_DATABASE, TablesToDelete: true },
  GetTableVersion: { ...OF_TABLE, VersionId: true, ...READ },
  GetTableVersions: { ...OF_TABLE, ...PAGE, ...READ },
  DeleteTableVersion: { ...OF_TABLE, VersionId: true },
  BatchDeleteTableVersion: { ...OF_TABLE, VersionIds: true },
  CreatePartition: { ...OF_TABLE, PartitionInput: PARTITION_INPUT },
  BatchCreatePartition: { ...OF_TABLE, PartitionInputList: PARTITION_INPUT },
  GetPartition: { ...OF_TABLE, PartitionValues: true, ...READ },
  BatchGetPartition: { ...OF_TABLE, PartitionsToGet: { Values: true }, ...READ },
  GetPartitions: {
    ...{ ...OF_TABLE, Expression: true, ExcludeColumnSchema: true, ...PAGE, ...READ },
    Segment: { SegmentNumber: true, TotalSegments: true },
  },
  UpdatePartition: { ...OF_TABLE, PartitionValueList: true, PartitionInput: PARTITION_INPUT },
  BatchUpdatePartition: { ...OF_TABLE, Entries: { PartitionValueList: true, PartitionInput: PARTITION_INPUT } },
  DeletePartition: { ...OF_TABLE, PartitionValues: true },
  BatchDeletePartition: { ...OF_TABLE, PartitionsToDelete: { Values: true } },
  GetPartitionIndexes: { ...OF_TABLE },
};
