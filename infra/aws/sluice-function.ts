import path from 'node:path';
import { Aws, Duration, Stage } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type HandlerName, type HandlerSettings, handlerEnvironment } from '../settings.ts';
import type { Deployment } from './deployment.ts';
import { encryptedLogGroup } from './encrypted-log-group.ts';
import { allow, useKey } from './grants.ts';
import { ServiceRole } from './service-role.ts';

export interface SluiceFunctionProps<Name extends HandlerName> {
  deployment: Deployment;
  /** Encrypts the function's logs and its dead-letter queue. */
  key: IKey;
  handler: Name;
  description: string;
  settings: Omit<HandlerSettings<Name>, 'region'>;
  memoryMb: number;
  timeoutSeconds: number;
  /** What the function may do besides writing its logs and traces. */
  statements: PolicyStatement[];
  /** Destination of events that failed in asynchronous calls. */
  deadLetterQueue?: IQueue;
  /**
   * Omit it if nothing depends on it: accounts start with 10 concurrent executions in total, none of which can be
   * reserved, and the deployment would fail there.
   */
  reservedConcurrency?: number;
}

/** One handler of `infra/aws/handlers` as a Lambda function, with its bundle, role, log group and traces. */
export class SluiceFunction<Name extends HandlerName = HandlerName> extends Construct {
  readonly handler: Name;
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly #role: ServiceRole;

  constructor(scope: Construct, id: string, props: SluiceFunctionProps<Name>) {
    super(scope, id);
    const { deployment, key, handler, description, deadLetterQueue, reservedConcurrency } = props;
    this.handler = handler;
    this.logGroup = encryptedLogGroup(this, 'Logs', { key });
    this.#role = new ServiceRole(this, 'Access', {
      service: 'lambda.amazonaws.com',
      sourceArn: `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`,
      sourceAlwaysKnown: false,
      description: `Sluice (${deployment.stage}): what the function ${handler} may do`,
      statements: [...ownStatements(this.logGroup, props), ...props.statements],
    });
    // A CDK stage knows its output folder.
    const bundles = path.join(Stage.of(this)?.outdir ?? 'cdk.out', 'bundles');
    this.function = new LambdaFunction(this, 'Function', {
      description,
      code: Code.fromAsset(deployment.bundle(handler, bundles)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { ...handlerEnvironment(handler, props.settings), NODE_OPTIONS: '--enable-source-maps' },
      role: this.#role.role,
      logGroup: this.logGroup,
      tracing: deployment.settings.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
    });
  }

  /** Adds a permission to the function. */
  allow(...statements: PolicyStatement[]): void {
    this.#role.allow(...statements);
  }
}

function ownStatements(
  logs: LogGroup,
  {
    deployment,
    deadLetterQueue: queue,
    key,
  }: Pick<SluiceFunctionProps<HandlerName>, 'deployment' | 'deadLetterQueue' | 'key'>,
): PolicyStatement[] {
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logs.logGroupArn]),
    // X-Ray does not support resource-level permissions.
    ...(deployment.settings.tracing ? [allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*'])] : []),
    ...(queue === undefined ? [] : [allow(['sqs:SendMessage'], [queue.queueArn]), useKey(key, 'sqs')]),
  ];
}
