import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../../../../cli/commands/report/report.ts';
import { LOG, writeLog } from '../../../queries/sample-lake.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { contract } from '../../../workshop-contract.ts';
import { wrongUsage } from '../../wrong-usage.ts';

const place = (data: string, ...key: string[]) => path.join(data, 's3', 'sluice-lake', 'reports', ...key);

test('a day goes to the lake, is listed in the index, and is summed up as JSON', async () => {
  const data = await temporaryFolder();
  await writeLog(data, contract, LOG);
  const effects = recordedEffects();
  const options = ['--data', data, '--format', 'json'];
  // Yesterday, by the effects' clock, is the 25-hour day.
  expect(await command.run(['daily', '--timezone', 'Europe/Berlin', ...options], effects)).toBe(0);
  const page = place(data, 'daily', '2024-10-27.Europe.Berlin.html');
  expect(JSON.parse(effects.out())).toEqual({
    date: '2024-10-27',
    timezone: 'Europe/Berlin',
    devices: 2,
    readings: 5,
    report: page,
  });
  expect(effects.err()).toBe(`Report: ${page}\n`);
  const html = await readFile(page, 'utf8');
  // Average of four readings at 18 °C and one at 21.5 °C.
  expect(html).toContain('<dt>Average temperature</dt><dd>18.7 °C</dd>');
  expect(html).toContain('<dd>5 of 25</dd>');
  await command.run(['daily', '--date', '2024-04-26', ...options], recordedEffects());
  expect(await readFile(place(data, 'index.html'), 'utf8')).toMatch(
    /daily\/2024-10-27\.Europe\.Berlin\.html[\s\S]*daily\/2024-04-26\.html/,
  );
});

test('two zones of one date are two pages, and the index lists both and what else there is', async () => {
  const data = await temporaryFolder();
  await writeLog(data, contract, LOG);
  const run = async (...args: string[]) => {
    const effects = recordedEffects();
    await command.run(['daily', '--date', '2024-10-27', '--data', data, '--format', 'json', ...args], effects);
    return JSON.parse(effects.out());
  };
  const berlin = await run('--timezone', 'Europe/Berlin');
  const utc = await run();
  expect([berlin.readings, utc.readings]).toEqual([5, 5]);
  expect(utc.report).toBe(place(data, 'daily', '2024-10-27.html'));
  expect(await readFile(berlin.report, 'utf8')).toContain('The local day in Europe/Berlin: 25 hours.');
  expect(await readFile(utc.report, 'utf8')).toContain('The local day in UTC: 24 hours.');
  await writeFile(place(data, 'daily', '2020-07-13.html'), 'a page of an earlier version');
  await writeFile(place(data, 'daily', 'notes.txt'), 'no page');
  await run('--timezone', 'Asia/Seoul');
  const index = await readFile(place(data, 'index.html'), 'utf8');
  expect([...index.matchAll(/href="daily\/([^"]*)"/g)].map(([, href]) => href)).toEqual([
    ...['2024-10-27.html', '2024-10-27.Asia.Seoul.html', '2024-10-27.Europe.Berlin.html', '2020-07-13.html'],
  ]);
});

test('a contract without numbers says what a report needs', async () => {
  const data = await temporaryFolder();
  const config = path.join(data, 'doors.config.ts');
  await writeFile(
    config,
    `export default { topic: 'x/{deviceid}', device: { from: 'topic' }, time: { from: 't', form: 'epoch-seconds' },
       columns: [{ name: 'open', from: 'open', type: 'boolean' }] };`,
  );
  const made = command.run(['daily', '--data', data, '--config', config], recordedEffects({ cwd: data }));
  await expect(made).rejects.toMatchObject({
    ...{ name: 'UserError', exitCode: 1, todo: expect.stringContaining('contract') },
    message: expect.stringMatching(/double.*bigint/),
  });
});

test('a day without readings makes a page that says so', async () => {
  const data = await temporaryFolder();
  const effects = recordedEffects({ cwd: data });
  expect(await command.run(['daily', '--date', '2021-01-01', '--out', 'page.html', '--data', data], effects)).toBe(0);
  expect(effects.out()).toBe('');
  // Last, where it is seen.
  const [written, empty] = effects.err().trimEnd().split('\n');
  expect(written).toContain(path.join(data, 'page.html'));
  expect(empty).toMatch(/empty.*2021-01-01.*sluice catalog/);
  expect(await readFile(path.join(data, 'page.html'), 'utf8')).toContain('There are no readings of this day.');
});

test('a day in the future is said to be one', async () => {
  const data = await temporaryFolder();
  const effects = recordedEffects({ cwd: data });
  const args = ['daily', '--date', '2199-01-01', '--format', 'json', '--data', data];
  expect(await command.run(args, effects)).toBe(0);
  expect(JSON.parse(effects.out())).toMatchObject({ date: '2199-01-01', readings: 0 });
  expect(effects.err()).toMatch(/empty.*2199-01-01.*future/);
});

test.each(['page.pdf', 'page.xlsx', 'page.HTML.gz'])('--out %s is refused, for a report is HTML', async out => {
  const cwd = await temporaryFolder();
  const run = command.run(['daily', '--out', out], recordedEffects({ cwd }));
  await expect(run).rejects.toMatchObject({ name: 'UserError', exitCode: 2, todo: expect.stringContaining('.html') });
  expect(await readdir(cwd)).toEqual([]);
});

test.each<[string[], ...RegExp[]]>([
  [[], /subcommand/, /\bdaily\b/],
  [['weekly'], /'weekly'/, /\bdaily\b/],
  [['dayly'], /'dayly'/, /sluice report daily\?/],
  [['daily-temperature'], /'daily-temperature'/, /sluice query run daily-temperature\?/],
  [['daily', '2020-07-13'], /'2020-07-13'/, /sluice report daily --date 2020-07-13/],
  [['daily', '--format', 'csv'], /'csv'/, /--format json/],
  [['daily', '--date', '2026-02-30'], /--date .*'2026-02-30'/],
  [['daily', '--timezone', 'Berlin'], /--timezone .*'Berlin'/],
])('%j is wrong usage', async (args, ...parts) => {
  const cwd = await temporaryFolder();
  const message = await wrongUsage(command.run(args, recordedEffects({ cwd })));
  for (const part of parts) expect(message).toMatch(part);
});
