import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface EncryptedLogGroupProps {
  key: IKey;
  /**
   * A name that a service requires. Without one, CloudFormation names the group after its stack, which the key's policy
   * covers.
   */
  name?: string;
  /** The name as the key's policy has it, with `*` for parts that only the deployment knows. */
  pattern?: string;
}

/** A log group that is encrypted with the deployment's key, kept for three months, and removed with its stack. */
export function encryptedLogGroup(scope: Construct, id: string, props: EncryptedLogGroupProps): LogGroup {
  const { key, name, pattern = name } = props;
  if (pattern !== undefined) key.addToResourcePolicy(forLogGroups(pattern));
  return new LogGroup(scope, id, {
    ...(name === undefined ? {} : { logGroupName: name }),
    encryptionKey: key,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A key policy statement: CloudWatch Logs may use the key for log groups whose names match, and for no others. */
export function forLogGroups(pattern: string): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
    // The wildcards of "Encrypt log data" (CloudWatch Logs User Guide), as single actions.
    actions: [
      ...['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'DescribeKey'],
      ...['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'],
    ].map(action => `kms:${action}`),
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${pattern}`,
      },
    },
  });
}
