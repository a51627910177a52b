import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { packageFile } from '../../contract/package-root.ts';
import { CONTEXT_KEYS, readDeployment } from '../../infra/aws/deployment.ts';
import {
  cdkContext,
  defaultDeployment,
  type Resource,
  SYNTHESIS_TIMEOUT_MS,
  type Synthesized,
  synthesize,
  type Template,
  TRIAL,
  trialDeployment,
} from './synth.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sluice-cdk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  await defaultDeployment();
  await trialDeployment();
}, SYNTHESIS_TIMEOUT_MS);

function resources({ templates }: Synthesized): Resource[] {
  return Object.values(templates).flatMap(({ Resources }) => Object.values(Resources));
}

test('cdk synth needs no credentials and no network, finds no error in a template, and gives what the tests look at', {
  timeout: SYNTHESIS_TIMEOUT_MS,
}, async () => {
  const output = path.join(folder, 'cdk.out');
  const { status, stderr } = spawnSync(
    process.execPath,
    [packageFile('node_modules', 'aws-cdk', 'bin', 'cdk'), 'synth', '--quiet', '--output', output],
    {
      cwd: packageFile(),
      // Nothing listens there, so that whoever asked the network would be refused.
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        HTTPS_PROXY: 'http://127.0.0.1:1',
        HTTP_PROXY: 'http://127.0.0.1:1',
      },
      encoding: 'utf8',
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringMatching(/error|warning/i) });
  const { templates } = await defaultDeployment();
  for (const [room, template] of Object.entries(templates)) {
    const { Resources } = JSON.parse(readFileSync(path.join(output, `${room}.template.json`), 'utf8')) as Template;
    expect(withoutMetadata(Resources), room).toEqual(withoutMetadata(template.Resources));
  }
});

test('templates have no error either where every setting is another than the default', {
  timeout: SYNTHESIS_TIMEOUT_MS,
}, async () => {
  const { report } = await synthesize(TRIAL, () => {}, { validate: true });
  expect(report.pluginReports).toEqual([]);
});

/** Metadata names the folders that assets were made in. */
function withoutMetadata(all: Record<string, Resource>): unknown {
  return Object.fromEntries(Object.entries(all).map(([id, resource]) => [id, { ...resource, Metadata: undefined }]));
}

describe('a template with an error in it', () => {
  function synthesizeBroken(flags: Record<string, unknown>): void {
    const app = new App({ outdir: mkdtempSync(path.join(folder, 'broken-')), context: { ...cdkContext(), ...flags } });
    const bucket = new CfnBucket(new Stack(app, 'broken'), 'Bucket');
    bucket.addPropertyOverride('Versions', 'sometimes');
    app.synth();
  }
  test('fails the synthesis, by the flags that cdk.json sets', () => {
    expect(() => synthesizeBroken({})).toThrow(/'Versions' was unexpected/);
    const printed = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => printed.mockRestore());
    expect(() => synthesizeBroken({ '@aws-cdk/core:validateAgainstDefaultRules': false })).not.toThrow();
    expect(printed.mock.calls.flat().join('\n')).toContain('WARNING Versions: Additional properties are not allowed');
  });
});

test('stacks export the same whatever the context says, for what another stack imports cannot be taken back', async () => {
  function exported({ templates, deployment }: Synthesized): string[] {
    const all = Object.values(templates).flatMap(({ Outputs }) => Object.values(Outputs ?? {}));
    const names = all.flatMap(({ Export }) => (Export === undefined ? [] : [String(Export.Name)]));
    return names
      .map(name => name.replace(`sluice-${deployment.stage}-`, '').replace(deployment.stage, '<stage>'))
      .sort();
  }
  const byDefault = exported(await defaultDeployment());
  expect(byDefault.length).toBeGreaterThan(10);
  // Stages of the API are named after the deployment's, and so is the logical id, with its digest.
  const comparable = (names: string[]) => names.filter(name => !name.includes('DeploymentStage'));
  expect(comparable(byDefault)).toEqual(comparable(exported(await trialDeployment())));
});

describe('two stages in one account', () => {
  /** Names that the templates give, where CloudFormation would have given its own. */
  function physicalNames(deployment: Synthesized): string[] {
    const given = resources(deployment)
      // A named query has an id; its name is for people.
      .filter(({ Type }) => Type !== 'AWS::Athena::NamedQuery' && Type !== 'AWS::Logs::LogStream')
      .flatMap(({ Type, Properties = {} }) =>
        Object.entries({ ...Properties, ...(Properties.DatabaseInput as object | undefined) })
          // A metric's name is its service's; what it is of is in its dimensions.
          .filter(([key, value]) => /(^|[a-z])Name$/.test(key) && key !== 'MetricName' && typeof value === 'string')
          .map(([key, value]) => `${Type} ${key} ${value}`),
      );
    const exported = Object.values(deployment.templates).flatMap(({ Outputs }) =>
      Object.values(Outputs ?? {}).flatMap(({ Export }) => (Export === undefined ? [] : [`export ${Export.Name}`])),
    );
    const stacks = Object.values(deployment.stacks).map(({ stackName }) => `stack ${stackName}`);
    return [...given, ...exported, ...stacks];
  }
  test('have no name in common', async () => {
    const [main, trial] = [physicalNames(await defaultDeployment()), physicalNames(await trialDeployment())];
    expect(main).toEqual(
      expect.arrayContaining([
        'AWS::KMS::Alias AliasName alias/sluice-main',
        'AWS::Glue::Database Name sluice_main',
        'AWS::Athena::WorkGroup Name sluice-main',
        'AWS::Kinesis::Stream Name sluice-main-readings',
        'AWS::IoT::TopicRule RuleName sluice_main_readings',
        'AWS::IoT::Policy PolicyName sluice-main-device',
        'stack sluice-main-ingest',
      ]),
    );
    expect(main.filter(name => trial.includes(name))).toEqual([]);
  });
});

describe('what holds data', () => {
  const HOLDS_DATA = ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::DynamoDB::Table'];
  const holders = (deployment: Synthesized) => resources(deployment).filter(({ Type }) => HOLDS_DATA.includes(Type));

  test('stays when its stack goes, or when it leaves the stack', async () => {
    const kept = holders(await defaultDeployment());
    expect(new Set(kept.map(({ Type }) => Type))).toEqual(new Set(HOLDS_DATA));
    for (const { DeletionPolicy, UpdateReplacePolicy } of kept)
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
  });
  test("goes with it where that was asked for; all else goes in any case, but the account's role for the logs of its APIs", async () => {
    const kept = (deployment: Synthesized) =>
      resources(deployment)
        .filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')
        .map(({ Type }) => Type);
    const ofTheAccount = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Role', 'AWS::ApiGateway::Account'];
    expect(kept(await trialDeployment())).toEqual(ofTheAccount);
    expect(kept(await defaultDeployment()).filter(type => !HOLDS_DATA.includes(type))).toEqual(ofTheAccount);
  });
});

describe('the context', () => {
  test('is documented key by key', () => {
    const text = readFileSync(packageFile('docs', 'aws.md'), 'utf8');
    const table = text.slice(text.indexOf('| `-c key=value` |'), text.indexOf('Give the same values'));
    const documented = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, keys = '']) => keys.match(/\w+/g) ?? []);
    expect(documented.filter(key => !['c', 'key', 'value'].includes(key)).sort()).toEqual([...CONTEXT_KEYS].sort());
  });
  test('has a default for everything', async () => {
    expect(await readDeployment({})).toMatchObject({
      stage: 'main',
      settings: {
        timezone: 'UTC',
        alarmEmail: undefined,
        corsOrigins: [],
        scanLimitGb: 100,
        removeData: false,
        env: undefined,
      },
    });
  });
  test('may name an account and a region, which the stacks are then bound to', async () => {
    const { stacks } = await trialDeployment();
    expect(stacks.ingest.account).toBe('123456789012');
    expect(stacks.ingest.region).toBe('eu-west-1');
  });
  test.each([
    ['stage', { stage: 'Main-1' }, 'lower-case letters and digits'],
    ['timezone', { timezone: 'Berlin' }, 'IANA time zone'],
    ['alarmEmail', { alarmEmail: 'a@example.com,b@example.com' }, 'one e-mail address'],
    ['corsOrigins', { corsOrigins: '*' }, "is '*'"],
    ['corsOrigins', { corsOrigins: 'https://example.com/app' }, 'origins such as https://example.com'],
    ['scanLimitGb', { scanLimitGb: '0.001' }, 'from 0.01 on'],
    ['scanLimitGb', { scanLimitGb: 'ten' }, 'a number of GB'],
    ['removeData', { removeData: 'yes' }, 'true or false'],
    ['account', { region: 'eu-central-1' }, 'beside a region'],
    ['region', { account: '123456789012', region: 'Frankfurt' }, 'a region such as eu-central-1'],
  ])('is refused where %s is wrong: %o', async (key, context, rule) => {
    const refusal = readDeployment(context);
    await expect(refusal).rejects.toThrow(rule);
    await expect(refusal).rejects.toMatchObject({ message: expect.stringContaining(key), exitCode: 2 });
  });
  test('with a key that is nearly one of ours says which was meant; others are none of our business', async () => {
    await expect(readDeployment({ scanLimitGB: '5' })).rejects.toMatchObject({ todo: 'Did you mean scanLimitGb?' });
    await expect(readDeployment({ 'aws:cdk:bundling-stacks': ['**'], hosted: 1 })).resolves.toBeDefined();
  });
  test('with a contract that is not there says so', async () => {
    await expect(readDeployment({ config: 'nowhere.config.ts' })).rejects.toThrow('There is no contract at');
  });
});
