import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../../infra/emulator/athena/read/engine.ts';

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-engine-'));
  engine = await startEngine({ s3Root: path.join(folder, 's3'), spillFolder: path.join(folder, 'spill') });
});
afterAll(async () => {
  engine.close();
  await rm(folder, { recursive: true });
});

// The translation already refuses all of these; the engine must refuse them too, in case a rule is wrong.
test.each([
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM read_text('/etc/passwd')",
  "SELECT * FROM '/etc/passwd'",
  "SELECT * FROM read_parquet('https://example.com/x.parquet')",
  "COPY (SELECT 1) TO '/tmp/sluice-must-not-exist.csv'",
  "ATTACH '/tmp/sluice-must-not-exist.db'",
  'SET enable_external_access = true',
  'SET lock_configuration = false',
  'SET threads = 1',
  'PRAGMA threads = 1',
  "SET allowed_directories = ['/']",
  'INSTALL httpfs',
  'LOAD httpfs',
  "EXPORT DATABASE '/tmp/sluice-must-not-exist'",
])('the engine refuses %s', async sql => {
  const connection = await engine.connect();
  await expect(connection.run(sql)).rejects.toThrow(
    /disabled|locked|Permission|does not exist|cannot|not found|No files|Cannot/i,
  );
  connection.closeSync();
  expect((await readdir('/tmp')).filter(name => name.startsWith('sluice-must-not-exist'))).toEqual([]);
});
