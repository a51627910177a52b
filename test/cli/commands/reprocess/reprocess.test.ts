import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { command } from '../../../../cli/commands/reprocess/reprocess.ts';
import { failedRecordLine } from '../../../../lake/failed-record.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { wrongUsage } from '../../wrong-usage.ts';

const ARRIVAL = Date.UTC(2024, 9, 27, 12);
const message = (temperature: number) =>
  Buffer.from(`{"DEVICE_NAME":"a","TIMESTAMP":"2024-10-27T11:59:59","TEMPERATURE":${temperature}}`);

/** A data folder with one object of failed records, and the command over it. */
async function lakeWith(...temperatures: number[]) {
  const cwd = await temporaryFolder();
  const folder = path.join(cwd, '.sluice/s3/sluice-lake/errors/processing-failed/dt=2024-10-27');
  await mkdir(folder, { recursive: true });
  const why = { arrivalMs: ARRIVAL, errorCode: 'Lambda.ProcessingFailedStatus', errorMessage: 'outside-window' };
  const lines = temperatures.map(temperature => failedRecordLine({ rawData: message(temperature), ...why }));
  await writeFile(path.join(folder, 'x.gz'), gzipSync(lines.join('')));
  return async (...args: string[]) => {
    const effects = recordedEffects({ cwd });
    const code = await command.run(args, effects);
    return { code, out: effects.out(), err: effects.err() };
  };
}

test('errors are read again, with the exit code 0 where all of them came in, and once', async () => {
  const run = await lakeWith(20, 21);
  const first = await run('--format', 'json');
  expect(first.code).toBe(0);
  expect(JSON.parse(first.out)).toMatchObject({ records: { read: 2, accepted: 2 }, dates: ['2024-10-27'] });
  const again = await run('errors', '--from', '2024-10-27', '--format', 'json');
  expect(again.code).toBe(0);
  expect(JSON.parse(again.out)).toMatchObject({ objects: { read: 0, alreadyDone: 1 }, files: [] });
});

test('what is still rejected gives the exit code 3, now and later, and stays', async () => {
  const run = await lakeWith(20, 9_000);
  for (const time of ['now', 'later']) {
    const { code, err } = await run();
    expect(code, time).toBe(3);
    expect(err, time).toContain('out-of-range');
    expect(err, time).toMatch(/still rejected .*errors\//);
  }
});

test('dates without an object are told', async () => {
  const run = await lakeWith(20);
  const { code, err } = await run('--to', '2024-10-26');
  expect([code, err]).toEqual([0, expect.stringContaining('errors/')]);
});

test.each<[string[], RegExp]>([
  [['rwa'], /'rwa'[\s\S]*sluice reprocess raw\?/],
  [['errors', 'raw'], /'raw'[\s\S]*sluice reprocess errors/],
  [['raw'], /--from[\s\S]*sluice reprocess raw --from 2026-11-20/],
  [['--from', 'x'], /--from 'x'/],
  [['--format', 'csv'], /'csv'[\s\S]*table, json/],
])('%j is wrong usage', async (args, part) => {
  expect(await wrongUsage(command.run(args, recordedEffects()))).toMatch(part);
});
