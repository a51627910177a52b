import {
  CreateNamedQueryCommand,
  CreateWorkGroupCommand,
  DeleteWorkGroupCommand,
  GetWorkGroupCommand,
  ListEngineVersionsCommand,
  ListWorkGroupsCommand,
  UpdateWorkGroupCommand,
  type WorkGroupConfiguration,
  type WorkGroupConfigurationUpdates,
} from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LakeFixture, NOW, openLake } from '../lake-fixture.ts';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());

const create = (Name: string, Configuration: WorkGroupConfiguration = {}) =>
  lake.client.send(new CreateWorkGroupCommand({ Name, Configuration }));
const update = (WorkGroup: string, ConfigurationUpdates: WorkGroupConfigurationUpdates) =>
  lake.client.send(new UpdateWorkGroupCommand({ WorkGroup, ConfigurationUpdates }));
const get = async (WorkGroup: string) => (await lake.client.send(new GetWorkGroupCommand({ WorkGroup }))).WorkGroup;
const invalid = (message: string) => ({ name: 'InvalidRequestException', message: expect.stringContaining(message) });

describe('a work group', () => {
  test('is created once, changed and deleted', async () => {
    const ResultConfiguration = { OutputLocation: 's3://sluice-lake/team/' };
    await create('Team.One_2', { ResultConfiguration, BytesScannedCutoffPerQuery: 20_000_000 });
    await expect(create('Team.One_2')).rejects.toMatchObject(invalid('WorkGroup is already created'));
    expect(await get('Team.One_2')).toEqual({
      Name: 'Team.One_2',
      State: 'ENABLED',
      CreationTime: new Date(NOW),
      Configuration: {
        ResultConfiguration,
        EnforceWorkGroupConfiguration: true,
        PublishCloudWatchMetricsEnabled: false,
        BytesScannedCutoffPerQuery: 20_000_000,
        RequesterPaysEnabled: false,
        EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
      },
    });
    await update('Team.One_2', {
      RemoveBytesScannedCutoffPerQuery: true,
      EnforceWorkGroupConfiguration: false,
      ResultConfigurationUpdates: { OutputLocation: 's3://sluice-lake/other' },
    });
    const { Configuration } = (await get('Team.One_2')) ?? {};
    expect(Configuration?.BytesScannedCutoffPerQuery).toBeUndefined();
    expect(Configuration?.EnforceWorkGroupConfiguration).toBe(false);
    expect(Configuration?.ResultConfiguration?.OutputLocation).toBe('s3://sluice-lake/other');
    await lake.client.send(new DeleteWorkGroupCommand({ WorkGroup: 'Team.One_2' }));
    await expect(get('Team.One_2')).rejects.toMatchObject(invalid('WorkGroup Team.One_2 is not found.'));
  });

  test('with content is deleted only on request', async () => {
    await create('full');
    const query = { Name: 'q', Database: 'sluice', QueryString: 'SELECT 1', WorkGroup: 'full' };
    await lake.client.send(new CreateNamedQueryCommand(query));
    const remove = (RecursiveDeleteOption: boolean) =>
      lake.client.send(new DeleteWorkGroupCommand({ WorkGroup: 'full', RecursiveDeleteOption }));
    await expect(remove(false)).rejects.toMatchObject(invalid('WorkGroup full is not empty'));
    await remove(true);
    for (const WorkGroup of ['primary', 'sluice'])
      await expect(lake.client.send(new DeleteWorkGroupCommand({ WorkGroup }))).rejects.toMatchObject(
        invalid('deleted'),
      );
  });

  test('that is disabled accepts no queries', async () => {
    await create('off');
    await lake.client.send(new UpdateWorkGroupCommand({ WorkGroup: 'off', State: 'DISABLED' }));
    await expect(lake.start('SELECT 1', { WorkGroup: 'off' })).rejects.toMatchObject(
      invalid('WorkGroup off is disabled.'),
    );
  });

  test.each([
    [{ PublishCloudWatchMetricsEnabled: true }, 'PublishCloudWatchMetricsEnabled'],
    [{ ManagedQueryResultsConfiguration: { Enabled: true } }, 'ManagedQueryResultsConfiguration'],
    [{ EngineVersion: { SelectedEngineVersion: 'PySpark engine version 3' } }, 'PySpark engine version 3'],
    [{ BytesScannedCutoffPerQuery: 9_999_999 }, 'BytesScannedCutoffPerQuery'],
    [{ ResultConfiguration: { OutputLocation: 'file:///x' } }, 'S3 location'],
    [
      { ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' as const } } },
      'EncryptionConfiguration',
    ],
  ])('refuses settings that are invalid or have no effect, and names them: %j', async (configuration, message) => {
    await expect(create('refused', configuration)).rejects.toMatchObject(invalid(message));
    await expect(get('refused')).rejects.toMatchObject(invalid('not found'));
  });

  test.each(['../x', 'a/b', '', 'ü'])('cannot be called %j', async Name => {
    await expect(create(Name)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });
});

test('work groups are listed in pages, the permanent ones first', async () => {
  for (const name of ['zeta', 'alpha']) await create(name);
  const names: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await lake.client.send(new ListWorkGroupsCommand({ MaxResults: 2, ...(NextToken && { NextToken }) }));
    names.push(...(page.WorkGroups ?? []).map(({ Name }) => Name));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(names.filter(name => ['sluice', 'primary', 'alpha', 'zeta'].includes(name ?? ''))).toEqual([
    ...['sluice', 'primary', 'alpha', 'zeta'],
  ]);
});

describe('the location of a result', () => {
  const location = async (input: Parameters<LakeFixture['start']>[1]) => {
    const id = await lake.start('SELECT 1', input);
    const { ResultConfiguration } = await lake.finished(id);
    return ResultConfiguration?.OutputLocation?.replace(id, 'ID');
  };

  test('comes from the query, or else from the work group; an enforced work group overrides the query', async () => {
    const OutputLocation = 's3://sluice-lake/mine';
    await create('enforced', { ResultConfiguration: { OutputLocation: 's3://sluice-lake/theirs' } });
    await create('nowhere', { EnforceWorkGroupConfiguration: false });
    expect(await location({})).toBe('s3://sluice-lake/results/ID.csv');
    expect(await location({ ResultConfiguration: { OutputLocation } })).toBe('s3://sluice-lake/mine/ID.csv');
    const enforced = { WorkGroup: 'enforced', ResultConfiguration: { OutputLocation } };
    expect(await location(enforced)).toBe('s3://sluice-lake/theirs/ID.csv');
    await expect(location({ WorkGroup: 'nowhere' })).rejects.toMatchObject(invalid('No output location provided.'));
  });
});

describe('the scan limit', () => {
  test('cancels a query before it reads more, as Athena does', async () => {
    await create('limited', {
      BytesScannedCutoffPerQuery: 10_000_000,
      ResultConfiguration: { OutputLocation: 's3://sluice-lake/results/' },
    });
    const many =
      'SELECT md5(i::varchar) || md5((i + 1e9)::varchar) AS deviceid, random() AS temperature FROM range(200000) t(i)';
    await lake.write('2026-07-01', 'a', many);
    const run = async (sql: string) => lake.finished(await lake.start(sql, { WorkGroup: 'limited' }));
    const wide = await run("SELECT count(DISTINCT deviceid) FROM readings_log WHERE dt = '2026-07-01'");
    expect(wide.Status).toMatchObject({ State: 'CANCELLED', StateChangeReason: 'Bytes scanned limit was exceeded' });
    expect(wide.Statistics?.DataScannedInBytes).toBe(10_000_000);
    const narrow = await run("SELECT avg(temperature) FROM readings_log WHERE dt = '2026-07-01'");
    expect(narrow.Status?.State).toBe('SUCCEEDED');
  });
});

test('the engine versions are the existing ones', async () => {
  const { EngineVersions } = await lake.client.send(new ListEngineVersionsCommand({}));
  expect(EngineVersions?.map(({ SelectedEngineVersion }) => SelectedEngineVersion)).toEqual([
    'AUTO',
    'Athena engine version 3',
  ]);
});
