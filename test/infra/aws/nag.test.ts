import { readFileSync } from 'node:fs';
import type { App } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, type NagPack, NIST80053R4Checks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageFile } from '../../../contract/package-root.ts';
import { ACKNOWLEDGED, type Acknowledged } from '../../../infra/aws/acknowledged.ts';
import { construct, SYNTHESIS_TIMEOUT_MS, TRIAL } from './synth.ts';

const PACKS = [AwsSolutionsChecks, ServerlessChecks, NIST80053R5Checks];

interface Finding {
  rule: string;
  /** The findings of a rule that checks several things. */
  found: string | undefined;
  path: string;
}

/** All findings of the packs for an app, including warnings. The app itself acknowledges nothing. */
function findingsIn(app: App, packs: (new () => NagPack)[] = PACKS): Finding[] {
  return packs
    .flatMap(Pack => new Pack().validateScope(app).violations)
    .flatMap(({ ruleName, violatingResources }) => {
      const { 1: rule = ruleName, 2: found } = /^([^[]+)\[(.*)\]$/s.exec(ruleName) ?? [];
      return violatingResources.map(({ constructPath = '' }) => ({ rule, found, path: constructPath }));
    });
}

function covers({ rules, at, findings }: Acknowledged, finding: Finding): boolean {
  const named = findings === undefined || findings.some(pattern => pattern.test(finding.found ?? ''));
  return rules.includes(finding.rule) && at.test(finding.path) && named;
}

function unsuppressed(app: App): Finding[] {
  return findingsIn(app).filter(finding => !ACKNOWLEDGED.some(entry => covers(entry, finding)));
}

let main: App;
let trial: App;
beforeAll(async () => {
  [main, trial] = [(await construct()).app, (await construct(TRIAL)).app];
}, SYNTHESIS_TIMEOUT_MS);

describe('the cdk-nag rule packs find nothing that is not acknowledged', () => {
  test('in the default deployment', () => {
    expect(unsuppressed(main)).toEqual([]);
  });
  test('with every setting changed from its default', () => {
    expect(unsuppressed(trial)).toEqual([]);
  });
});

test('revision 4 of NIST 800-53, which is withdrawn, would only add object lock for buckets', () => {
  const rules = new Set(findingsIn(main, [NIST80053R4Checks]).map(({ rule }) => rule.replace('.R4-', '.R5-')));
  const known = ACKNOWLEDGED.flatMap(({ rules }) => rules);
  expect([...rules].filter(rule => !known.includes(rule))).toEqual(['NIST.800.53.R5-S3BucketDefaultLockEnabled']);
});

test('an unencrypted bucket would be found', async () => {
  const { app, stacks } = await construct();
  new CfnBucket(stacks.reports, 'Careless');
  const rules = unsuppressed(app)
    .filter(({ path }) => path === 'reports/Careless')
    .map(({ rule }) => rule);
  expect(rules).toEqual(
    expect.arrayContaining(['AwsSolutions-S1', 'AwsSolutions-S10', 'NIST.800.53.R5-S3DefaultEncryptionKMS']),
  );
});

/** Each acknowledged rule with its decision. */
const EACH_RULE = ACKNOWLEDGED.flatMap(entry =>
  entry.rules.map(rule => [rule, { ...entry, rules: [rule] }] as [string, Acknowledged]),
);

describe('the acknowledged list', () => {
  test('has at most 10 decisions, with each rule in one', () => {
    expect(ACKNOWLEDGED.length).toBeLessThanOrEqual(10);
    const rules = ACKNOWLEDGED.flatMap(each => each.rules);
    expect(new Set(rules).size).toBe(rules.length);
  });

  test.each(EACH_RULE)('%s: occurs, and has a reason', (_rule, entry) => {
    const found = [...findingsIn(main), ...findingsIn(trial)];
    expect(found.filter(finding => covers(entry, finding))).not.toEqual([]);
    for (const pattern of entry.findings ?? [])
      expect(
        found.filter(finding => covers({ ...entry, findings: [pattern] }, finding)),
        `${pattern}`,
      ).not.toEqual([]);
    expect(entry.reason).toMatch(/^[A-Z].{40,}\.$/s);
  });

  test.each(EACH_RULE)('%s: covers no careless finding', (rule, entry) => {
    const careless = ['Action::s3:*', 'Resource::<LakeF.Arn>/*', 'Resource::arn:aws:s3:::*', undefined];
    const place = 'reports/Careless/Resource';
    expect(careless.filter(found => covers(entry, { rule, found, path: place }))).toEqual([]);
    const policy = 'reports/Careless/Policy/Resource';
    expect(careless.filter(found => covers(entry, { rule, found, path: policy }))).toEqual([]);
  });

  test('matches docs/security.md', () => {
    const section = readFileSync(packageFile('docs/security.md'), 'utf8').split('## What was acknowledged')[1] ?? '';
    const named = [...section.matchAll(/`((?:AwsSolutions|Serverless|NIST)[\w.-]+)`/g)].map(([, rule]) => rule);
    expect(named).toEqual(ACKNOWLEDGED.flatMap(({ rules }) => rules));
  });
});
