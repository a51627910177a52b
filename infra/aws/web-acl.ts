import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { encryptedLogGroup } from './encrypted-log-group.ts';

/** Requests from one address in 5 minutes; a live page makes 150. */
const ADDRESS_LIMIT = 3_000;

export interface WebAclProps {
  stage: Stage;
  name: string;
  key: IKey;
}

/**
 * Blocks an address that sends too many requests to a stage, with or without a key: the live page needs none, and
 * guessing keys counts too. Blocked requests are logged without the key.
 */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { stage, name, key }: WebAclProps) {
    super(scope, id);
    const webAcl = new CfnWebACL(this, 'WebAcl', {
      name,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible(name),
      rules: [
        {
          name: 'address-limit',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { limit: ADDRESS_LIMIT, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
          visibilityConfig: visible(`${name}-address-limit`),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: stage.stageArn, webAclArn: webAcl.attrArn });
    // WAF logs only to groups whose names start with this prefix.
    const logGroupName = `aws-waf-logs-${name}`;
    const logs = encryptedLogGroup(this, 'Logs', { key, name: logGroupName });
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: webAcl.attrArn,
      // WAF needs the ARN of the group itself, without the trailing `:*`.
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          resourceName: logGroupName,
        }),
      ],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          { Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] },
        ],
      },
      redactedFields: [{ singleHeader: { Name: 'x-api-key' } }],
    });
    logging.node.addDependency(logs);
  }
}

function visible(metricName: string) {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
