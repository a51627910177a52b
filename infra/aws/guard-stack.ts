import { Aws, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { contractKey } from '../../contract/contract-key.ts';
import { UserError } from '../../contract/user-error.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { type Deployment, stackProps } from './deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { allow } from './grants.ts';
import { contractParameter, publishedText } from './published-contract.ts';
import { deploymentParameter } from './published-deployment.ts';
import { SluiceFunction } from './sluice-function.ts';

/** Maximum size of a Systems Manager parameter, in bytes. */
const MAX_PARAMETER_BYTES = 8_192;

/**
 * Refuses a deployment that removes what the stage has published, before it changes any stack that the contract
 * affects: they all depend on this one. A function compares with the parameter, whoever deploys and from whichever
 * checkout; what it accepts becomes the parameter. On a rollback, CloudFormation restores the old parameter and asks
 * again with the old contract.
 */
export class GuardStack extends Stack {
  readonly check: SluiceFunction<'guard'>;
  /** CloudFormation requests that the function could not answer. */
  readonly failures: Queue;

  constructor(scope: Construct, deployment: Deployment, { key }: FoundationStack) {
    super(scope, 'guard', stackProps(deployment, 'guard', 'what the stage has published, and its protection'));
    const { stage, contract, confirmed } = deployment;
    this.failures = deadLetterQueue(this, 'Failures', key);
    const parameter = (name: string) => `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${name}`;
    this.check = new SluiceFunction(this, 'Check', {
      deployment,
      key,
      handler: 'guard',
      description: `Sluice (${stage}): compares a deployment with what the stage has published`,
      settings: { stage },
      memoryMb: 256,
      timeoutSeconds: 30,
      deadLetterQueue: this.failures,
      statements: [allow(['ssm:GetParameter'], [contractParameter(stage), deploymentParameter(stage)].map(parameter))],
    });
    const text = publishedOf(deployment);
    const request = new CustomResource(this, 'Request', {
      resourceType: 'Custom::SluiceContract',
      serviceToken: this.check.function.functionArn,
      // Otherwise CloudFormation waits for an hour.
      serviceTimeout: Duration.minutes(5),
      properties: { Contract: text, ContractKey: contractKey(contract), Confirmed: confirmed.join('\n') },
    });
    // If only the function changed, its permissions would lag behind.
    request.node.addDependency(this.check);
    const published = new StringParameter(this, 'Published', {
      parameterName: contractParameter(stage),
      description: `Sluice (${stage}): what devices, readers and operators rely on`,
      stringValue: text,
      tier: ParameterTier.INTELLIGENT_TIERING,
    });
    published.node.addDependency(request);
  }
}

function publishedOf({ stage, published }: Deployment): string {
  const text = publishedText(published);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_PARAMETER_BYTES) return text;
  throw new UserError(
    `The columns of stage ${stage} take ${bytes} bytes in the guard's parameter; Systems Manager stores at most ${MAX_PARAMETER_BYTES}.`,
    { todo: 'Give the columns shorter names, or split the contract into two stages.', exitCode: 2 },
  );
}
