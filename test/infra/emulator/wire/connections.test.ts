import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer, HTTP_LIMITS, type RequestListener } from '../../../../infra/emulator/wire/http-server.ts';
import { listenOnLoopback } from '../../../../infra/emulator/wire/loopback.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

async function serve(
  limits: Partial<typeof HTTP_LIMITS> = {},
  listener: RequestListener = (_, response) => response.end('ok'),
) {
  const { server, close } = createHttpServer(listener, { ...HTTP_LIMITS, ...limits });
  const port = await listenOnLoopback(server, 0);
  onTestFinished(() => close(0));
  const open = () =>
    new Promise<number>((resolve, reject) => {
      server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  return {
    server,
    port,
    /** Resolves when no connection is left. */
    async allGone() {
      while ((await open()) > 0) await new Promise(resolve => setImmediate(resolve));
    },
    /** A connection, with everything received on it. */
    async client(allowHalfOpen = false): Promise<{ socket: Socket; received: () => string; closed: Promise<unknown> }> {
      const arrived = once(server, 'connection');
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
      let text = '';
      socket
        .on('error', () => {})
        .on('data', data => {
          text += data.toString('latin1');
        });
      const closed = once(socket, 'close');
      onTestFinished(() => void socket.destroy());
      await Promise.all([once(socket, 'connect'), arrived]);
      return { socket, received: () => text, closed };
    },
  };
}

test('connections that are closed, half-closed or cut before they send anything leave nothing behind', async () => {
  const { client, allGone } = await serve();
  for (let index = 0; index < 10; index++) (await client()).socket.end();
  for (let index = 0; index < 10; index++) (await client()).socket.resetAndDestroy();
  for (let index = 0; index < 10; index++) (await client(true)).socket.end();
  await allGone();
});

test('connections that break off within a request leave nothing behind', async () => {
  const { client, allGone } = await serve();
  for (const text of ['G', 'GET / HTTP/1.1\r\n', 'PRI', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', REQUEST, 'noise\r\n\r\n'])
    for (const half of [false, true]) (await client(half)).socket.end(text);
  await allGone();
});

test('a silent connection is closed after a while, and so is one that does not finish its headers', async () => {
  const { client, allGone } = await serve({ headersMs: 50 });
  const silent = await client();
  const slow = await client();
  slow.socket.write('GET / HTTP/1.1\r\nHost: loc');
  await Promise.all([silent.closed, slow.closed]);
  expect(silent.received()).toBe('');
  expect(slow.received()).toContain('408');
  await allGone();
});

test('a connection without a byte in either direction is closed, in HTTP/2 too', async () => {
  const { client, port, allGone } = await serve({ idleMs: 50 }, () => {});
  const waiting = await client();
  waiting.socket.write(REQUEST);
  const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => {});
  await Promise.all([waiting.closed, once(session, 'close')]);
  await allGone();
});

test('beyond the limit, the oldest silent connection is closed; if all have sent data, the new one is refused with the reason', async () => {
  const held: ServerResponse[] = [];
  const { server, client } = await serve({ connections: 2 }, (_, response) => void held.push(response));
  const silent = await client();
  const asking = async () => {
    const made = await client();
    const asked = once(server, 'request');
    made.socket.write(REQUEST);
    await asked;
    return made;
  };
  const first = await asking();
  const second = await asking();
  await silent.closed;
  const refused = await client();
  await refused.closed;
  expect(refused.received()).toMatch(/^HTTP\/1\.1 503 .*\b2 connections\b/s);
  for (const response of held) response.end('ok');
  first.socket.end();
  second.socket.end();
  await Promise.all([first.closed, second.closed]);
  expect(first.received()).toContain('200 OK');
  await asking();
});
