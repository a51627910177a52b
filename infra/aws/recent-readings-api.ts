import { Duration } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  type ApiKey,
  CfnClientCertificate,
  CfnRestApi,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  Period,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ApiLogging } from './api-logging.ts';
import type { Deployment } from './deployment.ts';
import { encryptedLogGroup } from './encrypted-log-group.ts';
import { answerErrorsAsJson } from './gateway-errors.ts';
import { allow, useKey } from './grants.ts';
import { SluiceFunction } from './sluice-function.ts';
import { WebAcl } from './web-acl.ts';

export interface RecentReadingsApiProps {
  deployment: Deployment;
  key: IKey;
  table: Table;
  deadLetterQueue: IQueue;
}

/** Limits of one API key; a live page polls every 2 seconds, which is 43,200 times a day. */
const KEY_LIMITS = { ratePerSecond: 20, burst: 40, perDay: 200_000 } as const;
/**
 * Limits of all callers together, by method: flooding the page, which needs no key, does not use up the limit of the
 * readings. The wildcard covers the rest, which are CORS preflights.
 */
const METHOD_LIMITS = {
  '*': { ratePerSecond: 100, burst: 200 },
  '/': { ratePerSecond: 20, burst: 40 },
  '/datas/{deviceid}': { ratePerSecond: 80, burst: 160 },
} as const;

/**
 * The REST API of the hot path: `GET /datas/{deviceid}` with an API key, and the live page at `GET /` without one. A
 * browser's address bar sends no header; the page contains no data, and asks the reader for the key.
 */
export class RecentReadingsApi extends Construct {
  readonly api: RestApi;
  readonly apiKey: ApiKey;
  readonly function: SluiceFunction<'api'>;

  constructor(scope: Construct, id: string, props: RecentReadingsApiProps) {
    super(scope, id);
    const { deployment, key } = props;
    const { stage } = deployment;
    this.function = this.#function(props);
    this.api = new RestApi(this, 'Rest', {
      restApiName: `sluice-${stage}`,
      description: `Sluice (${stage}): recent readings`,
      endpointTypes: [EndpointType.REGIONAL],
      // ApiLogging has the account's role for logs.
      cloudWatchRole: false,
      deployOptions: this.#stage(deployment, key),
    });
    this.#refuseOldTls();
    this.#methods(deployment);
    answerErrorsAsJson(this.api, deployment.settings.corsOrigins);
    this.apiKey = this.#key(stage);
    const logging = new ApiLogging(this, 'Logging', { api: this.api, stage, key });
    this.api.deploymentStage.node.addDependency(logging);
    new WebAcl(this, 'WebAcl', { stage: this.api.deploymentStage, name: `sluice-${stage}`, key });
  }

  #function({ deployment, key, table, deadLetterQueue }: RecentReadingsApiProps): SluiceFunction<'api'> {
    return new SluiceFunction(this, 'Function', {
      deployment,
      key,
      handler: 'api',
      description: 'Answers with recent readings from the hot table',
      settings: { hotTable: deployment.names.hotTable, corsOrigins: deployment.settings.corsOrigins.join(',') },
      memoryMb: 512,
      timeoutSeconds: 10,
      deadLetterQueue,
      statements: [
        allow(['dynamodb:Query'], [table.tableArn]),
        useKey(key, 'dynamodb', ['kms:Decrypt', 'kms:DescribeKey']),
      ],
    });
  }

  #stage({ stage, settings }: Deployment, key: IKey): StageOptions {
    // Settings of a method do not inherit: what they omit gets API Gateway's default, not the stage's.
    const method = (resource: keyof typeof METHOD_LIMITS): MethodDeploymentOptions => ({
      loggingLevel: MethodLoggingLevel.ERROR,
      // Requests and responses contain the key and the readings.
      dataTraceEnabled: false,
      throttlingRateLimit: METHOD_LIMITS[resource].ratePerSecond,
      throttlingBurstLimit: METHOD_LIMITS[resource].burst,
    });
    return {
      stageName: stage,
      accessLogDestination: new LogGroupLogDestination(encryptedLogGroup(this, 'AccessLogs', { key })),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      ...method('*'),
      methodOptions: { '//GET': method('/'), '/datas/{deviceid}/GET': method('/datas/{deviceid}') },
      tracingEnabled: settings.tracing,
      // Identifies the caller, in case an HTTP backend ever replaces the function.
      clientCertificateId: new CfnClientCertificate(this, 'ClientCertificate').ref,
    };
  }

  /** TLS 1.2 and 1.3; without a policy, a regional API also accepts 1.0. The construct has no property for it. */
  #refuseOldTls(): void {
    const { defaultChild } = this.api.node;
    if (!(defaultChild instanceof CfnRestApi)) throw new Error('the API has no resource');
    defaultChild.securityPolicy = 'SecurityPolicy_TLS13_1_2_2021_06';
    // Such a policy requires this mode; the other mode, STRICT, adds requirements for callers, not for TLS.
    defaultChild.endpointAccessMode = 'BASIC';
  }

  #methods({ settings: { corsOrigins } }: Deployment): void {
    const integration = new LambdaIntegration(this.function.function, { allowTestInvoke: false });
    const requestValidator = this.api.addRequestValidator('Validator', {
      validateRequestParameters: true,
      validateRequestBody: true,
    });
    this.api.root.addMethod('GET', integration, { requestValidator });
    const device = this.api.root.addResource('datas').addResource('{deviceid}');
    device.addMethod('GET', integration, {
      apiKeyRequired: true,
      requestValidator,
      requestParameters: {
        'method.request.path.deviceid': true,
        'method.request.querystring.limit': false,
        'method.request.querystring.before': false,
      },
    });
    if (corsOrigins.length > 0)
      device.addCorsPreflight({
        allowOrigins: corsOrigins,
        allowMethods: ['GET'],
        allowHeaders: ['x-api-key'],
        maxAge: Duration.hours(1),
      });
  }

  #key(stage: string): ApiKey {
    // API Gateway generates the value; it is not in the template.
    const apiKey = this.api.addApiKey('Key', {
      apiKeyName: `sluice-${stage}`,
      description: `Sluice (${stage}): for the command and the live page`,
    }) as ApiKey;
    const plan = this.api.addUsagePlan('UsagePlan', {
      name: `sluice-${stage}`,
      throttle: { rateLimit: KEY_LIMITS.ratePerSecond, burstLimit: KEY_LIMITS.burst },
      quota: { limit: KEY_LIMITS.perDay, period: Period.DAY },
      apiStages: [{ stage: this.api.deploymentStage }],
    });
    plan.addApiKey(apiKey);
    return apiKey;
  }
}

/**
 * One line of JSON per request, from API Gateway variables whose values need no escaping: API Gateway does not escape.
 * It contains the id of the key, not the key.
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  apiKeyId: '$context.identity.apiKeyId',
  method: '$context.httpMethod',
  path: '$context.resourcePath',
  status: '$context.status',
  bytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  error: '$context.error.responseType',
  trace: '$context.xrayTraceId',
};
