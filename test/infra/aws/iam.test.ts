import { beforeAll, describe, expect, test } from 'vitest';
import { type Found, faultsOf, type Statement, servicesOf, statementsIn, WITHOUT_RESOURCE } from './iam-statements.ts';
import {
  defaultDeployment,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  type Synthesized,
  type Template,
  trialDeployment,
} from './synth.ts';

let main: Synthesized;
let trial: Synthesized;
let all: Found[];
beforeAll(async () => {
  [main, trial] = [await defaultDeployment(), await trialDeployment()];
  all = [...statementsIn(main.templates), ...statementsIn(withoutEmptying(trial.templates))];
}, SYNTHESIS_TIMEOUT_MS);

/**
 * A stage that removes its data has the CDK's function that empties buckets, with the CDK's role and its permissions in
 * the buckets' policies. These are the only exceptions.
 */
function withoutEmptying(templates: Record<string, Template>): Record<string, Template> {
  const provider = /^CustomS3AutoDeleteObjects/;
  const isProviders = (statement: unknown) => JSON.stringify(statement).includes('CustomS3AutoDeleteObjects');
  const { foundation } = templates;
  if (foundation === undefined) throw new Error('there is no foundation');
  const Resources = Object.fromEntries(
    Object.entries(foundation.Resources)
      .filter(([id]) => !provider.test(id))
      .map(([id, resource]) => {
        if (resource.Type !== 'AWS::S3::BucketPolicy') return [id, resource];
        const { Statement: statements } = resource.Properties.PolicyDocument as { Statement: Statement[] };
        const PolicyDocument = { Statement: statements.filter(statement => !isProviders(statement)) };
        return [id, { ...resource, Properties: { PolicyDocument } }];
      }),
  );
  return { ...templates, foundation: { ...foundation, Resources } };
}

/** What is wrong, and where. */
function faults(found: readonly Found[]): string[] {
  return found.flatMap(one => faultsOf(one).map(fault => `${one.where}: ${fault}`));
}

describe('every policy of the templates', () => {
  test('allows single actions, on named resources, to a named principal', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(faults(all)).toEqual([]);
  });

  test('has the resource * only for actions that support no other, and each of those is needed', () => {
    const wide = all.filter(({ kind, statement }) => kind === 'rights' && [statement.Resource].flat().includes('*'));
    const actions = new Set(wide.flatMap(({ statement }) => statement.Action));
    expect([...actions].sort()).toEqual(Object.keys(WITHOUT_RESOURCE).sort());
  });

  test('is a managed policy of its own role: none is inline, or from AWS', () => {
    for (const { templates } of [main, { templates: withoutEmptying(trial.templates) }])
      for (const [room, template] of Object.entries(templates)) {
        expect(Object.keys(resourcesOf(template, 'AWS::IAM::Policy')), room).toEqual([]);
        for (const { Properties } of Object.values(resourcesOf(template, 'AWS::IAM::Role'))) {
          expect(Properties).not.toHaveProperty('Policies');
          const [{ Ref: policy = '' } = {}, ...others] = Properties.ManagedPolicyArns as { Ref?: string }[];
          expect([template.Resources[policy]?.Type, others]).toEqual(['AWS::IAM::ManagedPolicy', []]);
        }
      }
  });

  test('belongs to a service: there are no users, no groups, and no access keys', () => {
    const types = Object.values(main.templates)
      .flatMap(({ Resources }) => Object.values(Resources))
      .map(({ Type }) => Type);
    expect(types.filter(type => /^AWS::IAM::(?!Role$|ManagedPolicy$)/.test(type))).toEqual([]);
  });
});

describe('a wider policy would be found:', () => {
  const rights = (statement: Partial<Statement>): Found => ({
    kind: 'rights',
    where: 'here',
    type: 'AWS::IAM::ManagedPolicy',
    statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'Lake5F1B88EA.Arn/raw/*', ...statement },
  });
  const bucket = (statement: Partial<Statement>): Found => ({
    ...rights(statement),
    kind: 'resource',
    type: 'AWS::S3::BucketPolicy',
  });

  test.each<[string, Found, string[]]>([
    ['nothing of the kind', rights({}), []],
    ['all actions', rights({ Action: '*' }), ['the action *']],
    ['all actions of a service', rights({ Action: ['s3:GetObject', 'sqs:*'] }), ['the action sqs:*']],
    ['all actions that begin alike', rights({ Action: 's3:Get*' }), ['the action s3:Get*']],
    ['everything', rights({ Resource: ['*'] }), ['s3:GetObject on *']],
    ['a whole bucket', rights({ Resource: 'Lake5F1B88EA.Arn/*' }), ['the resource Lake5F1B88EA.Arn/*']],
    [
      'the ledger of others',
      rights({ Resource: 'AccessLogs8B620ECA.Arn/raw/*' }),
      ['the resource AccessLogs8B620ECA.Arn/raw/*'],
    ],
    ['all but one action', rights({ NotAction: 's3:DeleteObject' }), ['NotAction']],
    ['all but one resource', rights({ NotResource: 'x' }), ['NotResource']],
    ['a key by itself', rights({ Action: 'kms:Decrypt', Resource: 'Key961B73FD.Arn' }), ['kms:Decrypt by itself']],
    [
      'another account',
      bucket({ Principal: { AWS: 'arn:aws:iam::999999999999:root' } }),
      ['arn:aws:iam::999999999999:root'],
    ],
    [
      'another account in a permission of a function',
      bucket({ Principal: { Service: '999999999999' } }),
      ['999999999999'],
    ],
    [
      'an identity provider',
      { ...bucket({ Principal: { Federated: 'example.com' } }), kind: 'trust' },
      ['example.com'],
    ],
    ['anybody', bucket({ Principal: '*' }), ['anybody']],
    ['anybody with an account', bucket({ Principal: { AWS: '*' } }), ['anybody']],
    ['no principal, which is anybody', bucket({}), ['anybody']],
    [
      'the account statement of a key has the form that AWS requires',
      {
        ...rights({ Action: 'kms:*', Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
        kind: 'resource',
        type: 'AWS::KMS::Key',
      },
      [],
    ],
    [
      'a key for a service',
      {
        ...rights({ Action: 'kms:*', Principal: { Service: 'iot.amazonaws.com' } }),
        kind: 'resource',
        type: 'AWS::KMS::Key',
      },
      ['the action kms:*'],
    ],
  ])('%s', (_what, found, expected) => {
    expect(faultsOf(found)).toEqual(expected);
  });
});

/** Whether a service sends the resource for which it assumes a role. docs/security.md lists where AWS documents it. */
const TAKES_ROLES: Record<string, 'always' | 'perhaps' | 'by external id' | 'never'> = {
  'iot.amazonaws.com': 'always',
  'firehose.amazonaws.com': 'by external id',
  'scheduler.amazonaws.com': 'always',
  'states.amazonaws.com': 'always',
  'lambda.amazonaws.com': 'perhaps',
  'apigateway.amazonaws.com': 'never',
};

/**
 * The resource for which a service assumes a role: a resource of the stage, by name; a function does not exist before
 * its role.
 */
const TAKES_ROLES_FOR: Record<string, RegExp> = {
  'iot.amazonaws.com': /^arn:aws:iot:[a-z0-9-]+:\d{12}:rule\/sluice_(main|trial)_readings$/,
  'firehose.amazonaws.com': /^arn:aws:firehose:[a-z0-9-]+:\d{12}:deliverystream\/sluice-(main|trial)-delivery$/,
  // The schedule group is a resource of the stack, so only the deployment knows its ARN.
  'scheduler.amazonaws.com': /^Schedules\w+\.Arn$/,
  // The executions of a Distributed Map follow a slash.
  'states.amazonaws.com': /^arn:aws:states:[a-z0-9-]+:\d{12}:stateMachine:sluice-(main|trial)-backfill\*$/,
  'lambda.amazonaws.com': /^arn:aws:lambda:[a-z0-9-]+:\d{12}:\*$/,
};

/** AWS IoT tests this role when the template is created, and documents a source only for the roles of its rules. */
const PROVISIONING = /\bProvisioningRole/;
const PROVISIONS_FOR = /^arn:aws:iot:[a-z0-9-]+:\d{12}:\*$/;

describe('the confused deputy:', () => {
  const ofKind = (kind: Found['kind']) =>
    all.filter(found => found.kind === kind && servicesOf(found.statement).length > 0);

  test('a role can be assumed by one service, for resources of this account', () => {
    const trusts = all.filter(({ kind }) => kind === 'trust');
    for (const { where, statement } of trusts) {
      expect(Object.keys(statement.Principal ?? {}), where).toEqual(['Service']);
      const [service = '', ...others] = servicesOf(statement);
      expect(others, where).toEqual([]);
      const known = PROVISIONING.test(where) ? 'perhaps' : TAKES_ROLES[service];
      const suffix = known === 'always' ? '' : 'IfExists';
      const source = PROVISIONING.test(where) ? PROVISIONS_FOR : TAKES_ROLES_FOR[service];
      const condition = {
        [`StringEquals${suffix}`]: {
          'aws:SourceAccount': expect.stringMatching(/^\d{12}$/),
          // Only if it is sent: requiring it would block Firehose if it is not.
          ...(known === 'by external id' ? { 'sts:ExternalId': expect.stringMatching(/^\d{12}$/) } : {}),
        },
        [`ArnLike${suffix}`]: { 'aws:SourceArn': expect.stringMatching(source ?? /^$/) },
      };
      expect(statement.Condition, where).toEqual(known === 'never' ? undefined : condition);
      expect(known, where).toBeDefined();
    }
    const services = new Set(trusts.flatMap(({ statement }) => servicesOf(statement)));
    expect([...services].sort()).toEqual(Object.keys(TAKES_ROLES).sort());
  });

  test('a resource serves a service for resources of this account', () => {
    const served = ofKind('resource');
    expect(served.length).toBeGreaterThan(10);
    for (const { where, statement } of served) {
      const { ArnLike = {}, StringEquals = {}, ...others } = statement.Condition ?? {};
      expect(others, where).toEqual({});
      const account = StringEquals['aws:SourceAccount'];
      const source = ArnLike['aws:SourceArn'] ?? ArnLike['kms:EncryptionContext:aws:logs:arn'];
      expect(source, where).toMatch(/^(arn:aws:[a-z-]+:[a-z0-9-]+:\d{12}:[^*]+|\w+\.Arn$)/);
      expect(source, where).not.toMatch(/:\*$/);
      // The ARN of a bucket has no account; any other ARN names its account.
      if (/^\w+\.Arn$/.test(String(source))) expect(account, where).toMatch(/^\d{12}$/);
    }
  });
});
