/** The file of a stage, and what the context of the CDK CLI may still set. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../../contract/package-root.ts';
import { CONTEXT_KEYS, readDeployment } from '../../../infra/aws/deployment.ts';
import { parseStage, STAGE_SETTINGS } from '../../../infra/aws/stage-file.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { TRIAL_STAGES, WORKSHOP } from './synth.ts';

const CONTRACT = { contract: WORKSHOP };

/** A folder with the files of some stages. */
async function stages(files: Record<string, unknown>): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'stages');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files))
    writeFileSync(path.join(folder, `${name}.json`), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

describe('a stage file', () => {
  test('has a default for everything but the contract', async () => {
    expect((await readDeployment({})).settings).toEqual({
      ...{ timezone: 'UTC', alarmEmail: undefined, silenceMinutes: 60, corsOrigins: [], scanLimitGb: 100 },
      ...{ backfillSources: [], backfillKeys: {}, backfillWorkers: 5, tracing: false, removeData: false },
      env: undefined,
    });
    expect(() => parseStage({ timezone: 'UTC' }, 'main.json')).toThrow(/main\.json.*contract/);
  });

  test.each([
    ['contract', { contract: 5 }],
    ['timezone', { timezone: 'Berlin' }],
    ['alarmEmail', { alarmEmail: 'a@example.com,b@example.com' }],
    ['silenceMinutes', { silenceMinutes: 7 }],
    ['silenceMinutes', { silenceMinutes: 2_000 }],
    ['corsOrigins', { corsOrigins: ['*'] }],
    ['corsOrigins', { corsOrigins: 'https://example.com' }],
    ['corsOrigins', { corsOrigins: ['https://example.com/app'] }],
    ['scanLimitGb', { scanLimitGb: 0.001 }],
    ['scanLimitGb', { scanLimitGb: '10' }],
    ['backfillSources', { backfillSources: ['s3://old'] }],
    ['backfillSources', { backfillSources: Array.from({ length: 21 }, (_, index) => `bucket-${index}`) }],
    ['backfillKeys', { backfillSources: ['old'], backfillKeys: { old: ['alias/old'] } }],
    [
      'backfillKeys',
      { backfillSources: ['old'], backfillKeys: { odl: ['arn:aws:kms:eu-central-1:123456789012:key/0123-abcd'] } },
    ],
    ['backfillWorkers', { backfillWorkers: 0 }],
    ['tracing', { tracing: 'yes' }],
    ['removeData', { removeData: 'true' }],
    ['account', { account: '1234', region: 'eu-central-1' }],
    ['account', { region: 'eu-central-1' }],
    ['region', { account: '123456789012', region: 'Frankfurt' }],
  ])('is refused if %s is wrong: %o', (setting, content) => {
    expect(() => parseStage({ ...CONTRACT, ...content }, 'x/main.json')).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringMatching(new RegExp(`^x/main\\.json: .*${setting}`)),
        todo: expect.any(String),
      }),
    );
  });

  test('with a misspelt setting is refused with a suggestion', () => {
    expect(() => parseStage({ ...CONTRACT, alarmMail: 'a@example.com' }, 'main.json')).toThrow(
      expect.objectContaining({ todo: expect.stringContaining('alarmEmail') }),
    );
  });

  test('that does not exist is refused with the existing stages; invalid JSON and a missing contract with the path', async () => {
    const folder = await stages({
      main: CONTRACT,
      pumps: CONTRACT,
      broken: '{',
      lost: { contract: 'nowhere.config.ts' },
    });
    await expect(readDeployment({ stages: folder, stage: 'pump' })).rejects.toMatchObject({
      exitCode: 2,
      todo: expect.stringMatching(/broken, lost, main, pumps/),
    });
    await expect(readDeployment({ stages: folder, stage: 'broken' })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('broken.json'),
    });
    await expect(readDeployment({ stages: folder, stage: 'lost' })).rejects.toThrow('lost.json');
    await expect(readDeployment({ stages: folder, stage: 'pumps' })).resolves.toMatchObject({ stage: 'pumps' });
  });

  test('that is a folder, whose contract is one, or whose folder is a file, is refused with its path', async () => {
    const folder = await stages({ main: CONTRACT, nested: { contract: 'contract' } });
    mkdirSync(path.join(folder, 'folder.json'));
    const file = path.join(folder, 'main.json');
    for (const [stage, where] of [
      ['folder', folder],
      ['nested', folder],
      ['main', file],
    ] as const)
      await expect(readDeployment({ stages: where, stage })).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringContaining(where),
      });
  });

  test('is documented setting by setting', () => {
    const text = readFileSync(packageFile('docs', 'aws.md'), 'utf8');
    const table = text.slice(text.indexOf('| setting |'), text.indexOf('### The guard'));
    const documented = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, keys = '']) => keys.match(/\w+/g) ?? []);
    expect(documented.sort()).toEqual([...STAGE_SETTINGS].sort());
  });
});

describe('the context', () => {
  test.each(STAGE_SETTINGS.filter(setting => setting !== 'contract').concat('config' as never))(
    'does not accept %s, and names the file for it',
    async key => {
      await expect(readDeployment({ stage: 'trial', stages: TRIAL_STAGES, [key]: 'x' })).rejects.toMatchObject({
        exitCode: 2,
        todo: expect.stringMatching(/"\w+".*trial\.json/),
      });
    },
  );

  test('with a misspelt key is refused with a suggestion; other keys are ignored', async () => {
    await expect(readDeployment({ stag: 'pumps' })).rejects.toMatchObject({ todo: expect.stringContaining('stage') });
    await expect(readDeployment({ 'aws:cdk:bundling-stacks': ['**'], hosted: 1 })).resolves.toBeDefined();
    expect(CONTEXT_KEYS).toEqual(['stage', 'stages', 'confirm']);
  });

  test('refuses one of our keys in another spelling: ignored, it would deploy the default stage', async () => {
    for (const [key, meant] of [
      ['STAGE', 'stage'],
      ['alarm-email', 'alarmEmail'],
      ['remove_data', 'removeData'],
    ] as const)
      await expect(readDeployment({ [key]: 'x' })).rejects.toMatchObject({ todo: expect.stringContaining(meant) });
  });

  test.each(['stage', 'stages'])('refuses an empty %s, as from an unset variable', async key => {
    await expect(readDeployment({ [key]: '' })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(key),
    });
  });

  test('refuses an invalid stage name, and a confirmation that no change can have', async () => {
    await expect(readDeployment({ stage: 'Main-1' })).rejects.toMatchObject({ exitCode: 2 });
    await expect(readDeployment({ confirm: 'drop-colum:humidity' })).rejects.toMatchObject({
      exitCode: 2,
      todo: expect.stringContaining('drop-column:'),
    });
    await expect(readDeployment({ confirm: 'drop-topic:a,b/+,drop-column:humidity' })).resolves.toMatchObject({
      confirmed: ['drop-topic:a,b/+', 'drop-column:humidity'],
    });
    await expect(readDeployment({ confirm: ' drop-column:a, drop-alarm-address ' })).resolves.toMatchObject({
      confirmed: ['drop-column:a', 'drop-alarm-address'],
    });
  });
});
