import { beforeAll, describe, expect, test } from 'vitest';
import { readMessage } from '../../../contract/reading.ts';
import { toItem } from '../../../hotpath/items.ts';
import {
  apiMethods,
  onlyResource,
  type Resource,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  type Synthesized,
  synthesize,
  type Template,
} from './synth.ts';

let main: Synthesized;
let serving: Template;
/** A trial whose data may be removed. */
let trial: Template;
beforeAll(async () => {
  main = await synthesize();
  serving = main.templates.serving;
  trial = (await synthesize({ stage: 'trial', removeData: true })).templates.serving;
}, SYNTHESIS_TIMEOUT_MS);

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** What the policy of a function allows, by the prefix of the construct id. */
function statementsOf(name: string): Statement[] {
  const [, policy] =
    Object.entries(resourcesOf(serving, 'AWS::IAM::ManagedPolicy')).find(([id]) => id.startsWith(name)) ?? [];
  if (policy === undefined) throw new Error(`there is no policy of ${name}`);
  return (policy.Properties.PolicyDocument as { Statement: Statement[] }).Statement;
}

function actionsOf(name: string, service: string): string[] {
  return statementsOf(name)
    .flatMap(({ Action }) => Action)
    .filter(action => action.startsWith(`${service}:`));
}

describe('the hot table', () => {
  test('has the key and the time to live of the items that the consumer puts', () => {
    const { contract } = main.deployment;
    const payload = Buffer.from('{"DEVICE_NAME":"d","TIMESTAMP":"2026-11-21T10:15:30","HUMIDITY":41,"TEMPERATURE":22}');
    const { reading } = readMessage(contract, payload, {
      receivedAt: Date.parse('2026-11-21T10:15:31Z'),
      topic: 'data/d',
    });
    if (reading === undefined) throw new Error('the message was rejected');
    const item = toItem(contract, reading);
    const table = onlyResource(serving, 'AWS::DynamoDB::Table').Properties;
    const keys = table.KeySchema as { AttributeName: string; KeyType: string }[];
    expect(keys.map(({ AttributeName, KeyType }) => [AttributeName, KeyType])).toEqual([
      ['deviceid', 'HASH'],
      ['timestamp', 'RANGE'],
    ]);
    for (const { AttributeName, AttributeType } of table.AttributeDefinitions as Record<string, string>[])
      expect(Object.keys(item[AttributeName ?? ''] ?? {})).toEqual([AttributeType]);
    const { AttributeName, Enabled } = table.TimeToLiveSpecification as { AttributeName: string; Enabled: boolean };
    const expires = Math.floor(reading.receivedAt / 1_000) + contract.hotDays * 86_400;
    expect([Enabled, item[AttributeName]]).toEqual([true, { N: String(expires) }]);
  });

  test('can be restored, is encrypted with the key of the deployment, and is protected from deletion', () => {
    expect(onlyResource(serving, 'AWS::DynamoDB::Table')).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        TableName: 'sluice-main-hot',
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: expect.anything() },
      },
    });
  });

  test('is removed with a trial', () => {
    expect(onlyResource(trial, 'AWS::DynamoDB::Table')).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
  });
});

describe('the consumer', () => {
  test('gives up one record at a time, and keeps it', () => {
    const [queueId] = Object.keys(resourcesOf(serving, 'AWS::SQS::Queue'));
    const mapping = onlyResource(serving, 'AWS::Lambda::EventSourceMapping').Properties;
    expect(mapping).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queueId, 'Arn'] } } },
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(mapping.Enabled ?? true).toBe(true);
  });

  test('gives up no record that the stream still has', () => {
    const mapping = onlyResource(serving, 'AWS::Lambda::EventSourceMapping').Properties;
    const { RetentionPeriodHours } = onlyResource(main.templates.ingest, 'AWS::Kinesis::Stream').Properties;
    expect(mapping.MaximumRecordAgeInSeconds).toBe(Number(RetentionPeriodHours) * 3_600);
    // No limit except the age: AWS promises no wait between two attempts.
    expect(mapping.MaximumRetryAttempts).toBe(-1);
  });

  test('has time for all attempts of a batch before Lambda ends it', () => {
    const [, consumer] =
      Object.entries(resourcesOf(serving, 'AWS::Lambda::Function')).find(([id]) => id.startsWith('Consumer')) ?? [];
    // 50 ms, doubled in each of 4 waits, and the same time for the writes.
    expect(consumer?.Properties.Timeout).toBeGreaterThan(2 * 1.5);
  });

  test('may write the table and read the stream, and nothing else of either', () => {
    expect(actionsOf('Consumer', 'dynamodb')).toEqual(['dynamodb:BatchWriteItem', 'dynamodb:PutItem']);
    expect(actionsOf('Consumer', 'kinesis').filter(action => !/:(Get|Describe|List)/.test(action))).toEqual([]);
  });

  test('leaves failures in an encrypted queue with 14 days of retention', () => {
    expect(onlyResource(serving, 'AWS::SQS::Queue').Properties).toMatchObject({
      KmsMasterKeyId: expect.anything(),
      MessageRetentionPeriod: 14 * 86_400,
    });
  });
});

describe('the API', () => {
  test('answers two requests, of which the one for readings needs a key', () => {
    const keys = Object.entries(apiMethods(serving)).map(([name, { ApiKeyRequired }]) => [
      name,
      ApiKeyRequired === true,
    ]);
    expect(Object.fromEntries(keys)).toEqual({ 'GET /': false, 'GET /datas/{deviceid}': true });
  });

  test('has the paths and parameters that the handler reads, and validates them first', () => {
    const [validatorId] = Object.keys(resourcesOf(serving, 'AWS::ApiGateway::RequestValidator'));
    expect(apiMethods(serving)['GET /datas/{deviceid}']).toMatchObject({
      RequestValidatorId: { Ref: validatorId },
      RequestParameters: {
        'method.request.path.deviceid': true,
        'method.request.querystring.limit': false,
        'method.request.querystring.before': false,
      },
    });
    expect(onlyResource(serving, 'AWS::ApiGateway::RequestValidator').Properties).toMatchObject({
      ValidateRequestParameters: true,
    });
  });

  test('limits the requests of a key, of all callers together, and of one address', () => {
    const plan = onlyResource(serving, 'AWS::ApiGateway::UsagePlan').Properties;
    const { Throttle, Quota } = plan as {
      Throttle: { RateLimit: number; BurstLimit: number };
      Quota: { Limit: number; Period: string };
    };
    const [all] = stage(serving).MethodSettings as { HttpMethod: string; ThrottlingRateLimit: number }[];
    expect(Math.min(Throttle.RateLimit, Throttle.BurstLimit)).toBeGreaterThan(0);
    expect(all).toMatchObject({ HttpMethod: '*', ResourcePath: '/*' });
    expect(all?.ThrottlingRateLimit).toBeGreaterThan(Throttle.RateLimit);
    const limits = stage(serving).MethodSettings as { ResourcePath: string; ThrottlingRateLimit: number }[];
    const limitOf = (resource: string) => limits.find(({ ResourcePath }) => ResourcePath === resource);
    // Flooding the page, which needs no key, does not use up the limit of the keys.
    const [page, readings] = [limitOf('/'), limitOf('/~1datas~1{deviceid}')];
    for (const own of [page, readings])
      expect(own).toMatchObject({ HttpMethod: 'GET', LoggingLevel: 'ERROR', DataTraceEnabled: false });
    expect(readings?.ThrottlingRateLimit).toBeGreaterThan(Throttle.RateLimit);
    expect(page?.ThrottlingRateLimit).toBeLessThan(Number(readings?.ThrottlingRateLimit));
    // A live page polls every 2 seconds, all day.
    expect([Quota.Period, Quota.Limit > 86_400 / 2]).toEqual(['DAY', true]);
    const [keyId] = Object.keys(resourcesOf(serving, 'AWS::ApiGateway::ApiKey'));
    expect(onlyResource(serving, 'AWS::ApiGateway::UsagePlanKey').Properties).toMatchObject({ KeyId: { Ref: keyId } });
    const [apiId, stageId] = ['RestApi', 'Stage'].map(
      type => Object.keys(resourcesOf(serving, `AWS::ApiGateway::${type}`))[0],
    );
    expect(plan.ApiStages).toMatchObject([{ ApiId: { Ref: apiId }, Stage: { Ref: stageId } }]);
    const acl = onlyResource(serving, 'AWS::WAFv2::WebACL').Properties;
    expect(acl).toMatchObject({
      Scope: 'REGIONAL',
      Rules: [{ Action: { Block: {} }, Statement: { RateBasedStatement: { AggregateKeyType: 'IP' } } }],
    });
    const [{ Statement }] = acl.Rules as [{ Statement: { RateBasedStatement: Record<string, number> } }];
    // A few live pages behind one address.
    const pages = Number(Statement.RateBasedStatement.EvaluationWindowSec) / 2;
    expect(Statement.RateBasedStatement.Limit).toBeGreaterThan(5 * pages);
    expect(JSON.stringify(onlyResource(serving, 'AWS::WAFv2::WebACLAssociation').Properties)).toContain(stageId);
  });

  test('refuses TLS below 1.2: by default API Gateway also accepts the key over 1.0', () => {
    expect(onlyResource(serving, 'AWS::ApiGateway::RestApi').Properties).toMatchObject({
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_2021_06',
      // Required with such a policy.
      EndpointAccessMode: 'BASIC',
    });
  });

  test('does not show the key: API Gateway generates it, and no log contains it', () => {
    expect(onlyResource(serving, 'AWS::ApiGateway::ApiKey').Properties).not.toHaveProperty('Value');
    const settings = stage(serving).MethodSettings as unknown[];
    expect(settings).toMatchObject(settings.map(() => ({ DataTraceEnabled: false, LoggingLevel: 'ERROR' })));
    expect(onlyResource(serving, 'AWS::WAFv2::LoggingConfiguration').Properties).toMatchObject({
      RedactedFields: [{ SingleHeader: { Name: 'x-api-key' } }],
      LoggingFilter: { Filters: [{ Behavior: 'KEEP', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] }] },
    });
  });

  test('writes each request as one line of JSON, without anything that needs escaping', () => {
    const { Format } = stage(serving).AccessLogSetting as { Format: string };
    const line = JSON.parse(Format) as Record<string, string>;
    for (const variable of Object.values(line)) expect(variable).toMatch(/^\$context\.[A-Za-z.]+$/);
    // Texts from the caller, and the key.
    expect(Format).not.toMatch(/userAgent|context\.path|apiKey"|error\.message/);
  });

  test('answers its own errors in the format of the handler', () => {
    const responses = Object.values(resourcesOf(serving, 'AWS::ApiGateway::GatewayResponse'));
    expect(responses.map(({ Properties }) => Properties.ResponseType)).toEqual(
      expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX']),
    );
    for (const { Properties } of responses) {
      const template = (Properties.ResponseTemplates as Record<string, string>)['application/json'] ?? '';
      const body = JSON.parse(template.replace('$context.error.messageString', '"Forbidden"'));
      expect(body).toEqual({ error: expect.stringMatching(/./) });
    }
  });

  test('reads the table, and may do nothing else with it', () => {
    expect(actionsOf('ApiFunction', 'dynamodb')).toEqual(['dynamodb:Query']);
  });

  test('is the only caller of its function', () => {
    const permissions = Object.values(resourcesOf(serving, 'AWS::Lambda::Permission'));
    expect(permissions).toHaveLength(2);
    for (const { Properties } of permissions)
      expect(Properties).toMatchObject({ Principal: 'apigateway.amazonaws.com', SourceArn: expect.anything() });
    expect(JSON.stringify(permissions)).not.toContain('test-invoke-stage');
  });
});

test('every log group is encrypted, and has a retention time', () => {
  const groups = Object.values(resourcesOf(serving, 'AWS::Logs::LogGroup'));
  // Two functions, access, execution, and blocked addresses.
  expect(groups).toHaveLength(5);
  for (const { Properties } of groups)
    expect(Properties).toMatchObject({ KmsKeyId: expect.anything(), RetentionInDays: 90 });
});

test("the key's policy has the groups whose names services choose", () => {
  const key = JSON.stringify(onlyResource(main.templates.foundation, 'AWS::KMS::Key').Properties.KeyPolicy);
  for (const name of ['API-Gateway-Execution-Logs_*/main', 'aws-waf-logs-sluice-main'])
    expect(key).toContain(`:log-group:${name}"`);
});

test('the stage waits for the role and the group of its logs', () => {
  const dependsOn = Object.values(resourcesOf(serving, 'AWS::ApiGateway::Stage'))[0]?.DependsOn ?? [];
  const wanted = [
    ...Object.keys(resourcesOf(serving, 'AWS::ApiGateway::Account')),
    ...Object.entries(resourcesOf(serving, 'AWS::Logs::LogGroup'))
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes('API-Gateway-Execution-Logs_'))
      .map(([id]) => id),
  ];
  expect(wanted).toHaveLength(2);
  expect(dependsOn).toEqual(expect.arrayContaining(wanted));
});

test('the logging role that other APIs of the account share stays when the stack is deleted', () => {
  const kept = Object.entries(trial.Resources).filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'));
  expect(kept.map(([, { Type }]) => Type).sort()).toEqual([
    'AWS::ApiGateway::Account',
    'AWS::IAM::ManagedPolicy',
    'AWS::IAM::Role',
  ]);
});

function stage(template: Template): Resource['Properties'] {
  return onlyResource(template, 'AWS::ApiGateway::Stage').Properties;
}
