import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  const s3 = async () => {
    throw new Error('no request of this test is for S3');
  };
  endpoint = await startEndpoint({ port: 0, accessKeyId: 'KEY', services: [], s3 });
});
afterEach(() => endpoint.close());

async function ask(action: string, accessKeyId = 'KEY'): Promise<{ status: number; text: string }> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/eu-central-1/sts/aws4_request, Signature=0`;
  const body = new URLSearchParams({ Action: action, Version: '2011-06-15' });
  const response = await fetch(endpoint.url, { method: 'POST', headers: { authorization }, body });
  return { status: response.status, text: await response.text() };
}

it('names the account of the local catalog', async () => {
  expect(await ask('GetCallerIdentity')).toEqual({
    status: 200,
    text:
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      '<Arn>arn:aws:iam::000000000000:user/local</Arn><UserId>local</UserId><Account>000000000000</Account>' +
      '</GetCallerIdentityResult></GetCallerIdentityResponse>',
  });
});

it('refuses every other action with its name, and other keys', async () => {
  const refused = await ask('AssumeRole');
  expect(refused.status).toBe(400);
  expect(refused.text).toContain("<Code>InvalidAction</Code><Message>Sluice's local STS has no AssumeRole.</Message>");
  expect((await ask('<script>')).text).not.toContain('<script>');
  expect((await ask('GetCallerIdentity', 'AKIAOTHER')).status).toBe(403);
});
