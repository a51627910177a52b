import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { CfnAccount, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { encryptedLogGroup } from './encrypted-log-group.ts';
import { allow } from './grants.ts';

/** What API Gateway's managed policy for logs allows; a role that lacks one of these is refused. */
const LOG_ACTIONS = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:PutLogEvents',
];

/**
 * What API Gateway needs to write logs: the role that an account has once in a region, for all of its APIs, and the group of
 * the execution logs, which API Gateway would otherwise make without a key, and keep for ever.
 */
export class ApiLogging extends Construct {
  constructor(scope: Construct, id: string, { api, stage, key }: { api: RestApi; stage: string; key: IKey }) {
    super(scope, id);
    encryptedLogGroup(this, 'ExecutionLogs', {
      key,
      // API Gateway chooses the name.
      name: `API-Gateway-Execution-Logs_${api.restApiId}/${stage}`,
      pattern: `API-Gateway-Execution-Logs_*/${stage}`,
    });
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: this.#accountRole().roleArn });
    // In an account that has had no API yet, the role is refused until there is one.
    if (api.node.defaultChild !== undefined) account.node.addDependency(api.node.defaultChild);
    // By the time that this stage is removed, other APIs of the account may log by the role.
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  #accountRole(): Role {
    const description = 'Sluice: lets API Gateway write the logs of the APIs of this account';
    const policy = new ManagedPolicy(this, 'AccountPolicy', {
      description,
      // Any log group, for the role is that of all APIs of the account.
      statements: [allow(LOG_ACTIONS, [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`])],
    });
    const role = new Role(this, 'AccountRole', {
      description,
      // API Gateway names no source when it takes a role: a condition on one would keep it out altogether.
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [policy],
    });
    for (const kept of [policy, role]) kept.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return role;
  }
}
