import { Aws, Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { type GlueTable, logTable, viewTable } from '../../contract/table.ts';
import { type Deployment, stackProps } from './deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

const BYTES_PER_GB = 1_000_000_000;

/** What people query: the Glue database with the table and the view, the Athena work group, and the saved queries. */
export class CatalogStack extends Stack {
  readonly database: CfnDatabase;
  readonly logTable: CfnTable;
  readonly view: CfnTable;
  readonly workGroup: CfnWorkGroup;
  /** Where Athena writes: `s3://…/results/`. */
  readonly resultsLocation: string;

  constructor(scope: Construct, deployment: Deployment, { key, lake, results }: FoundationStack) {
    super(scope, 'catalog', stackProps(deployment, 'catalog', 'the table, the view and the saved queries'));
    const { contract, names, queries, settings, stage } = deployment;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: names.database, description: `Sluice (${stage}): readings of devices` },
    });
    this.logTable = this.#table('Log', logTable(contract, lake.bucketName));
    this.view = this.#table('View', viewTable(contract, names.database));
    this.view.addResourceDependency(this.logTable);
    this.resultsLocation = results.s3UrlForObject('results/');
    this.workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: names.workGroup,
      description: `Sluice (${stage}): at most ${settings.scanLimitGb} GB scanned by a query`,
      // Its named queries come from files, and its history is deleted with it.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: Math.round(settings.scanLimitGb * BYTES_PER_GB),
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: this.resultsLocation,
          expectedBucketOwner: Aws.ACCOUNT_ID,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
        },
      },
    });
    for (const { name, description, sql } of queries)
      new CfnNamedQuery(this, `Query-${name}`, {
        name,
        description,
        queryString: sql,
        database: this.database.ref,
        workGroup: this.workGroup.ref,
      });
  }

  #table(id: string, table: GlueTable): CfnTable {
    return new CfnTable(this, id, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database.ref,
      // The construct has the members of Glue's TableInput under other names; a test compares the output.
      tableInput: smallNames(table) as CfnTable.TableInputProperty,
    });
  }
}

/**
 * Renames members to the construct's names, which start with a lower-case letter: `Name` becomes `name`. The keys of
 * `Parameters` are Glue's own and stay.
 */
function smallNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(smallNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      name === 'Parameters' ? member : smallNames(member),
    ]),
  );
}
