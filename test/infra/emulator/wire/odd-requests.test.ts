import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createS3 } from '../../../../infra/emulator/s3/s3.ts';
import { startApi } from '../../../../infra/emulator/services/api-gateway.ts';
import { type Endpoint, listen, startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';

/** Request targets for which `new URL(target, 'http://localhost')` throws, although llhttp accepts them. */
const NO_URLS = [
  '//',
  '///',
  '////',
  '//?',
  '//#',
  '//[',
  '//[::1',
  '//a:99999',
  '//%',
  '//@',
  '//:80',
  '//a%00b',
  '//?q=',
];
const ODD = [
  '*',
  '/%',
  '/%ff',
  '/?%',
  '/?=&&==',
  '/..//..',
  `/${'a/'.repeat(4_000)}`,
  '/\u00ff',
  '/?X-Amz-Signature=x',
];

/** The status of the answer to raw bytes; 0 if the connection was closed without one. */
function send(url: string, text: string): Promise<number> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.on('error', reject);
    socket.on('data', data => {
      answer += data.toString('latin1');
      socket.end();
    });
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)));
    socket.write(text, 'latin1');
  });
}

const head = (url: string, target: string, { method = 'GET', more = '' } = {}) =>
  `${method} ${target} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${more}\r\n`;

function overHttp2(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(url);
    session.on('error', reject);
    const stream = session.request(headers);
    let status = 0;
    stream.on('response', answer => {
      status = Number(answer[constants.HTTP2_HEADER_STATUS]);
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      session.close();
      resolve(status);
    });
    stream.resume();
  });
}

let root: string;
let ports: { endpoint: Endpoint; api: Endpoint };
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sluice-odd-'));
  ports = {
    endpoint: await startEndpoint({ port: 0, accessKeyId: 'KEY', services: [], s3: createS3({ root }).handle }),
    api: await startApi({
      port: 0,
      resources: ['/', '/datas/{deviceid}'],
      handler: async () => ({ statusCode: 200, body: '{}' }),
      log: () => {},
    }),
  };
});
afterAll(async () => {
  await Promise.all([ports.endpoint.close(), ports.api.close()]);
  await rm(root, { recursive: true, force: true });
});

const KEY = 'Authorization: AWS4-HMAC-SHA256 Credential=KEY/x\r\n';

describe.each(['endpoint', 'api'] as const)('the %s', name => {
  test.each(NO_URLS)('answers %s, which is not a URL', async target => {
    const { url } = ports[name];
    expect(() => new URL(target.replace('#', ''), 'http://localhost')).toThrow();
    expect(await send(url, head(url, target))).toBeGreaterThanOrEqual(400);
    expect(await send(url, head(url, target, { more: KEY }))).toBeGreaterThanOrEqual(200);
    expect(await overHttp2(url, { ':path': target })).toBeGreaterThanOrEqual(400);
  });

  test('answers odd targets, methods and headers, or closes', async () => {
    const { url } = ports[name];
    for (const target of ODD) expect(await send(url, head(url, target, { more: KEY }))).toBeGreaterThanOrEqual(200);
    for (const method of ['CONNECT', 'OPTIONS', 'TRACE', 'PURGE', 'BREW'])
      expect(await send(url, head(url, '/x', { method }))).not.toBe(200);
    for (const more of [
      'Upgrade: websocket\r\nConnection: Upgrade\r\n',
      'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA\r\n',
      'Expect: 100-continue\r\n',
      'Expect: the-unexpected\r\n',
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
      `X: ${'x'.repeat(20_000)}\r\n`,
      'no header\r\n',
    ])
      expect(await send(url, head(url, '//', { more }))).not.toBe(200);
    expect(await overHttp2(url, { ':method': 'CONNECT', ':authority': new URL(url).host })).toBe(405);
    expect(await overHttp2(url, { ':path': '//', expect: 'the-unexpected' })).toBe(417);
    for (const bytes of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnoise that is no frame', '\x16\x03\x01', 'GET\r\n\r\n'])
      await send(url, `${bytes}\r\n\r\n`);
    const ordinary = name === 'api' ? head(url, '/datas/a') : head(url, '/', { more: KEY });
    expect(await send(url, ordinary)).toBe(200);
  });
});

test('S3 treats an empty name as no bucket, and not as all of them', async () => {
  const { url } = ports.endpoint;
  expect(await send(url, head(url, '//', { more: KEY }))).toBe(400);
  expect(await send(url, head(url, '//key', { more: KEY }))).toBe(400);
});

test('a listener that throws, immediately or later, fails only its own request', async () => {
  const endpoint = await listen(({ url }) => {
    if (url === '/at-once') throw new Error('at once');
    return Promise.reject(new Error('later'));
  }, 0);
  onTestFinished(() => endpoint.close());
  for (const target of ['/at-once', '/later']) {
    expect(await send(endpoint.url, head(endpoint.url, target))).toBe(500);
    expect(await overHttp2(endpoint.url, { ':path': target })).toBe(500);
  }
});

test('an HTTP/2 stream that its client resets ends nothing else', async () => {
  const begun: (() => void)[] = [];
  const endpoint = await listen(() => void begun.splice(0).forEach(tell => void tell()), 0);
  onTestFinished(() => endpoint.close());
  const session = connectHttp2(endpoint.url);
  onTestFinished(() => void session.destroy());
  for (const code of [constants.NGHTTP2_INTERNAL_ERROR, constants.NGHTTP2_CANCEL]) {
    const stream = session.request({ ':method': 'POST', ':path': '/' }, { endStream: false });
    stream.on('error', () => {});
    await new Promise<void>(resolve => void begun.push(resolve));
    stream.close(code);
    await new Promise(resolve => stream.once('close', resolve));
  }
  expect(session.destroyed).toBe(false);
});

test('a page of another site cannot load anything as an image, a script or a frame, but may link here', async () => {
  const { url } = ports.api;
  const from = (site: string, mode: string, destination: string) =>
    head(url, '/datas/a', {
      more: `Sec-Fetch-Site: ${site}\r\nSec-Fetch-Mode: ${mode}\r\nSec-Fetch-Dest: ${destination}\r\n`,
    });
  for (const site of ['cross-site', 'same-site']) {
    expect(await send(url, from(site, 'no-cors', 'image'))).toBe(403);
    expect(await send(url, from(site, 'navigate', 'iframe'))).toBe(403);
    expect(await send(url, from(site, 'navigate', 'document'))).toBe(200);
  }
  expect(await send(url, from('same-origin', 'cors', 'empty'))).toBe(200);
  expect(await send(url, from('none', 'navigate', 'document'))).toBe(200);
});
