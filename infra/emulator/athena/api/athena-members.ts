import type { Heeded } from '../../wire/heeded-members.ts';

const PAGE: Heeded = { NextToken: true, MaxResults: true };
const GROUP: Heeded = { WorkGroup: true };
const NAMED: Heeded = { Name: true, Description: true, QueryString: true };
const PREPARED: Heeded = { StatementName: true, ...GROUP };
/** A work group's only meaning for metadata is who may ask. */
const METADATA: Heeded = { CatalogName: true, DatabaseName: true, ...GROUP };

/** What the local Athena heeds of each request; the members of configurations are told by the operations that read them. */
export const HEEDED: Readonly<Record<string, Heeded>> = {
  StartQueryExecution: {
    ...{ QueryString: true, ClientRequestToken: true, ResultConfiguration: true, ExecutionParameters: true, ...GROUP },
    QueryExecutionContext: { Database: true, Catalog: true },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: true } },
  },
  StopQueryExecution: { QueryExecutionId: true },
  GetQueryExecution: { QueryExecutionId: true },
  BatchGetQueryExecution: { QueryExecutionIds: true },
  ListQueryExecutions: { ...PAGE, ...GROUP },
  GetQueryResults: { QueryExecutionId: true, ...PAGE, QueryResultType: ['DATA_ROWS'] },
  GetQueryRuntimeStatistics: { QueryExecutionId: true },
  CreateWorkGroup: { Name: true, Configuration: true, Description: true, Tags: true },
  GetWorkGroup: GROUP,
  ListWorkGroups: PAGE,
  UpdateWorkGroup: { ...GROUP, Description: true, ConfigurationUpdates: true, State: true },
  DeleteWorkGroup: { ...GROUP, RecursiveDeleteOption: true },
  ListEngineVersions: PAGE,
  GetDataCatalog: { Name: true, ...GROUP },
  ListDataCatalogs: { ...PAGE, ...GROUP },
  GetDatabase: METADATA,
  ListDatabases: { ...METADATA, ...PAGE },
  GetTableMetadata: { ...METADATA, TableName: true },
  ListTableMetadata: { ...METADATA, Expression: true, ...PAGE },
  CreateNamedQuery: { ...NAMED, Database: true, ClientRequestToken: true, ...GROUP },
  GetNamedQuery: { NamedQueryId: true },
  BatchGetNamedQuery: { NamedQueryIds: true },
  ListNamedQueries: { ...PAGE, ...GROUP },
  UpdateNamedQuery: { NamedQueryId: true, ...NAMED },
  DeleteNamedQuery: { NamedQueryId: true },
  CreatePreparedStatement: { ...PREPARED, QueryStatement: true, Description: true },
  GetPreparedStatement: PREPARED,
  BatchGetPreparedStatement: { PreparedStatementNames: true, ...GROUP },
  ListPreparedStatements: { ...PAGE, ...GROUP },
  UpdatePreparedStatement: { ...PREPARED, QueryStatement: true, Description: true },
  DeletePreparedStatement: PREPARED,
};
