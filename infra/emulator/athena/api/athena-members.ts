import type { Supported } from '../../wire/supported-members.ts';

const PAGE: Supported = { NextToken: true, MaxResults: true };
const GROUP: Supported = { WorkGroup: true };
const NAMED: Supported = { Name: true, Description: true, QueryString: true };
const PREPARED: Supported = { StatementName: true, ...GROUP };
/** A work group's only meaning for metadata is who may ask. */
const METADATA: Supported = { CatalogName: true, DatabaseName: true, ...GROUP };

/** What the local Athena heeds of each request; the members of configurations are told by the operations that read them. */
export const SUPPORTED: Readonly<Record<string, Supported>> = {
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
