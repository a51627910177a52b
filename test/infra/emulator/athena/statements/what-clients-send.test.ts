import { expect, test } from 'vitest';
import { openLake } from '../lake-fixture.ts';
import { lines } from './run-statement.ts';

test('SHOW CREATE TABLE gives the name as it was asked for', async () => {
  const lake = await openLake();
  try {
    expect((await lines(lake, 'SHOW CREATE TABLE `readings_log`;'))[0]).toBe('CREATE EXTERNAL TABLE `readings_log`(');
    expect((await lines(lake, 'SHOW CREATE TABLE sluice.readings_log'))[0]).toBe(
      'CREATE EXTERNAL TABLE `sluice.readings_log`(',
    );
  } finally {
    await lake.close();
  }
});

test('the database of a DDL statement may be in backquotes, as awswrangler sends it', async () => {
  const lake = await openLake();
  try {
    const id = await lake.start('DESCRIBE `readings_log`;', { QueryExecutionContext: { Database: '`Sluice`' } });
    expect((await lake.finished(id)).Status).toMatchObject({ State: 'SUCCEEDED' });
  } finally {
    await lake.close();
  }
});

test('a column with only NULL is not a table column', async () => {
  const lake = await openLake();
  try {
    expect(await lake.failure('CREATE TABLE sluice.nothing AS SELECT 1 AS a, NULL AS b')).toBe(
      'COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown: b',
    );
  } finally {
    await lake.close();
  }
});
