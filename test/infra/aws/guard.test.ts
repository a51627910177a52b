/** Two successive deployments of one stage: what the second one asks CloudFormation, and what the guard answers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deploymentOf } from '../../../infra/aws/deployment.ts';
import { FoundationStack } from '../../../infra/aws/foundation-stack.ts';
import { GuardStack } from '../../../infra/aws/guard-stack.ts';
import { publishedText } from '../../../infra/aws/published-contract.ts';
import { parseStage } from '../../../infra/aws/stage-file.ts';
import { handlerEnvironment } from '../../../infra/settings.ts';
import { contractFile } from './contracts.ts';
import { bundled, emptyFolder } from './handlers/bundled.ts';
import { callHandler } from './handlers/lambda.ts';
import {
  cdkContext,
  defaultDeployment,
  onlyResource,
  resourcesOf,
  type Stage,
  SYNTHESIS_TIMEOUT_MS,
  type Template,
  WORKSHOP,
} from './synth.ts';

const guard = bundled(['guard']).get('guard')?.folder ?? '';

/** Systems Manager, and the URL where CloudFormation accepts answers. */
const parameters = new Map<string, string>();
const answers: { Status: string; Reason?: string; PhysicalResourceId: string }[] = [];
const server = createServer(async (request, response) => {
  const body = (await json(request)) as never;
  if (request.method === 'PUT') {
    // CloudFormation signs the URL for no content type, and S3 refuses a request that differs from the signed one.
    if (request.headers['content-type'] === undefined) answers.push(body);
    else response.statusCode = 403;
    response.end();
    return;
  }
  const Value = parameters.get((body as { Name: string }).Name);
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  if (Value !== undefined) return void response.end(JSON.stringify({ Parameter: { Value } }));
  response.statusCode = 400;
  response.end(JSON.stringify({ __type: 'ParameterNotFound' }));
});
beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise(resolve => server.close(resolve)));

/** The template of a deployment's guard stack, in a fraction of the time that all stacks take. */
async function guardOf({ confirmed = [], ...file }: Stage = {}): Promise<Template> {
  const app = new App({ context: cdkContext(), outdir: emptyFolder() });
  const deployment = await deploymentOf('main', parseStage({ contract: WORKSHOP, ...file }, 'main.json'), confirmed);
  deployment.bundle = () => guard;
  const { artifactId } = new GuardStack(app, deployment, new FoundationStack(app, deployment));
  return app.synth().getStackArtifact(artifactId).template;
}

/** What a deployment's guard stack would ask, answered by its bundled function. */
async function ask(template: Template, RequestType = 'Update') {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { Properties } = onlyResource(template, 'Custom::SluiceContract');
  const event = {
    ...{ RequestType, ResponseURL: `${url}/answer`, StackId: 'stack', RequestId: 'request' },
    ...{ LogicalResourceId: 'Request', ResourceType: 'Custom::SluiceContract', ResourceProperties: Properties },
  };
  await callHandler(guard, [event], {
    ...handlerEnvironment('guard', { stage: 'main' }),
    ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    AWS_ENDPOINT_URL_SSM: url,
  });
  return answers.pop();
}

/** What CloudFormation does once the guard has accepted: the parameter gets the template's value. */
function publish(template: Template): void {
  const { Name, Value } = onlyResource(template, 'AWS::SSM::Parameter').Properties;
  parameters.set(String(Name), String(Value));
}

const second = (stage: Stage) => guardOf({ alarmEmail: 'ops@example.com', ...stage });

let first: Template;
beforeAll(async () => {
  first = await second({});
}, SYNTHESIS_TIMEOUT_MS);

test('every stack that depends on the contract waits for the guard, and the foundation for none', {
  timeout: SYNTHESIS_TIMEOUT_MS,
}, async () => {
  const { stacks } = await defaultDeployment();
  const { foundation, guard: guardStack, ...shaped } = stacks;
  for (const [room, stack] of Object.entries(shaped)) expect(stack.dependencies, room).toContain(guardStack);
  expect([foundation.dependencies, guardStack.dependencies]).toEqual([[], [foundation]]);
});

test('the published contract is recorded after the guard has answered, and the function may only read it', () => {
  const [, parameter] = Object.entries(resourcesOf(first, 'AWS::SSM::Parameter'))[0] ?? [];
  const [request] = Object.keys(resourcesOf(first, 'Custom::SluiceContract'));
  expect(parameter?.DependsOn).toContain(request);
  expect(String(parameter?.Properties.Value)).not.toMatch(/\{\{|\}\}/);
});

describe('a first deployment', () => {
  test('is accepted', async () => {
    parameters.clear();
    expect(await ask(first, 'Create')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'sluice-main-contract' });
  });

  test('over a stage that was deployed without a guard is accepted only with the same contract', async () => {
    parameters.clear();
    const { ContractKey } = onlyResource(first, 'Custom::SluiceContract').Properties;
    const published = (contractKey: unknown) =>
      JSON.stringify({
        ...{ version: 1, stage: 'main', apiUrl: 'https://a.example.com/main/', apiKeyId: 'k', devicePolicy: 'p' },
        ...{ backfillStateMachineArn: 'arn:aws:states:x', contractKey },
        names: {
          ...{ bucket: 'b', database: 'd', workGroup: 'w', resultsLocation: 's3://r/results/' },
          ...{ hotTable: 'h', stream: 's', deliveryStream: 'd' },
        },
      });
    parameters.set('/sluice/main/deployment', published(ContractKey));
    expect(await ask(first, 'Create')).toMatchObject({ Status: 'SUCCESS' });
    parameters.set('/sluice/main/deployment', published('0123456789abcdef'));
    const { Status, Reason } = (await ask(first, 'Create')) ?? {};
    expect([Status, Reason]).toEqual(['FAILED', expect.stringContaining('replace-contract:0123456789abcdef')]);
  });
});

describe('a later deployment', () => {
  beforeAll(() => {
    parameters.clear();
    publish(first);
  });

  test.each([
    ['another topic', { topic: 'plant/{deviceid}' }, 'drop-topic:data/+'],
    ['a column less', { without: 'humidity' }, 'drop-column:humidity'],
    ['another type', { types: { humidity: 'bigint' } }, 'change-type:humidity'],
  ])('with %s is refused unless confirmed', { timeout: SYNTHESIS_TIMEOUT_MS }, async (_what, change, name) => {
    const contract = contractFile(change);
    const { Status, Reason } = (await ask(await second({ contract }))) ?? {};
    expect([Status, Reason]).toEqual(['FAILED', expect.stringContaining(`confirm=${name}'`)]);
    expect(await ask(await second({ contract, confirmed: [name] }))).toMatchObject({ Status: 'SUCCESS' });
    expect(await ask(await second({ contract, confirmed: ['drop-column:other'] }))).toMatchObject({ Status: 'FAILED' });
  });

  test('that omits the alarm address is refused; one that changes it is not', {
    timeout: SYNTHESIS_TIMEOUT_MS,
  }, async () => {
    const { Status, Reason } = (await ask(await guardOf())) ?? {};
    expect([Status, Reason]).toEqual(['FAILED', expect.stringContaining('drop-alarm-address')]);
    expect(await ask(await second({ alarmEmail: 'night@example.com' }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('with an added column is accepted', { timeout: SYNTHESIS_TIMEOUT_MS }, async () => {
    const contract = contractFile({ added: "{ name: 'pressure', from: 'PRESSURE', type: 'double' }" });
    expect(await ask(await second({ contract }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('that was refused can be rolled back, and the stacks can be deleted', async () => {
    expect(await ask(first)).toMatchObject({ Status: 'SUCCESS' });
    expect(await ask(await guardOf(), 'Delete')).toMatchObject({ Status: 'SUCCESS' });
  });

  test('that removes more than an answer can list is refused with a pointer to the rest', async () => {
    const columns = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`measure_${index}`, 'double'] as const),
    );
    parameters.set('/sluice/main/contract', publishedText({ topic: 'data/{deviceid}', columns }));
    const { Status, Reason = '' } = (await ask(first)) ?? {};
    expect([Status, Reason]).toEqual(['FAILED', expect.stringMatching(/column measure_0 is removed.*\blog\b.*Check/s)]);
    expect(Buffer.byteLength(Reason)).toBeLessThan(3_500);
  });

  test('is refused if the record cannot be read', async () => {
    parameters.set('/sluice/main/contract', 'nonsense');
    expect(await ask(first)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('/sluice/main/contract'),
    });
  });
});
