import { expect, test } from 'vitest';
import { command } from '../../../../cli/commands/recent/recent.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { type Answer, parameterOf, published, type Script, scriptedAws, sdkEnvironment } from '../../scripted-aws.ts';

const READING = { timestamp: '2026-11-21T10:15:30.000Z', value: 22, temperature: 22, humidity: 41 };
const KEY = 'the-value-of-the-key';

/** Runs `recent --aws` against an API that answers so; gives what was printed, and the calls of each service. */
async function recent(args: string[], answer: Answer, more: Script = {}) {
  const api = await scriptedAws({ 'GET /main/datas/green:north': answer });
  const aws = await scriptedAws({
    ...parameterOf(published({ apiUrl: `${api.url}/main/` })),
    'GET /apikeys/k1': { body: { id: 'k1', value: KEY } },
    ...more,
  });
  await sdkEnvironment({ AWS_ENDPOINT_URL: aws.url });
  const effects = recordedEffects({ cwd: await temporaryFolder() });
  const code = await command
    .run(['green:north', '--aws', ...args], effects)
    .finally(() => expect(effects.out() + effects.err()).not.toContain(KEY));
  return { code, out: effects.out(), err: effects.err(), asked: api.calls, calls: aws.calls };
}

test('the deployed API is asked with its key, which is nowhere printed', async () => {
  const { code, out, asked, calls } = await recent(['--limit', '5', '--format', 'json'], {
    body: { 'green:north': [READING] },
  });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([READING]);
  expect(asked).toMatchObject([{ headers: { 'x-api-key': KEY }, query: { limit: '5' } }]);
  expect(calls.at(-1)).toMatchObject({ name: 'GET /apikeys/k1', query: { includeValue: 'true' } });
});

test('a device without readings is no failure', async () => {
  const { code, err } = await recent([], { body: { 'green:north': [] } });
  expect([code, err]).toEqual([0, expect.stringMatching(/green:north.*\n.*sluice query run/)]);
});

test.each<[string, Answer, object]>([
  [
    'a wrong limit',
    { status: 400, body: { error: 'limit is a whole number' } },
    { message: expect.stringContaining('limit is a whole number'), exitCode: 2 },
  ],
  [
    'a question that API Gateway refuses',
    { status: 400, body: { message: 'Missing required request parameters' } },
    { message: expect.stringContaining('Missing required'), exitCode: 2 },
  ],
  [
    'a key that is not taken',
    { status: 403, body: { message: 'Forbidden' } },
    { todo: expect.stringMatching(/deploy the stage again/i) },
  ],
  [
    'too many requests',
    { status: 429, body: { message: 'Limit Exceeded' } },
    { todo: expect.stringMatching(/try again/i) },
  ],
  [
    'a function that failed',
    { status: 502, body: { message: 'Internal server error' } },
    { message: expect.stringContaining('502'), todo: expect.stringContaining('CloudWatch') },
  ],
])('%s is told as such', async (_what, answer, error) => {
  await expect(recent([], answer)).rejects.toMatchObject({ name: 'UserError', ...error });
});

test('a redirect is not followed, since it would carry the key elsewhere', async () => {
  const elsewhere = await scriptedAws({});
  const api = await scriptedAws({ 'GET /datas/a': { status: 307, headers: { location: `${elsewhere.url}/` } } });
  const aws = await scriptedAws({
    ...parameterOf(published({ apiUrl: `${api.url}/` })),
    'GET /apikeys/k1': { body: { id: 'k1', value: KEY } },
  });
  await sdkEnvironment({ AWS_ENDPOINT_URL: aws.url });
  await expect(command.run(['a', '--aws'], recordedEffects())).rejects.toMatchObject({ name: 'UserError' });
  expect(elsewhere.calls).toEqual([]);
});

test('a key that is gone is made anew by a deployment', async () => {
  const gone = { 'GET /apikeys/k1': { status: 404, error: 'NotFoundException' } };
  await expect(recent([], {}, gone)).rejects.toMatchObject({
    message: expect.stringContaining('k1'),
    todo: expect.stringContaining('Deploy the stage again'),
  });
});
