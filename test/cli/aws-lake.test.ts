/** Commands over a deployed lake: its names come from SSM, and S3, Glue and Athena from the SDK's own endpoint. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import type { Command } from '../../cli/command.ts';
import { command as catalog } from '../../cli/commands/catalog/catalog.ts';
import { command as compact } from '../../cli/commands/compact/compact.ts';
import { command as query } from '../../cli/commands/query/query.ts';
import { command as report } from '../../cli/commands/report/report.ts';
import { contractKey } from '../../contract/contract-key.ts';
import type { PublishedDeployment } from '../../infra/aws/published-deployment.ts';
import { startLakeEndpoint } from '../../infra/local/lake-endpoint.ts';
import { getObject, listObjects, putObject } from '../../lake/objects.ts';
import { parquetByColumns } from '../../lake/parquet-by-columns.ts';
import { LOG, writeLog } from '../queries/sample-lake.ts';
import { recordedEffects } from '../recorded-effects.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { contract } from '../workshop-contract.ts';
import { parameterOf, published, scriptedAws, sdkEnvironment } from './scripted-aws.ts';

/** An account with a deployed lake; commands run in a folder of their own, which stays empty. */
async function account(deployment: Partial<PublishedDeployment> = {}) {
  const data = await temporaryFolder();
  const { lake, url, close } = await startLakeEndpoint({ data, contract, port: 0 });
  await writeLog(data, contract, LOG);
  const ssm = await scriptedAws(parameterOf(published(deployment)));
  await sdkEnvironment({
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_SSM: ssm.url,
    AWS_ACCESS_KEY_ID: lake.aws.credentials?.accessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: lake.aws.credentials?.secretAccessKey ?? '',
  });
  const s3 = new S3Client(lake.aws);
  onTestFinished(async () => {
    s3.destroy();
    await close();
  });
  const cwd = await temporaryFolder();
  const run = async (command: Command, ...args: string[]) => {
    const effects = recordedEffects({ cwd });
    const code = await command.run([...args, '--aws'], effects);
    return { code, out: effects.out(), err: effects.err() };
  };
  return { run, cwd, s3, bucket: lake.names.bucket };
}

test('query asks the deployed work group; a dry run reads footers through S3; neither leaves anything here', async () => {
  const { run, cwd } = await account();
  const sql = "SELECT count(*) AS n FROM readings WHERE dt = '2024-10-27'";
  const { out, err } = await run(query, 'sql', sql, '--format', 'json');
  expect(JSON.parse(out)).toEqual([{ n: 5 }]);
  expect(err).toMatch(/^1 row, [\d.]+ s, [\d.]+ K?B scanned, \$0\.00005 on Athena\n$/);
  const estimate = await run(query, 'sql', sql, '--dry-run', '--format', 'json');
  expect(JSON.parse(estimate.out)).toMatchObject([{ partitions: 1, files: 1 }]);
  expect(readdirSync(cwd)).toEqual([]);
});

test('report writes to the lake of the deployment, and says how to open the page', async () => {
  const { run, s3, bucket, cwd } = await account();
  const { code, out, err } = await run(report, 'daily', '--date', '2024-10-27', '--format', 'json');
  const place = 's3://sluice-lake/reports/daily/2024-10-27.html';
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ readings: 5, report: place });
  expect(err).toContain(`Report: ${place}\n`);
  expect(err).toContain(`aws s3 cp ${place} .`);
  expect((await getObject(s3, bucket, 'reports/daily/2024-10-27.html')).toString()).toMatch(/^<!doctype html>/i);
  expect(readdirSync(cwd)).toEqual([]);
});

test('catalog holds the contract here against the one that was deployed', async () => {
  const same = await account({ contractKey: contractKey(contract) });
  expect((await same.run(catalog, '--dt', '2024-10-27')).err).not.toContain('Drift');

  const other = await account({ contractKey: 'ffffffffffffffff', stage: 'main' });
  const { code, out } = await other.run(catalog, '--dt', '2024-10-27', '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(out).drift).toEqual([
    { where: 'deployment', column: 'contract', problem: expect.stringContaining('stage main') },
  ]);

  const file = path.join(same.cwd, 'wider.config.ts');
  const config = await readFile(new URL('../fixtures/workshop.config.ts', import.meta.url), 'utf8');
  await writeFile(
    file,
    config.replace('columns: [', "columns: [{ name: 'battery', from: 'BATTERY', type: 'bigint' },"),
  );
  const wider = await same.run(catalog, '--dt', '2024-10-27', '--config', file);
  expect(wider.err).toContain('Drift: catalog: battery is missing; the contract has bigint.');

  const renamedFile = path.join(same.cwd, 'renamed.config.ts');
  await writeFile(renamedFile, config.replace("name: 'humidity'", "name: 'rel_humidity'"));
  const renamed = await same.run(catalog, '--config', renamedFile);
  expect(renamed.err.match(/^.*: humidity is .*$/gm)).toEqual([
    expect.stringMatching(/^Drift: catalog and \d+ more: humidity is not in the contract\.$/),
  ]);
});

test('compact works through S3 alone', async () => {
  const { s3, bucket, cwd } = await account();
  const ts = Date.parse('2024-10-27T05:00:00Z');
  const reading = { deviceid: 'a', ts, receivedAt: ts, measures: { temperature: 1, humidity: 2 } };
  const key = 'readings/dt=2024-10-27/more.parquet';
  await putObject(s3, { bucket, key }, parquetByColumns(contract, [reading]));
  const later = ['--min-age-minutes', '0', '--dt', '2024-10-27', '--format', 'json'];
  const effects = recordedEffects({ cwd, now: () => Date.now() + 60_000 });
  expect(await compact.run([...later, '--aws'], effects)).toBe(0);
  expect(JSON.parse(effects.out())).toMatchObject([{ dt: '2024-10-27', objects_before: 2, objects_after: 1 }]);
  const keys: string[] = [];
  for await (const object of listObjects(s3, { bucket, prefix: 'readings/dt=2024-10-27/' })) keys.push(object.key);
  expect(keys).toEqual([expect.stringMatching(/compacted-/)]);
  expect(existsSync(path.join(cwd, '.sluice'))).toBe(false);
});
