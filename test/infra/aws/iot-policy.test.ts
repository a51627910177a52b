import { beforeAll, describe, expect, test } from 'vitest';
import { defineContract } from '../../../contract/contract.ts';
import { devicePolicy } from '../../../infra/aws/iot-policy.ts';
import { connectRefusal, ownTopic, publishRefusal, subscribeRefusal } from '../../../infra/local/broker/policy.ts';
import config from '../../fixtures/workshop.config.ts';
import { contract } from '../../workshop-contract.ts';
import { allows, type IotRequest, type PolicyDocument } from './iot-policy-evaluator.ts';
import { type Identity, inWords, isRight, type Origin, type Variant, variants } from './iot-policy-variants.ts';
import { defaultDeployment, filledIn, onlyResource, SYNTHESIS_TIMEOUT_MS } from './synth.ts';

const ACCOUNT = 'arn:aws:iot:eu-central-1:111122223333:';
const arn = (resource: string) => `${ACCOUNT}${resource}`;

const VARIANTS = variants();
/** For another stage in the account, whose contract has its own topic. */
const labPolicy = devicePolicy(defineContract({ ...config, topic: 'lab/data/{deviceid}' }), arn);
let deployed: PolicyDocument;
beforeAll(async () => {
  const { templates } = await defaultDeployment();
  const { PolicyDocument } = onlyResource(templates.ingest, 'AWS::IoT::Policy').Properties;
  deployed = filledIn(PolicyDocument, templates) as PolicyDocument; // an IotPolicy, whose ARNs are filled in
}, SYNTHESIS_TIMEOUT_MS);

/** What AWS IoT Core answers: over MQTT, no request comes before the connection. */
function onAws({ identity, request }: Variant, policy = deployed): boolean {
  const { things, clientId, exclusive = false, active = true, policy: origin = 'this stage', protocol } = identity;
  const policies: Record<Origin, PolicyDocument[]> = { 'this stage': [policy], 'other topic': [labPolicy], none: [] };
  const certificate = { active, policies: policies[origin], things, exclusive };
  const connection = { certificate, clientId, protocol: protocol ?? ('mqtt' as const) };
  if (protocol === undefined && !allows(connection, { action: 'connect' }, ACCOUNT)) return false;
  return allows(connection, request, ACCOUNT);
}

test('there are thousands of distinct variants of topic and identity, and some are legitimate', () => {
  expect(new Set(VARIANTS.map(variant => JSON.stringify(variant))).size).toBe(VARIANTS.length);
  expect(VARIANTS.length).toBeGreaterThan(4_000);
  const right = VARIANTS.filter(isRight).map(({ request }) => request.action);
  expect(new Set(right)).toEqual(new Set(['connect', 'publish', 'subscribe', 'receive']));
});

test('a device can do what is legitimate on its own topic, and cannot reach the topic of another', () => {
  const crossings = VARIANTS.filter(variant => onAws(variant) && !isRight(variant)).map(inWords);
  const barred = VARIANTS.filter(variant => !onAws(variant) && isRight(variant)).map(inWords);
  expect({ crossings, barred }).toEqual({ crossings: [], barred: [] });
});

test('the policy allows only four actions, and no connection to a certificate without a thing', () => {
  // No variant above covers requests outside MQTT, such as shadows over HTTPS and retained messages.
  expect(deployed.Statement.flatMap(({ Action }) => Action)).toEqual([
    ...['iot:Connect', 'iot:Publish', 'iot:Subscribe', 'iot:Receive'],
  ]);
  // Without a thing, the variable in the resource has no value, so this only repeats what already holds.
  expect(deployed.Statement[0]?.Condition).toEqual({ Bool: { 'iot:Connection.Thing.IsAttached': 'true' } });
});

describe('a weaker policy would be found:', () => {
  const weaker: [string, (text: string) => string][] = [
    ['the client id in place of the thing', text => text.replaceAll('iot:Connection.Thing.ThingName', 'iot:ClientId')],
    ['any client id', text => text.replace(/client\/[^"]+/, 'client/*')],
    ['any topic below data/', text => text.replace(/:topic\/data\/[^"]+/, ':topic/data/*')],
    ['topics that start with its name', text => text.replace(/(:topic\/data\/[^"]+)/, '$1*')],
    ['an MQTT wildcard as a filter', text => text.replace(/topicfilter\/[^"]+/, 'topicfilter/data/+')],
    ['retained messages', text => text.replace('"iot:Publish"', '["iot:Publish","iot:RetainPublish"]')],
    ['every action', text => text.replace('"iot:Publish"', '"iot:*"')],
  ];
  test.each(weaker)('%s', (_what, weaken) => {
    const text = JSON.stringify(deployed);
    const policy = JSON.parse(weaken(text));
    expect(policy).not.toEqual(deployed);
    expect(VARIANTS.filter(variant => onAws(variant, policy) && !isRight(variant)).map(inWords)).not.toEqual([]);
  });
});

describe("the laptop's broker", () => {
  /**
   * Each of its certificates belongs to one thing of one stage, and it speaks only MQTT. `receive` is what it delivers.
   */
  const comparable = ({ active = true, policy = 'this stage', protocol, things, exclusive = false }: Identity) =>
    active && policy === 'this stage' && protocol === undefined && (exclusive || things.length === 0);

  function onLaptop({ identity: { things, clientId }, request }: Variant): boolean {
    const thing = things[0] ?? '';
    if (connectRefusal(contract, thing, { clientId }) !== undefined) return false;
    return refusal(thing, request) === undefined;
  }

  function refusal(thing: string, request: IotRequest): string | undefined {
    if (request.action === 'connect') return undefined;
    const { topic } = request;
    if (request.action === 'subscribe') return subscribeRefusal(contract, thing, { topic, qos: 1 });
    if (request.action === 'receive') return topic === ownTopic(contract, thing) ? undefined : 'not delivered';
    return publishRefusal(contract, thing, { topic, payload: '{}', qos: 1, retain: request.retain ?? false });
  }

  test('decides as AWS does', () => {
    const compared = VARIANTS.filter(({ identity }) => comparable(identity));
    expect(compared.length).toBeGreaterThan(200);
    expect(compared.filter(variant => onLaptop(variant) !== onAws(variant)).map(inWords)).toEqual([]);
  });
});

describe('the evaluator reads policies as AWS IoT documents them:', () => {
  const device = { active: true, things: ['a'], exclusive: false };
  const may = (topic: string, Resource: string, clientId = 'a', Effect = 'Allow') => {
    const statements = [{ Effect, Action: 'iot:Publish', Resource: arn(`topic/${Resource}`) }];
    if (Effect === 'Deny') statements.push({ Effect: 'Allow', Action: 'iot:*', Resource: '*' });
    const certificate = { ...device, policies: [{ Statement: statements }] };
    return allows({ certificate, clientId, protocol: 'mqtt' }, { action: 'publish', topic }, ACCOUNT);
  };

  test.each([
    ['* matches any characters, including levels', 'data/a/b', 'data/*', true],
    ['* matches nothing too', 'data/', 'data/*', true],
    ['? matches one character', 'data/a', 'data/?', true],
    ['? does not match two', 'data/ab', 'data/?', false],
    ['+ is itself', 'data/a', 'data/+', false],
    ['# is itself', 'data/a', 'data/#', false],
    ['. matches itself', 'data/a', 'data/.', false],
    ['case matters', 'Data/a', 'data/a', false],
    [`\${*} matches an asterisk`, 'data/*', `data/\${*}`, true],
    [`\${*} matches nothing else`, 'data/a', `data/\${*}`, false],
    ['a variable matches its value', 'data/a', `data/\${iot:ClientId}`, true],
    ['an unknown variable allows nothing', 'data/', `data/\${iot:Certificate.Subject.CommonName}`, false],
  ])('%s', (_rule, topic, resource, allowed) => {
    expect(may(topic, resource)).toBe(allowed);
  });

  test('without exclusive attachment, only its own client id identifies a thing', () => {
    expect(may('data/a', `data/\${iot:Connection.Thing.ThingName}`)).toBe(true);
    expect(may('data/a', `data/\${iot:Connection.Thing.ThingName}`, 'b')).toBe(false);
  });
  test('a deny statement overrides an allow statement', () => {
    expect([may('data/a', 'data/a', 'a', 'Deny'), may('data/b', 'data/a', 'a', 'Deny')]).toEqual([false, true]);
  });
});
