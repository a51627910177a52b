/** What a deployment requires of its account: the permissions of the deployer. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageFile } from '../../../contract/package-root.ts';
import { alarmRules } from '../../../infra/aws/alarms.ts';
import {
  checkTarget,
  deployerPolicy,
  executionPolicies,
  operatorPolicy,
  type PolicyDocument,
} from '../../../infra/aws/deployer-policy.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { decide } from './iam-decision.ts';
import { NEEDED } from './needed-actions.ts';
import { SYNTHESIS_TIMEOUT_MS, type Synthesized, trialDeployment } from './synth.ts';

const TARGET = { account: '123456789012', region: 'eu-central-1', stage: 'trial' };
const documents = Object.values(executionPolicies(TARGET));

let synthesized: Synthesized;
beforeAll(async () => {
  // With every optional setting.
  synthesized = await trialDeployment();
}, SYNTHESIS_TIMEOUT_MS);

function types(): string[] {
  const all = Object.values(synthesized.templates).flatMap(({ Resources }) => Object.values(Resources));
  return [...new Set(all.map(({ Type }) => Type))].sort();
}

test('the actions of every resource type in the templates are known here', () => {
  expect(types().filter(type => !Object.hasOwn(NEEDED, type))).toEqual([]);
});

test('each action that a resource of the templates needs is allowed on its name', () => {
  const denied = types().flatMap(type =>
    (NEEDED[type] ?? []).flatMap(({ actions, arn, context }) =>
      actions
        .filter(action => !decide(documents, { action, resource: arn(TARGET), context: context?.(TARGET) ?? {} }))
        .map(action => `${type}: ${action} on ${arn(TARGET)}`),
    ),
  );
  expect(denied).toEqual([]);
});

test('the policies allow the names that the templates give', () => {
  const given = Object.values(synthesized.templates).flatMap(({ Resources }) =>
    Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
      Object.entries(Properties)
        .filter(([property, value]) => /^(?!Metric)\w*Name$/.test(property) && typeof value === 'string')
        // These are authorized by their work group, by an id, or by their log group.
        .filter(() => !/^AWS::(Athena::NamedQuery|ApiGateway::\w+|Logs::LogStream|SNS::Topic)$/.test(Type))
        .map(([, value]) => String(value)),
    ),
  );
  expect(given.length).toBeGreaterThan(20);
  const known = /^((alias\/|aws-waf-logs-|\/aws\/vendedlogs\/states\/)?sluice[-_]trial($|[-_])|\/sluice\/trial\/)/;
  expect(given.filter(name => !known.test(name))).toEqual([]);
});

test.each(['other', 'trials', 'atrial'])('resources with the name of stage %s are out of reach', stage => {
  const other = { ...TARGET, stage };
  const named = Object.entries(NEEDED).flatMap(([type, needs]) =>
    needs
      .filter(({ arn }) => arn(other) !== arn(TARGET))
      .map(({ actions, arn, context }) => ({ type, actions, resource: arn(other), context: context?.(other) ?? {} })),
  );
  expect(named.length).toBeGreaterThan(20);
  const reached = named.flatMap(({ type, actions, resource, context }) =>
    actions.filter(action => decide(documents, { action, resource, context })).map(action => `${type}: ${action}`),
  );
  expect(reached).toEqual([]);
});

test('nothing is allowed that no resource needs', () => {
  const needed = new Set(Object.values(NEEDED).flatMap(needs => needs.flatMap(({ actions }) => actions)));
  const allowed = documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
  expect(allowed.filter(action => !needed.has(action))).toEqual([]);
});

test('no action has a wildcard, and only statements whose actions support no resources have the resource *', () => {
  const statements = documents.flatMap(({ Statement }) => Statement);
  expect(statements.flatMap(({ Action }) => Action).filter(action => action.includes('*'))).toEqual([]);
  const wide = statements.filter(({ Resource }) => Resource.includes('*')).map(({ Sid }) => Sid);
  expect(wide).toEqual(['Keys', 'MakeEventSources', 'LogsOfTheAccount']);
});

test('where AWS supports no names, a condition limits the statement to the stage', () => {
  const may = (action: string, resource: string, context: Record<string, string>) =>
    decide(documents, { action, resource, context });
  const ofFunction = (stage: string) => ({
    'lambda:FunctionArn': `arn:aws:lambda:eu-central-1:123456789012:function:sluice-${stage}-serving-F`,
  });
  expect(may('lambda:CreateEventSourceMapping', '*', ofFunction('trial'))).toBe(true);
  expect(may('lambda:CreateEventSourceMapping', '*', ofFunction('other'))).toBe(false);
  const key = 'arn:aws:kms:eu-central-1:123456789012:key/0123';
  for (const action of ['kms:Decrypt', 'kms:CreateGrant', 'kms:GenerateDataKey']) {
    expect(may(action, key, { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' })).toBe(true);
    expect(may(action, key, {})).toBe(false);
  }
});

test('roles are passed only to the services that the stacks use; policies of others are not attached', () => {
  const role = 'arn:aws:iam::123456789012:role/sluice-trial-ingest-Role';
  const pass = (service: string) =>
    decide(documents, { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': service } });
  expect(pass('lambda.amazonaws.com')).toBe(true);
  expect(pass('ec2.amazonaws.com')).toBe(false);
  const attach = (policy: string) =>
    decide(documents, { action: 'iam:AttachRolePolicy', resource: role, context: { 'iam:PolicyARN': policy } });
  expect(attach('arn:aws:iam::123456789012:policy/sluice-trial-ingest-Policy')).toBe(true);
  expect(attach('arn:aws:iam::aws:policy/AdministratorAccess')).toBe(false);
});

describe('IAM takes', () => {
  const all: Record<string, PolicyDocument> = {
    ...executionPolicies(TARGET),
    deployer: deployerPolicy(TARGET),
    operator: operatorPolicy(TARGET),
  };
  test.each(Object.keys(all))('the policy %s: at most 6,144 characters, each statement with its own name', name => {
    const document = all[name];
    expect(JSON.stringify(document).replace(/\s/g, '').length).toBeLessThanOrEqual(6_144);
    const sids = document?.Statement.map(({ Sid }) => Sid) ?? [];
    expect(new Set(sids).size).toBe(sids.length);
    expect(sids.filter(sid => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
  });
});

test('the deployer assumes the bootstrap roles in this account and region, and does nothing else', () => {
  const can = (action: string, resource: string) => decide([deployerPolicy(TARGET)], { action, resource, context: {} });
  const role = (name: string) => `arn:aws:iam::123456789012:role/cdk-hnb659fds-${name}`;
  expect(can('sts:AssumeRole', role('deploy-role-123456789012-eu-central-1'))).toBe(true);
  expect(can('sts:AssumeRole', role('file-publishing-role-123456789012-eu-central-1'))).toBe(true);
  expect(can('sts:AssumeRole', role('deploy-role-123456789012-us-east-1'))).toBe(false);
  expect(can('sts:AssumeRole', role('cfn-exec-role-123456789012-eu-central-1'))).toBe(false);
  expect(can('s3:GetObject', 'arn:aws:s3:::anything')).toBe(false);
});

test.each([
  [{ ...TARGET, account: '1234' }, "account '1234'"],
  [{ ...TARGET, region: 'Frankfurt' }, "region 'Frankfurt'"],
  [{ ...TARGET, stage: 'My Stage' }, "stage 'My Stage'"],
])('%j is refused', (target, named) => {
  const message: unknown = expect.stringContaining(named);
  expect(() => checkTarget(target)).toThrow(expect.objectContaining({ message, exitCode: 2 }));
});

test.each([
  ['eu-central-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('the policies for %s name resources in the partition %s', (region, partition) => {
  const target = checkTarget({ ...TARGET, region });
  const all = [...Object.values(executionPolicies(target)), deployerPolicy(target), operatorPolicy(target)];
  const resources = all.flatMap(({ Statement }) => Statement.flatMap(({ Resource }) => Resource));
  expect(resources.length).toBeGreaterThan(50);
  expect(resources.filter(resource => resource !== '*' && !resource.startsWith(`arn:${partition}:`))).toEqual([]);
});

test('the program writes a file for each policy', async () => {
  const folder = await temporaryFolder();
  const jiti = packageFile('node_modules/jiti/lib/jiti-cli.mjs');
  const program = packageFile('infra/aws/print-policies.ts');
  execFileSync(process.execPath, [jiti, program, TARGET.account, TARGET.region, TARGET.stage, folder]);
  expect(readdirSync(folder).sort()).toEqual([
    ...['deployer.json', 'execution-data.json', 'execution-moving.json', 'execution-serving.json', 'operator.json'],
  ]);
  const written = JSON.parse(readFileSync(path.join(folder, 'deployer.json'), 'utf8')) as PolicyDocument;
  expect(written).toEqual(deployerPolicy(TARGET));
});

describe('docs/aws.md', () => {
  const document = readFileSync(packageFile('docs/aws.md'), 'utf8');

  test('names every stack', () => {
    const rooms = Object.keys(synthesized.templates);
    const named = [...document.matchAll(/^\| `sluice-<stage>-(\w+)` \|/gm)].map(([, room]) => room);
    expect(named.sort()).toEqual(rooms.sort());
  });

  test('names the execution policies for changes that CloudFormation is not allowed to make', () => {
    const [, name = ''] = /--policy-name (\S+)\$part /.exec(document) ?? [];
    expect(name).toMatch(/main-eu-central-1/);
    const main = Object.values(executionPolicies({ ...TARGET, stage: 'main' }));
    for (const part of ['data', 'moving', 'serving']) {
      const resource = `arn:aws:iam::123456789012:policy/${name}${part}`;
      expect(document).toContain(resource);
      expect(decide(main, { action: 'iam:CreatePolicyVersion', resource, context: {} }), part).toBe(false);
    }
  });

  test('says what to do for each alarm', () => {
    const section = document.split('### When an alarm rings')[1]?.split('\n###')[0] ?? '';
    const named = [...section.matchAll(/^\| (`[a-z`, -]+`) \|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
    );
    expect(named.sort()).toEqual(Object.keys(alarmRules({ silenceMinutes: 60 })).sort());
  });
});
