import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadContract } from '../../contract/load.ts';
import { packageFile } from '../../contract/package-root.ts';
import { UserError } from '../../contract/user-error.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-contract-'));
});
afterEach(() => rm(folder, { recursive: true }));

const SOUND = `import type { LakeConfig } from 'sluice';

// The topic, the time and the unit of each column.
export default {
  topic: 'data/{deviceid}',
  device: { from: 'DEVICE_NAME' },
  time: { from: 'TIMESTAMP', form: 'iso8601' },
  columns: [
    { name: 'temperature', from: 'TEMPERATURE', type: 'double', unit: '°C', range: [-90, 200] },
    {
      name: 'humidity',
      from: 'HUMIDITY',
      type: 'double',
    },
  ],
} satisfies LakeConfig;
`;

async function save(source: string, name = 'lake.config.ts'): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, source);
  return file;
}

async function errorOf(source: string): Promise<UserError> {
  const file = await save(source);
  const error: unknown = await loadContract(file).then(
    () => new Error('the contract was taken'),
    error => error,
  );
  if (error instanceof UserError) return error;
  throw error;
}

test('a given file is read relative to the working directory', async () => {
  const file = await save(SOUND, 'other.config.ts');
  const loaded = await loadContract('other.config.ts', folder);
  expect(loaded.file).toBe(file);
  expect(loaded.contract.columns.map(({ name }) => name)).toEqual(['temperature', 'humidity']);
});

test("without a name, the working directory's lake.config.ts; without one, the one that ships with Sluice", async () => {
  expect((await loadContract(undefined, folder)).file).toBe(packageFile('lake.config.ts'));
  const file = await save(SOUND);
  expect((await loadContract(undefined, folder)).file).toBe(file);
});

test("the project's own lake.config.ts loads, and no other test depends on what it says", async () => {
  const { contract } = await loadContract(packageFile('lake.config.ts'));
  expect(contract.columns.length).toBeGreaterThan(0);
});

test('a changed file is read again', async () => {
  const file = await save(SOUND);
  await loadContract(file);
  await save(SOUND.replace("name: 'humidity'", "name: 'wetness'"));
  expect((await loadContract(file)).contract.columns[1]?.name).toBe('wetness');
});

test('a config in JavaScript is read too', async () => {
  const file = await save(SOUND.replace(/^import.*\n/, '').replace(' satisfies LakeConfig', ''), 'lake.config.mjs');
  expect((await loadContract(file)).contract.topic).toBe('data/{deviceid}');
});

describe('an error names the file and the line', () => {
  test.each<[string, string, number, string]>([
    ['a topic', SOUND.replace('data/{deviceid}', 'data/+'), 5, 'topic: '],
    ['an empty topic', SOUND.replace('data/{deviceid}', ''), 5, 'topic: '],
    ['the device, which comes before the time', SOUND.replace('DEVICE_NAME', 'a..b'), 6, 'device.from: '],
    ['the time, which comes after the device', SOUND.replace("'TIMESTAMP'", "''"), 7, 'time.from: '],
    ['a form', SOUND.replace('iso8601', 'iso'), 7, 'time.form: '],
    [
      'the first column',
      SOUND.replace("'TEMPERATURE', type: 'double'", "'TEMPERATURE', type: 'float'"),
      9,
      'columns[0].type: ',
    ],
    ['a range', SOUND.replace('[-90, 200]', '[200, -90]'), 9, 'columns[0].range: '],
    [
      'the second column',
      SOUND.replace("'HUMIDITY',\n      type: 'double'", "'HUMIDITY',\n      type: 'float'"),
      13,
      'columns[1].type: ',
    ],
    ['a name twice', SOUND.replace("name: 'humidity'", "name: 'temperature'"), 11, 'columns[1].name: '],
    ['a field that is missing', SOUND.replace("      type: 'double',\n", ''), 11, 'columns[1].type: '],
    [
      'a property that is not known',
      SOUND.replace("      type: 'double',\n", "      type: 'double',\n      scale: 2,\n"),
      14,
      'columns[1].scale: ',
    ],
    ['a top-level property that is not known', SOUND.replace('  topic', '  "a(b[": 1,\n  topic'), 5, 'a(b[: '],
    ['a number', SOUND.replace('  ],\n}', '  ],\n  hotDays: 0,\n}'), 16, 'hotDays: '],
  ])('%s', async (_, source, line, message) => {
    const error = await errorOf(source);
    expect(error.message.startsWith(`${path.join(folder, 'lake.config.ts')}:${line}: ${message}`), error.message).toBe(
      true,
    );
    expect(error.todo).toContain(source.split('\n')[line - 1]?.trim());
  });

  test('that holds the value, if the property is not written out', async () => {
    const source = SOUND.replace("  topic: 'data/{deviceid}'", '  topic').replace(
      '// The',
      "const topic = 'data/+'; // The",
    );
    expect((await errorOf(source)).message).toContain('lake.config.ts:3: topic: ');
  });

  test('but no line if neither is in the file, whatever the property’s name', async () => {
    const error = await errorOf(SOUND.replace('  topic', "  ['a(' + 'b[']: 1,\n  topic"));
    expect(error.message).toContain('lake.config.ts: a(b[: ');
  });

  test('but no line if the property is not in the file', async () => {
    const error = await errorOf(SOUND.replace("  topic: 'data/{deviceid}',\n", ''));
    expect(error.message.startsWith(`${path.join(folder, 'lake.config.ts')}: topic: `)).toBe(true);
  });
});

test.each([
  ['no default export', 'export const config = 1;'],
  ['nothing in it', ''],
  ['a default export that is not an object', 'export default 5;'],
])('a file with %s is refused', async (_, source) => {
  expect((await errorOf(source)).message).toContain('lake.config.ts');
});

test.each([
  ['a syntax error', 'export default {'],
  ['a throw', "throw new Error('out of order');"],
])('a file with %s is reported with its own message', async (_, source) => {
  const error = await errorOf(source);
  expect(error.message).toContain(`${path.join(folder, 'lake.config.ts')}: `);
  expect(error.cause).toBeDefined();
});

test('a missing file or a folder is wrong usage', async () => {
  await expect(loadContract('nowhere.ts', folder)).rejects.toMatchObject({
    message: expect.stringContaining(path.join(folder, 'nowhere.ts')),
    exitCode: 2,
  });
  await expect(loadContract('.', folder)).rejects.toMatchObject({ name: 'UserError', exitCode: 2 });
});

describe('the compiled contract', () => {
  test('is cached next to the packages, and only for the same source', async () => {
    await mkdir(path.join(folder, 'node_modules'));
    const file = await save(SOUND);
    const first = await loadContract(file);
    const kept = path.join(folder, 'node_modules/.cache/sluice');
    expect(await readdir(kept)).toHaveLength(1);
    expect(await loadContract(file)).toEqual(first);
    await save(SOUND.replace("name: 'humidity'", "name: 'moisture'"));
    const { contract } = await loadContract(file);
    expect(contract.columns.map(({ name }) => name)).toEqual(['temperature', 'moisture']);
    await expect(errorOf(SOUND.replace("type: 'double',\n", "type: 'doubel',\n"))).resolves.toMatchObject({
      message: expect.stringMatching(/lake\.config\.ts:13: /),
    });
  });

  test('a damaged or unwritable cache does not matter', async () => {
    const kept = path.join(folder, 'node_modules/.cache/sluice');
    await mkdir(kept, { recursive: true });
    const file = await save(SOUND);
    const first = await loadContract(file);
    for (const name of await readdir(kept)) await writeFile(path.join(kept, name), 'export default {');
    expect(await loadContract(file)).toEqual(first);
    await rm(kept, { recursive: true });
    await writeFile(kept, 'a file where the folder should be');
    expect(await loadContract(file)).toEqual(first);
  });

  test('is not cached without packages', async () => {
    await loadContract(await save(SOUND));
    expect(await readdir(folder)).toEqual(['lake.config.ts']);
  });
});
