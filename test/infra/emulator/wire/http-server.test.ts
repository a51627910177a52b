import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../../infra/emulator/services/endpoint.ts';

async function echo() {
  const endpoint = await listen((request, response) => {
    response.end(`${request.httpVersion} ${request.method} ${request.url}`);
  }, 0);
  onTestFinished(() => endpoint.close());
  return endpoint;
}

/** One request over HTTP/2 without TLS; `authority` and `origin` are what the client claims. */
function overHttp2(url: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(url);
    session.on('error', reject);
    const stream = session.request({ ':path': '/x?y=1', ...headers });
    let status = 0;
    let text = '';
    stream.setEncoding('utf8');
    stream.on('response', answer => {
      status = Number(answer[constants.HTTP2_HEADER_STATUS]);
    });
    stream.on('data', part => {
      text += part;
    });
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve({ status, text });
    });
  });
}

test('one port speaks HTTP/1.1 and HTTP/2, depending on the client', async () => {
  const { url } = await echo();
  const [first, second, third] = await Promise.all([
    fetch(`${url}/x?y=1`).then(response => response.text()),
    overHttp2(url),
    fetch(`${url}/z`).then(response => response.text()),
  ]);
  expect([first, second.text, third]).toEqual(['1.1 GET /x?y=1', '2.0 GET /x?y=1', '1.1 GET /z']);
});

test('foreign hosts and origins are refused over HTTP/2 too', async () => {
  const { url } = await echo();
  for (const headers of [{ ':authority': 'attacker.example' }, { origin: 'https://attacker.example' }])
    expect((await overHttp2(url, headers)).status).toBe(403);
});

test('a request that comes byte by byte is read whole', async () => {
  const { url } = await echo();
  const { host, port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1').setNoDelay(true);
  onTestFinished(() => void socket.destroy());
  const answer = new Promise<string>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', data => resolve(data.toString()));
  });
  for (const byte of `GET /slow HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    await new Promise<void>((resolve, reject) => socket.write(byte, error => (error ? reject(error) : resolve())));
  expect(await answer).toContain('1.1 GET /slow');
});

test('closing does not wait for a client that has sent nothing, or that keeps its connection alive', async () => {
  const endpoint = await listen((_, response) => response.end('done'), 0);
  const silent = connect(Number(new URL(endpoint.url).port), '127.0.0.1');
  onTestFinished(() => void silent.destroy());
  await new Promise(resolve => silent.once('connect', resolve));
  await fetch(endpoint.url).then(response => response.text());
  const session = connectHttp2(endpoint.url);
  onTestFinished(() => void session.destroy());
  await new Promise(resolve => session.once('connect', resolve));
  await endpoint.close();
  await expect(fetch(endpoint.url)).rejects.toThrow();
});
