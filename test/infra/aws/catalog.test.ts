import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { logTable, viewTable } from '../../../contract/table.ts';
import { loadCatalog, positional, savedQueriesFolder } from '../../../queries/saved-queries.ts';
import { contract } from '../../workshop-contract.ts';
import {
  defaultDeployment,
  filledIn,
  onlyResource,
  type Resource,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  type Template,
  trialDeployment,
} from './synth.ts';

let templates: Record<string, Template>;
let catalog: Template;
beforeAll(async () => {
  const deployed = await defaultDeployment();
  templates = deployed.templates;
  catalog = deployed.templates.catalog;
}, SYNTHESIS_TIMEOUT_MS);

function properties(resource: Resource): Record<string, unknown> {
  return filledIn(resource.Properties, templates) as Record<string, unknown>; // of an object, an object
}

describe('the Glue tables', () => {
  test("match the contract, in the stage's own database and over the lake's bucket", () => {
    const lake = Object.keys(resourcesOf(templates.foundation as Template, 'AWS::S3::Bucket')).find(id =>
      id.startsWith('Lake'),
    );
    const tables = Object.values(resourcesOf(catalog, 'AWS::Glue::Table')).map(properties);
    expect(properties(onlyResource(catalog, 'AWS::Glue::Database'))).toMatchObject({
      CatalogId: '111122223333',
      DatabaseInput: { Name: 'sluice_main' },
    });
    expect(tables.map(({ TableInput }) => TableInput)).toEqual([
      logTable(contract, String(lake)),
      viewTable(contract, 'sluice_main'),
    ]);
    for (const { CatalogId, DatabaseName } of tables)
      expect([CatalogId, DatabaseName]).toEqual(['111122223333', 'Database']);
  });
});

describe('the work group', () => {
  test('sets for every query where results go, how they are encrypted, and how much it may scan', () => {
    expect(properties(onlyResource(catalog, 'AWS::Athena::WorkGroup'))).toMatchObject({
      Name: 'sluice-main',
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        PublishCloudWatchMetricsEnabled: true,
        BytesScannedCutoffPerQuery: 100_000_000_000,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ResultConfiguration: {
          OutputLocation: expect.stringMatching(/^s3:\/\/Results\w+\/results\/$/),
          EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: expect.stringMatching(/^Key\w+\.Arn$/) },
          ExpectedBucketOwner: '111122223333',
        },
      },
    });
  });
  test('takes another limit from the context', { timeout: SYNTHESIS_TIMEOUT_MS }, async () => {
    const { templates: trial } = await trialDeployment();
    expect(onlyResource(trial.catalog, 'AWS::Athena::WorkGroup').Properties).toMatchObject({
      WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 500_000_000 },
    });
  });
});

test('every saved query is a named query of the work group, with ? for its parameters', async () => {
  const deployed = Object.values(resourcesOf(catalog, 'AWS::Athena::NamedQuery')).map(properties);
  const files = readdirSync(savedQueriesFolder()).filter(file => file.endsWith('.sql'));
  expect(deployed.map(({ Name }) => `${String(Name)}.sql`).sort()).toEqual(files.sort());
  for (const query of await loadCatalog())
    expect(deployed).toContainEqual({
      Name: query.name,
      Description: expect.stringContaining(query.title),
      QueryString: positional(query).sql,
      Database: 'Database',
      WorkGroup: 'WorkGroup',
    });
});
