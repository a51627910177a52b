import { mkdir, readdir, rename, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL_NAMES } from '../../../../infra/local/local-names.ts';
import { type LakeFixture, openLake } from './lake-fixture.ts';

let lake: LakeFixture;
let outside: string;
beforeAll(async () => {
  lake = await openLake();
  outside = path.join(lake.folder, 'outside');
  await mkdir(outside);
  const file = await lake.write('2026-11-20', 'secret', "SELECT 'x' AS secret");
  await rename(file, path.join(outside, 'secret.parquet'));
  await symlink(outside, path.join(lake.s3Root, LOCAL_NAMES.bucket, 'linked'));
});
afterAll(() => lake.close());

const location = (rest: string) => `s3://${LOCAL_NAMES.bucket}/linked/${rest}`;

test('no statement reads or writes through a symbolic link', async () => {
  const columns = (rest: string) => `(secret string) STORED AS PARQUET LOCATION '${location(rest)}'`;
  for (const sql of [
    `CREATE EXTERNAL TABLE behind ${columns('')}`,
    `CREATE EXTERNAL TABLE deeper ${columns('deeper/')}`,
    `CREATE TABLE made WITH (external_location = '${location('made/')}') AS SELECT 1 AS a`,
    `UNLOAD (SELECT 1 AS a) TO '${location('unloaded/')}' WITH (format = 'PARQUET')`,
  ])
    expect(await lake.failure(sql)).toContain('symbolic link');
  expect(await readdir(outside)).toEqual(['secret.parquet']);
});

test('a table whose folder later became a link returns no row from there', async () => {
  await lake.ask(
    `CREATE EXTERNAL TABLE late (secret string) STORED AS PARQUET LOCATION 's3://${LOCAL_NAMES.bucket}/late/'`,
  );
  await symlink(outside, path.join(lake.s3Root, LOCAL_NAMES.bucket, 'late'));
  expect(await lake.failure('SELECT secret FROM late')).toContain('symbolic link');
  expect(await lake.failure("INSERT INTO late VALUES 'y'")).toContain('symbolic link');
  expect(await readdir(outside)).toEqual(['secret.parquet']);
});

test('results are not written through a link', async () => {
  const ResultConfiguration = { OutputLocation: location('results/') };
  await expect(lake.start('SELECT 1', { ResultConfiguration })).rejects.toThrow('symbolic link');
  expect(await readdir(outside)).toEqual(['secret.parquet']);
});
