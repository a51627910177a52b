/**
 * Policies for people, as IAM JSON. The deployer's own policy only assumes the roles that `cdk bootstrap` created. The
 * policies of CloudFormation's role, which `cdk bootstrap --cloudformation-execution-policies` takes, create the
 * resources: each statement is limited to the stage's names wherever AWS supports it. The operator's policy is for
 * commands with `--aws`.
 */

import { UserError } from '../../contract/user-error.ts';
import {
  dataStatements,
  movingStatements,
  type Names,
  type Statement,
  servingStatements,
} from './execution-statements.ts';
import { operatorStatements } from './operator-statements.ts';
import { isStage } from './published-deployment.ts';

/** Where a stage is deployed. */
export interface Target {
  account: string;
  region: string;
  stage: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  partition?: string;
}

export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: Statement[];
}

/** The qualifier in the names of `cdk bootstrap`, unless it is changed. */
const QUALIFIER = 'hnb659fds';

/** Validates an argument; throws a `UserError` with exit code 2 that says what it must be. */
export function checkTarget({ account = '', region = '', stage = '' }: Partial<Target>): Target {
  const wrong = (what: string, value: string, must: string) =>
    new UserError(`Invalid ${what} '${value}': use ${must}.`, { exitCode: 2 });
  if (!/^\d{12}$/.test(account)) throw wrong('account', account, 'the 12 digits of an account');
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw wrong('region', region, 'a region such as eu-central-1');
  if (!isStage(stage)) throw wrong('stage', stage, '1-16 lowercase letters or digits, starting with a letter');
  return { account, region, stage, partition: partitionOf(region) };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** What a person or a pipeline needs to run `cdk deploy`: the bootstrap roles, and the bootstrap version. */
export function deployerPolicy({ account, region, partition = 'aws' }: Target): PolicyDocument {
  const roles = ['deploy-role', 'file-publishing-role', 'lookup-role'];
  return policy([
    {
      Sid: 'TakeTheRolesOfTheBootstrap',
      Effect: 'Allow',
      Action: ['sts:AssumeRole'],
      Resource: roles.map(
        role => `arn:${partition}:iam::${account}:role/cdk-${QUALIFIER}-${role}-${account}-${region}`,
      ),
    },
    {
      Sid: 'ReadTheVersionOfTheBootstrap',
      Effect: 'Allow',
      Action: ['ssm:GetParameter'],
      Resource: [`arn:${partition}:ssm:${region}:${account}:parameter/cdk-bootstrap/${QUALIFIER}/version`],
    },
  ]);
}

/** What a person needs to run commands with `--aws`: names, queries, the lake's objects, the API key, and devices. */
export function operatorPolicy(target: Target): PolicyDocument {
  return policy(operatorStatements(namesIn(target)));
}

/** What CloudFormation needs to create a stage, by policy name. IAM limits each policy to 6,144 characters. */
export function executionPolicies(target: Target): Record<'data' | 'moving' | 'serving', PolicyDocument> {
  const names = namesIn(target);
  return {
    data: policy(dataStatements(names)),
    moving: policy(movingStatements(names)),
    serving: policy(servingStatements(names)),
  };
}

function namesIn({ account, region, stage, partition = 'aws' }: Target): Names {
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  return {
    arn,
    global: (service, resource, withAccount = true) =>
      `arn:${partition}:${service}::${withAccount ? account : ''}:${resource}`,
    api: path => `arn:${partition}:apigateway:${region}::${path}`,
    stage,
    region,
    partition,
    assets: `arn:${partition}:s3:::cdk-${QUALIFIER}-assets-${account}-${region}/*`,
    bootstrapVersion: arn('ssm', `parameter/cdk-bootstrap/${QUALIFIER}/version`),
  };
}

function policy(Statement: Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}
