import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { packageFile } from '../../../contract/package-root.ts';
import {
  cdkContext,
  defaultDeployment,
  type Resource,
  resourcesOf,
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

test('cdk synth needs no credentials and no network, finds no template error, and gives what the tests read', {
  timeout: SYNTHESIS_TIMEOUT_MS,
}, async () => {
  const output = path.join(folder, 'cdk.out');
  const { status, stderr } = spawnSync(
    process.execPath,
    [packageFile('node_modules', 'aws-cdk', 'bin', 'cdk'), 'synth', '--quiet', '--output', output],
    {
      cwd: packageFile(),
      // Nothing listens there, so any network call would be refused.
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
  // What cdk.json's app deploys by default: the project's own contract.
  const { templates } = await synthesize({ contract: 'lake.config.ts' });
  for (const [room, template] of Object.entries(templates)) {
    const { Resources } = JSON.parse(readFileSync(path.join(output, `${room}.template.json`), 'utf8')) as Template;
    expect(withoutMetadata(Resources), room).toEqual(withoutMetadata(template.Resources));
  }
});

test('templates have no error with every setting changed from its default either', {
  timeout: SYNTHESIS_TIMEOUT_MS,
}, async () => {
  const { report } = await synthesize(TRIAL, () => {}, { validate: true });
  expect(report.pluginReports).toEqual([]);
});

/** Metadata contains the folders of assets. */
function withoutMetadata(all: Record<string, Resource>): unknown {
  return Object.fromEntries(Object.entries(all).map(([id, resource]) => [id, { ...resource, Metadata: undefined }]));
}

describe('a template error', () => {
  function synthesizeBroken(flags: Record<string, unknown>): void {
    const app = new App({ outdir: mkdtempSync(path.join(folder, 'broken-')), context: { ...cdkContext(), ...flags } });
    const bucket = new CfnBucket(new Stack(app, 'broken'), 'Bucket');
    bucket.addPropertyOverride('Versions', 'sometimes');
    app.synth();
  }
  test('fails the synthesis, by the flags in cdk.json', () => {
    expect(() => synthesizeBroken({})).toThrow(/'Versions' was unexpected/);
    const printed = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => printed.mockRestore());
    expect(() => synthesizeBroken({ '@aws-cdk/core:validateAgainstDefaultRules': false })).not.toThrow();
    expect(printed.mock.calls.flat().join('\n')).toContain('WARNING Versions: Additional properties are not allowed');
  });
});

test('stacks have the same exports whatever the stage file says, because an imported export cannot be removed', async () => {
  function exported({ templates, deployment }: Synthesized): string[] {
    const all = Object.values(templates).flatMap(({ Outputs }) => Object.values(Outputs ?? {}));
    const names = all.flatMap(({ Export }) => (Export === undefined ? [] : [String(Export.Name)]));
    return names
      .map(name => name.replace(`sluice-${deployment.stage}-`, '').replace(deployment.stage, '<stage>'))
      .sort();
  }
  const byDefault = exported(await defaultDeployment());
  expect(byDefault.length).toBeGreaterThan(10);
  // API stages are named after the deployment's stage, and so is the logical id, with its digest.
  const comparable = (names: string[]) => names.filter(name => !name.includes('DeploymentStage'));
  expect(comparable(byDefault)).toEqual(comparable(exported(await trialDeployment())));
});

describe('two stages in one account', () => {
  /** Explicit names in the templates, which CloudFormation would otherwise generate. */
  function physicalNames(deployment: Synthesized): string[] {
    const given = resources(deployment)
      // A named query has an id; its name is for people.
      .filter(({ Type }) => Type !== 'AWS::Athena::NamedQuery' && Type !== 'AWS::Logs::LogStream')
      .flatMap(({ Type, Properties = {} }) =>
        Object.entries({ ...Properties, ...(Properties.DatabaseInput as object | undefined) })
          // A metric's name belongs to its service; its dimensions say what it measures.
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
  // The alias holds none, but operators may use the key through it.
  const HOLDS_DATA = ['AWS::KMS::Key', 'AWS::KMS::Alias', 'AWS::S3::Bucket', 'AWS::DynamoDB::Table'];
  const holders = (deployment: Synthesized) => resources(deployment).filter(({ Type }) => HOLDS_DATA.includes(Type));

  test('stays when its stack is deleted, or when it leaves the stack', async () => {
    const kept = holders(await defaultDeployment());
    expect(new Set(kept.map(({ Type }) => Type))).toEqual(new Set(HOLDS_DATA));
    for (const { DeletionPolicy, UpdateReplacePolicy } of kept)
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
  });
  test("is deleted with it on request; everything else always is, except the account's role for API logs", async () => {
    const kept = (deployment: Synthesized) =>
      resources(deployment)
        .filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')
        .map(({ Type }) => Type);
    const ofTheAccount = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Role', 'AWS::ApiGateway::Account'];
    expect(kept(await trialDeployment())).toEqual(ofTheAccount);
    expect(kept(await defaultDeployment()).filter(type => !HOLDS_DATA.includes(type))).toEqual(ofTheAccount);
  });
});

test('stacks are bound to the account and region in the stage file', async () => {
  const { stacks } = await trialDeployment();
  expect([stacks.ingest.account, stacks.ingest.region]).toEqual(['123456789012', 'eu-west-1']);
});

test('each stack of a stage has a different key alias, so that a retained one does not collide', async () => {
  const { templates } = await defaultDeployment();
  const [alias] = Object.values(resourcesOf(templates.foundation, 'AWS::KMS::Alias'));
  expect(JSON.stringify(alias?.Properties.AliasName)).toMatch(/"alias\/sluice-main-".*AWS::StackId/);
});
