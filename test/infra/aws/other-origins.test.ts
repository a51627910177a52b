import { Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { beforeAll, describe, expect, test } from 'vitest';
import { answerErrorsAsJson } from '../../../infra/aws/gateway-errors.ts';
import { apiMethods, type Resource, resourcesOf, SYNTHESIS_TIMEOUT_MS, synthesize, type Template } from './synth.ts';

const ORIGINS = ['https://a.example', 'https://b.example:8443'];

let serving: Template;
/** Pages of two other origins may call its API. */
let open: Template;
beforeAll(async () => {
  serving = (await synthesize()).templates.serving;
  open = (await synthesize({ stage: 'trial', corsOrigins: ORIGINS })).templates.serving;
}, SYNTHESIS_TIMEOUT_MS);

describe('other origins', () => {
  test('may not call the API unless configured', () => {
    expect(JSON.stringify(serving)).not.toMatch(/access-control-allow/i);
  });

  test('may call it if configured, and no others may', () => {
    const preflight = apiMethods(open)['OPTIONS /datas/{deviceid}'];
    expect(Object.keys(apiMethods(open))).toHaveLength(3);
    const allowed = JSON.stringify(preflight).match(/https?:\/\/[a-z.:0-9]+/g);
    expect(new Set(allowed)).toEqual(new Set(ORIGINS));
    expect(JSON.stringify(preflight)).toContain(`"method.response.header.Access-Control-Allow-Headers":"'x-api-key'"`);
    const [, api] =
      Object.entries(resourcesOf(open, 'AWS::Lambda::Function')).find(([id]) => id.startsWith('ApiFunction')) ?? [];
    expect(api?.Properties.Environment).toMatchObject({ Variables: { SLUICE_CORS_ORIGINS: ORIGINS.join(',') } });
  });
});

test.each([
  [['https://a.example'], "'https://a.example'"],
  [ORIGINS, undefined],
  [[], undefined],
])(
  "pages of %j may read API Gateway's own errors if that is one origin",
  { timeout: SYNTHESIS_TIMEOUT_MS },
  (origins, expected) => {
    const stack = new Stack();
    const api = new RestApi(stack, 'Api');
    api.root.addMethod('GET');
    answerErrorsAsJson(api, origins);
    const responses = Object.values(
      Assertions.fromStack(stack).findResources('AWS::ApiGateway::GatewayResponse'),
    ) as Resource[];
    const allowed = responses.map(
      ({ Properties }) =>
        (Properties.ResponseParameters as Record<string, string> | undefined)?.[
          'gatewayresponse.header.access-control-allow-origin'
        ],
    );
    expect(allowed.length).toBeGreaterThan(2);
    expect(new Set(allowed)).toEqual(new Set([expected]));
  },
);
