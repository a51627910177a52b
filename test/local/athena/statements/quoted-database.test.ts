import { expect, test } from 'vitest';
import { openLake } from '../lake-fixture.ts';

test('the database of a statement of DDL may come in backquotes, as awswrangler sends it', async () => {
  const lake = await openLake();
  try {
    const id = await lake.start('DESCRIBE `readings_log`;', { QueryExecutionContext: { Database: '`Sluice`' } });
    expect((await lake.finished(id)).Status).toMatchObject({ State: 'SUCCEEDED' });
  } finally {
    await lake.close();
  }
});
