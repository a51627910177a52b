import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FirehoseTransformationResult } from 'aws-lambda';
import { expect, test } from 'vitest';
import { packageFile } from '../../../../contract/package-root.ts';
import { bundleHandler } from '../../../../infra/aws/bundle.ts';
import { handlerEnvironment } from '../../../../infra/settings.ts';
import { WORKSHOP } from '../synth.ts';
import { bundled, emptyFolder, HANDLERS } from './bundled.ts';
import { FUNCTIONS } from './functions.ts';
import { callHandler } from './lambda.ts';
import { sizesOf, writtenSizes } from './sizes.ts';

const bundles = bundled(HANDLERS);
const folderOf = (handler: (typeof HANDLERS)[number]) => bundles.get(handler)?.folder ?? '';

test.each(HANDLERS)('%s has the size in the document, and is below its limit', handler => {
  const { bytes, gzipBytes } = sizesOf(folderOf(handler));
  expect(bytes).toBeLessThanOrEqual(FUNCTIONS[handler].limitBytes);
  const written = writtenSizes().get(handler);
  const todo = 'run npm run docs:aws-handlers';
  // Any change of a package or a module changes the last bytes; the check only keeps the document from getting stale.
  expect(Math.abs(bytes / (written?.bytes ?? 0) - 1), todo).toBeLessThan(0.03);
  expect(Math.abs(gzipBytes / (written?.gzipBytes ?? 0) - 1), todo).toBeLessThan(0.03);
});

test.each(HANDLERS)('%s contains no code of the laptop, the tests or the deployment', handler => {
  const inputs = Object.keys(bundles.get(handler)?.metafile.inputs ?? {});
  expect(inputs).toContain(`infra/aws/handlers/${handler}.ts`);
  const entry = readFileSync(packageFile('infra', 'aws', 'handlers', `${handler}.ts`), 'utf8');
  // The summary needs no contract, and the guard receives two.
  expect(inputs.includes(WORKSHOP)).toBe(entry.includes("from 'sluice-config'"));
  const foreign =
    /^(infra\/local|infra\/aws\/(?!handlers)|commands|device|bench|test)\/|node_modules\/(@duckdb|@polyglot-sql|jiti|aedes|dynalite|classic-level|selfsigned|aws-iot-device-sdk-v2|aws-crt|parquetjs-lite|aws-cdk-lib|constructs|esbuild|vitest|fast-check)\//;
  expect(inputs.filter(input => input !== WORKSHOP && foreign.test(input))).toEqual([]);
  const manifest = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const tools = Object.keys(manifest.devDependencies).map(name => `node_modules/${name}/`);
  expect(inputs.filter(input => tools.some(tool => input.startsWith(tool)))).toEqual([]);
});

test('the same sources give the same bytes, in a folder named after the content', () => {
  const [first, second] = [emptyFolder(), emptyFolder()].map(
    parent => bundleHandler('transform', packageFile('test', 'fixtures', 'workshop.config.ts'), parent).folder,
  );
  expect(path.basename(first ?? '')).toBe(path.basename(second ?? ''));
  const names = readdirSync(first ?? '');
  expect(names.sort()).toEqual(['index.mjs', 'index.mjs.map', 'package.json']);
  for (const name of names)
    expect(readFileSync(path.join(first ?? '', name)).equals(readFileSync(path.join(second ?? '', name)))).toBe(true);
});

test('the source map names the project’s files and no path of this machine', () => {
  const map = JSON.parse(readFileSync(path.join(folderOf('transform'), 'index.mjs.map'), 'utf8'));
  expect(map.sources).toContain('transform/firehose.ts');
  expect(map.sources.filter((source: string) => path.isAbsolute(source) || source.startsWith('..'))).toEqual([]);
  // The sources are in the repository, and a function would load them at every start.
  expect(map).not.toHaveProperty('sourcesContent');
  expect(readFileSync(path.join(folderOf('transform'), 'index.mjs'), 'utf8')).toMatch(
    /\/\/# sourceMappingURL=index\.mjs\.map\s*$/,
  );
});

test('a function contains the contract of its own deployment', async () => {
  const parent = emptyFolder();
  const configFile = path.join(parent, 'other.config.ts');
  writeFileSync(
    configFile,
    `export default {
      topic: 'plant/{deviceid}', device: { from: 'topic' }, time: { from: 't', form: 'epoch-seconds' },
      columns: [{ name: 'pressure', from: 'p', type: 'double' }],
    };`,
  );
  const { folder } = bundleHandler('transform', configFile, parent);
  const envelope = {
    payload_base64: Buffer.from('{"t":1795256130,"p":1.5}').toString('base64'),
    received_at: 1_795_256_131_250,
    mqtt_topic: 'plant/boiler',
  };
  const record = {
    recordId: '1',
    approximateArrivalTimestamp: envelope.received_at,
    data: Buffer.from(JSON.stringify(envelope)).toString('base64'),
  };
  const env = { AWS_REGION: 'eu-central-1', ...handlerEnvironment('transform', { stage: 'main' }) };
  const { answers } = await callHandler(folder, [{ records: [record] }], env);
  const { records } = (answers[0]?.result ?? { records: [] }) as FirehoseTransformationResult;
  const [answer] = records;
  expect(JSON.parse(Buffer.from(answer?.data ?? '', 'base64').toString())).toMatchObject({
    deviceid: 'boiler',
    pressure: 1.5,
  });
});

test('the transform imports in at most 15 ms', () => {
  const empty = path.join(emptyFolder(), 'empty.mjs');
  writeFileSync(empty, 'export {};\n');
  // The first import of a process starts the loader, whatever is imported.
  const code = `
    await import(${JSON.stringify(pathToFileURL(empty).href)});
    const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(path.join(folderOf('transform'), 'index.mjs')).href)});
    console.log(performance.now() - start);`;
  const env = {
    AWS_REGION: 'eu-central-1',
    ...handlerEnvironment('transform', { stage: 'main' }),
    NODE_OPTIONS: '--enable-source-maps',
  };
  // Other load on the machine slows some runs down, but not the code: the fastest one counts.
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 20 && quickestMs > 15; run++)
    quickestMs = Math.min(
      quickestMs,
      Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' })),
    );
  expect(quickestMs).toBeLessThanOrEqual(15);
});
