import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { createS3 } from '../../../../infra/emulator/s3/s3.ts';
import { startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';
import { presignedRefusal, type SignedRequest } from '../../../../infra/emulator/services/presigned-url.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

/** The example in AWS's documentation: "Authenticating requests: using query parameters (AWS Signature Version 4)". */
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const SIGNATURE = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
const SIGNED_AT = Date.UTC(2013, 4, 24);
const EXAMPLE: SignedRequest = {
  method: 'GET',
  target: `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=${SIGNATURE}`,
  headers: { host: 'examplebucket.s3.amazonaws.com' },
};
const refusal = (request: Partial<SignedRequest>, nowMs = SIGNED_AT) =>
  presignedRefusal({ ...EXAMPLE, ...request }, KEY, nowMs)?.code;
const changed = (from: string | RegExp, to: string) => ({ target: EXAMPLE.target.replace(from, to) });

/** As the SDK writes a key into a path. */
const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** A URL for one object, signed by the SDK for one minute. */
async function presign(client: S3Client, url: string, key: string, nowMs: number): Promise<string> {
  const { host, hostname, port } = new URL(url);
  const encoded = `/bucket-a/${key.split('/').map(escaped).join('/')}`;
  // The SDK's SignatureV4, of which the client's type declares only `sign`.
  const signer = (await client.config.signer()) as unknown as {
    presign(request: object, options: object): Promise<{ path: string; query: Record<string, string> }>;
  };
  const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const request = { method: 'GET', protocol: 'http:', hostname, port: Number(port), path: encoded, headers, query: {} };
  const signed = await signer.presign(request, { expiresIn: 60, signingDate: new Date(nowMs) });
  const query = Object.entries(signed.query).map(pair => pair.map(encodeURIComponent).join('='));
  return `${url}${signed.path}?${query.join('&')}`;
}

test("AWS's own example is valid from its date until it expires", () => {
  expect(refusal({})).toBeUndefined();
  expect(refusal({}, SIGNED_AT + 86_400_000)).toBeUndefined();
  expect(refusal({}, SIGNED_AT + 86_400_001)).toBe('AccessDenied');
  expect(refusal({}, SIGNED_AT - 15 * 60_000)).toBeUndefined();
  expect(refusal({}, SIGNED_AT - 15 * 60_000 - 1)).toBe('AccessDenied');
});

test.each<[string, Partial<SignedRequest>]>([
  ['another key', changed('test.txt', 'other.txt')],
  ['another method', { method: 'PUT' }],
  ['another host', { headers: { host: 'elsewhere' } }],
  ['a longer time', changed('86400', '604800')],
  ['a later day', changed(/20130524/g, '20130525')],
  ['another parameter', { target: `${EXAMPLE.target}&versionId=1` }],
  ['another region', changed('us-east-1', 'eu-central-1')],
  ['another signature', changed(SIGNATURE, `0${SIGNATURE.slice(1)}`)],
])('a URL that was signed for something else is refused: %s', (_, request) => {
  expect(refusal(request, SIGNED_AT + 1)).toBe(
    request.target?.includes('20130525') ? 'AccessDenied' : 'SignatureDoesNotMatch',
  );
});

test.each([
  ['no date', changed(/&X-Amz-Date=[^&]+/, '')],
  ['an invalid date', changed('20130524T000000Z', '20130524T990000Z')],
  ['no expiry', changed('&X-Amz-Expires=86400', '')],
  ['an expiry of zero', changed('86400', '0')],
  ['a negative expiry', changed('86400', '-1')],
  ['an expiry over a week', changed('86400', '604801')],
  ['no signature', changed(/&X-Amz-Signature=.*/, '')],
  ['a short signature', changed(SIGNATURE, 'ab')],
  ['no host among the signed headers', changed('SignedHeaders=host', 'SignedHeaders=range')],
  ['another algorithm', changed('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA1')],
  ['a parameter twice', { target: `${EXAMPLE.target}&X-Amz-Expires=1` }],
  ['a path that is not UTF-8', changed('test.txt', '%ff')],
])('a malformed signature gets its own error: %s', (_, request) => {
  expect(refusal(request)).toBe('AuthorizationQueryParametersError');
});

test('an unsigned AWS header is refused, and so is a foreign access key', () => {
  const headers = { ...EXAMPLE.headers, 'x-amz-acl': 'public-read' };
  expect(refusal({ headers })).toBe('AccessDenied');
  expect(refusal(changed('AKIAIOSFODNN7EXAMPLE', 'AKIAOTHER'))).toBe('InvalidAccessKeyId');
});

test('the endpoint serves what an AWS client signs, for any key, and nothing after it expires', async () => {
  let now = SIGNED_AT;
  const root = await temporaryFolder();
  const s3 = createS3({ root }).handle;
  const endpoint = await startEndpoint({ port: 0, ...KEY, services: [], s3, now: () => now });
  onTestFinished(() => endpoint.close());
  const client = new S3Client({ region: 'eu-central-1', endpoint: endpoint.url, credentials: KEY });
  onTestFinished(() => client.destroy());
  await fetch(`${endpoint.url}/bucket-a`, {
    method: 'PUT',
    headers: { authorization: `Credential=${KEY.accessKeyId}/x` },
  });
  for (const key of ['plain.txt', "a b+c/=&?'()*!~ü#%2F.txt"]) {
    await client.send(new PutObjectCommand({ Bucket: 'bucket-a', Key: key, Body: key }));
    const url = await presign(client, endpoint.url, key, now);
    expect(await (await fetch(url)).text()).toBe(key);
    now += 61_000;
    const late = await fetch(url);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
    now -= 61_000;
  }
});
