import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { encryptedLogGroup } from './encrypted-log-group.ts';

/** Requests of one address in 5 minutes; a live page makes 150. */
const ADDRESS_LIMIT = 3_000;

export interface WebAclProps {
  stage: Stage;
  name: string;
  key: IKey;
}

/**
 * Bars an address that asks too often from a stage, with a key or without: the live page needs none, and guessing keys is
 * asking too. What was barred is logged, without the key.
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
    // WAF logs to no group whose name begins otherwise.
    const logGroupName = `aws-waf-logs-${name}`;
    const logs = encryptedLogGroup(this, 'Logs', { key, name: logGroupName });
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: webAcl.attrArn,
      // WAF wants the ARN of the group itself, without the `:*` at the end.
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
