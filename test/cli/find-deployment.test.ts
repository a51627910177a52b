/** Finding a deployment, through `sluice env --aws`, which does nothing else. */
import { expect, test, vi } from 'vitest';
import { command as env } from '../../cli/commands/env/env.ts';
import { command as query } from '../../cli/commands/query/query.ts';
import { command as up } from '../../cli/commands/up/up.ts';
import { openLake } from '../../cli/open-lake.ts';
import { writeRunFile } from '../../infra/local/run-file.ts';
import { recordedEffects } from '../recorded-effects.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { parameterOf, published, type Script, scriptedAws, sdkEnvironment } from './scripted-aws.ts';
import { wrongUsage } from './wrong-usage.ts';

/** `sluice env --aws` with SSM's script and the SDK's variables. */
async function runEnv(
  args: string[],
  script: Script = parameterOf(published()),
  variables: Record<string, string> = {},
) {
  const ssm = await scriptedAws(script);
  await sdkEnvironment({ AWS_ENDPOINT_URL_SSM: ssm.url, ...variables });
  const effects = recordedEffects({ cwd: await temporaryFolder() });
  await env.run(['--aws', ...args], effects);
  return { out: effects.out(), calls: ssm.calls };
}

test('the names come from the parameter of the stage main, in the region of the SDK', async () => {
  const { out, calls } = await runEnv([]);
  expect(out).toContain(["export AWS_REGION='eu-central-1'", "export AWS_DEFAULT_REGION='eu-central-1'"].join('\n'));
  expect(out).toContain("export SLUICE_BUCKET='sluice-lake'\nexport SLUICE_DATABASE='sluice'\n");
  expect(out).not.toMatch(/KEY|SECRET/);
  expect(calls.map(({ name, body }) => [name, JSON.parse(body)])).toEqual([
    ['AmazonSSM.GetParameter', { Name: '/sluice/main/deployment' }],
  ]);
});

test('--stage and SLUICE_STAGE name another deployment, --stage before the other', async () => {
  const script = parameterOf(published({ stage: 'dev' }));
  expect((await runEnv(['--stage', 'dev'], script, { SLUICE_STAGE: 'other' })).out).toContain("SLUICE_STAGE='dev'");
  expect((await runEnv([], script, { SLUICE_STAGE: 'dev' })).out).toContain("SLUICE_STAGE='dev'");
});

test('the lake that is opened has the region alone: no endpoint and no credentials', async () => {
  const { url } = await scriptedAws(parameterOf(published()));
  await sdkEnvironment({ AWS_ENDPOINT_URL_SSM: url, AWS_REGION: 'eu-west-1' });
  const { lake, deployment } = await openLake({ aws: true, stderr: () => {}, cwd: await temporaryFolder() });
  expect(lake.aws).toEqual({ region: 'eu-west-1' });
  expect(deployment).toEqual(published());
});

test('values are quoted for a shell', async () => {
  const names = { ...published().names, bucket: "it's" };
  const { out } = await runEnv([], parameterOf(published({ names })));
  expect(out).toContain("export SLUICE_BUCKET='it'\\''s'\n");
});

test.each<[string, Script | undefined, Record<string, string>, RegExp, RegExp]>([
  [
    'a stage that is not deployed there',
    {},
    { SLUICE_STAGE: 'dev' },
    /stage dev .*eu-central-1/i,
    /docs\/aws\.md.*--stage.*AWS_REGION/,
  ],
  ['no region', undefined, { AWS_REGION: '' }, /region/, /AWS_REGION/],
  ['no credentials', undefined, { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, /credentials/, /AWS_PROFILE/],
  [
    'credentials that AWS does not know',
    { 'AmazonSSM.GetParameter': { error: 'UnrecognizedClientException' } },
    {},
    /credentials/,
    /aws sts get-caller-identity/,
  ],
  [
    'expired credentials',
    { 'AmazonSSM.GetParameter': { error: 'ExpiredTokenException' } },
    {},
    /expired/,
    /aws sso login/,
  ],
  [
    'missing rights',
    {
      'AmazonSSM.GetParameter': {
        error: 'AccessDeniedException',
        body: { message: 'not authorized: ssm:GetParameter' },
      },
    },
    {},
    /not authorized: ssm:GetParameter/,
    /docs\/aws\.md/,
  ],
  [
    'a network that is closed',
    undefined,
    { AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:9' },
    /ECONNREFUSED/,
    /AWS_ENDPOINT_URL/,
  ],
  [
    'a parameter that something else wrote',
    { 'AmazonSSM.GetParameter': { body: { Parameter: { Value: '{"version":1}' } } } },
    {},
    /\/sluice\/main\/deployment.*stage/,
    /deploy/i,
  ],
])('with %s it says so, and what to do', async (_what, script, variables, message, todo) => {
  const answers = script !== undefined && Object.keys(script).length === 0 ? parameterOf(published()) : script;
  await expect(runEnv([], answers, variables)).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(message),
    todo: expect.stringMatching(todo),
    exitCode: 1,
  });
});

test('what is no name of a stage is refused before anything is asked', async () => {
  for (const stage of ['Main', 'a/b', '../x'])
    await expect(runEnv(['--stage', stage])).rejects.toMatchObject({
      message: expect.stringContaining(`'${stage}'`),
      exitCode: 2,
    });
});

test('an endpoint of the SDK that is the local stack is a mistake', async () => {
  const local = await scriptedAws({ 'GET /': {} });
  await sdkEnvironment({ AWS_ENDPOINT_URL: local.url });
  const cwd = await temporaryFolder();
  await writeRunFile(`${cwd}/.sluice`, {
    ...{ pid: process.pid, endpoint: local.url, api: local.url, mqtt: 'mqtts://127.0.0.1:1', region: 'eu-central-1' },
    ...{ accessKeyId: 'LOCALKEY', secretAccessKey: 'secret' },
  });
  await expect(env.run(['--aws'], recordedEffects({ cwd }))).rejects.toMatchObject({
    message: expect.stringContaining(local.url),
    todo: expect.stringContaining('unset AWS_ENDPOINT_URL'),
    exitCode: 2,
  });
  expect(local.calls.map(({ name }) => name)).not.toContain('AmazonSSM.GetParameter');
});

test('so is that of a local stack over another data folder, and of anything without Systems Manager', async () => {
  const script = { 'AmazonSSM.GetParameter': { error: 'UnknownOperationException' } };
  await expect(runEnv([], script)).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/AWS_ENDPOINT_URL .*http:\/\/127.*Systems Manager/),
    todo: expect.stringContaining('unset AWS_ENDPOINT_URL'),
  });
});

test('a lake on this machine and the deployed one exclude each other, and a stage alone is nothing', async () => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  const effects = recordedEffects({ cwd: await temporaryFolder() });
  for (const command of [env, query]) {
    const args = command === query ? ['sql', 'SELECT 1'] : [];
    expect(await wrongUsage(command.run([...args, '--aws', '--data', 'x'], effects))).toMatch(/--data .*--aws/);
    expect(await wrongUsage(command.run([...args, '--stage', 'dev'], effects))).toContain('--aws --stage dev');
  }
  expect(await wrongUsage(up.run(['--aws'], effects))).toContain('docs/aws.md');
  vi.unstubAllEnvs();
});
