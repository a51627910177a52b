import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { CfnAccount, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { encryptedLogGroup } from './encrypted-log-group.ts';
import { allow } from './grants.ts';

/** The actions of API Gateway's managed policy for logs; it refuses a role that lacks any of them. */
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
 * What API Gateway needs to write logs: the role for all APIs of an account in a region, and the group of the execution
 * logs. API Gateway would otherwise create that group without a key and keep it forever.
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
    // In an account that has never had an API, API Gateway refuses the role until an API exists.
    if (api.node.defaultChild !== undefined) account.node.addDependency(api.node.defaultChild);
    // When this stage is removed, other APIs of the account may depend on the role.
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  #accountRole(): Role {
    const description = 'Sluice: lets API Gateway write the logs of the APIs of this account';
    const policy = new ManagedPolicy(this, 'AccountPolicy', {
      description,
      // Any log group, because all APIs of the account share the role.
      statements: [allow(LOG_ACTIONS, [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`])],
    });
    const role = new Role(this, 'AccountRole', {
      description,
      // API Gateway sends no source when it assumes a role, so a condition on one would block it.
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [policy],
    });
    for (const kept of [policy, role]) kept.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return role;
  }
}
