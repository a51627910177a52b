import { expect, test } from 'vitest';
import {
  deploymentParameter,
  isStage,
  type PublishedDeployment,
  parseDeployment,
} from '../../../infra/aws/published-deployment.ts';
import { LOCAL_NAMES } from '../../../infra/local/local-names.ts';

const PUBLISHED: PublishedDeployment = {
  version: 1,
  stage: 'main',
  names: LOCAL_NAMES,
  apiUrl: 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com/main/',
  apiKeyId: 'k1',
  iotEndpoint: 'a1b2c3-ats.iot.eu-central-1.amazonaws.com',
  devicePolicy: 'sluice-main-device',
  backfillStateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:sluice-main-backfill',
  contractKey: '0123456789abcdef',
};

const parse = (value: unknown, stage = 'main') => parseDeployment(JSON.stringify(value), stage);

test('what a deployment published is read as written', () => {
  expect(parse(PUBLISHED)).toEqual(PUBLISHED);
});

test('optional members may be missing, and members of a newer release are ignored', () => {
  const { iotEndpoint, contractKey, ...rest } = PUBLISHED;
  expect(parse({ ...rest, later: 1, names: { ...LOCAL_NAMES, later: 'x' } })).toEqual(rest);
});

test('a device gateway may have another port', () => {
  expect(parse({ ...PUBLISHED, iotEndpoint: 'iot.example.com:443' }).iotEndpoint).toBe('iot.example.com:443');
});

test('all problems are reported at once', () => {
  const { bucket, ...names } = LOCAL_NAMES;
  const value = { ...PUBLISHED, names: { ...names, stream: 3 }, apiKeyId: '', apiUrl: undefined };
  expect(() => parse(value)).toThrow(
    /\/sluice\/main\/deployment: apiUrl .*; apiKeyId .*; names\.bucket .*; names\.stream /,
  );
});

test.each([
  ['invalid JSON', '{', 'JSON'],
  ['a list', '[]', 'JSON object'],
  ['an API without TLS', { ...PUBLISHED, apiUrl: 'http://example.com/' }, "apiUrl is 'http://example.com/'"],
  ['an API without its last slash', { ...PUBLISHED, apiUrl: 'https://example.com/main' }, 'apiUrl is'],
  ['a broker with a scheme', { ...PUBLISHED, iotEndpoint: 'https://x.iot' }, "iotEndpoint is 'https://x.iot'"],
  ['a state machine that is a name', { ...PUBLISHED, backfillStateMachineArn: 'x' }, 'backfillStateMachineArn is'],
  [
    'results without their last slash',
    { ...PUBLISHED, names: { ...LOCAL_NAMES, resultsLocation: 's3://b/results' } },
    'names.resultsLocation is',
  ],
  ['the parameter of another stage', { ...PUBLISHED, stage: 'dev' }, "stage 'dev'"],
])('%s is refused', (_what, value, message) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  expect(() => parseDeployment(text, 'main')).toThrow(message);
});

test('a later version is refused with its number', () => {
  expect(() => parse({ ...PUBLISHED, version: 2 })).toThrow(/\b2\b.*\b1\b/);
});

test('a stage has lower-case letters and digits, and its parameter is under /sluice', () => {
  expect(['main', 'dev2', 'a', 'a234567890123456'].map(isStage)).toEqual([true, true, true, true]);
  expect(['', 'Main', 'a-b', '2a', 'a/b', 'a2345678901234567'].map(isStage)).toEqual(Array(6).fill(false));
  expect(deploymentParameter('dev')).toBe('/sluice/dev/deployment');
});
