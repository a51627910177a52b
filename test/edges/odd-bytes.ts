import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { Identity } from '../../device/provision.ts';
import type { RunFile } from '../../infra/local/run-file.ts';

const METHODS = ['GET', 'GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'CONNECT', 'PATCH', 'BREW', ''];
const TARGETS = [
  '//',
  '///',
  '//[',
  '//a:99999',
  '//?x',
  '/%',
  '/%ff',
  '*',
  'http://',
  'http://[::',
  '/a/../../etc/passwd',
  '/datas/%00',
  `/datas/${'x'.repeat(9_000)}`,
  '/?prefix=%zz&list-type=2',
  '/bucket?delete',
  '/b/k?X-Amz-Signature=0&X-Amz-Credential=a',
  '/\x80\xff',
  ' ',
];
const HEADERS = [
  '',
  'Expect: 100-continue\r\n',
  'Expect: x\r\n',
  'Upgrade: websocket\r\nConnection: Upgrade\r\n',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n',
  'Content-Length: -1\r\n',
  'Content-Length: 9999999999999999999\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Range: bytes=-\r\n',
  `X-Amz-Target: ${['DynamoDB_20120810.Scan', 'AWSGlue.', 'AmazonAthena.__proto__', 'x'].join('\r\nX-Amz-Target: ')}\r\n`,
  'Origin: null\r\n',
  'Cookie: \x00\r\n',
];
const BODIES = ['', '{', '{}', '[[[[[[', '<Delete>', 'ffffffff\r\n', '\x00\x00\x00'];

export interface OddRequests {
  port: number;
  /** MQTT's port: noise before TLS, and sometimes after the handshake. */
  isTls: boolean;
  count: number;
  random: () => number;
  run: RunFile;
  device: Identity;
}

const AT_ONCE = 200;
/** One in this many uses TLS, whose handshake takes a hundred times as long. */
const TLS_ONE_IN = 40;
const ANSWER_DEADLINE_MS = 400;

/** Sends odd requests, some of them with the right key or a right certificate. Throws if the port is closed. */
export async function sendOdd(options: OddRequests): Promise<void> {
  for (let sent = 0; sent < options.count; sent += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => sendOne(options, sent + index)));
}

function sendOne({ port, isTls, random, run, device }: OddRequests, number: number): Promise<void> {
  const bytes = isTls ? noise(random) : httpBytes(run, port, random);
  const behindTls = isTls && number % TLS_ONE_IN === 0;
  return new Promise((resolve, reject) => {
    const socket: Socket = behindTls
      ? tlsConnect({ port, host: '127.0.0.1', ca: device.ca, cert: device.cert, key: device.key })
      : connect({ port, host: '127.0.0.1' });
    socket.setTimeout(ANSWER_DEADLINE_MS, () => socket.destroy());
    socket.on('error', error => {
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED')
        reject(new Error(`the process has exited: port ${port} is closed, after ${number} odd requests`));
    });
    socket.once('close', () => resolve());
    socket.once(behindTls ? 'secureConnect' : 'connect', () => socket.write(bytes));
    // The first bytes of an answer are enough.
    socket.once('data', () => socket.destroy());
    if (isTls && !behindTls) socket.once('connect', () => socket.end());
  });
}

function httpBytes(run: RunFile, port: number, random: () => number): Buffer {
  if (random() < 0.1) return Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), noise(random)]);
  const signed = random() < 0.5 ? `Authorization: AWS4-HMAC-SHA256 Credential=${run.accessKeyId}/x\r\n` : '';
  const head = `${pick(METHODS, random)} ${pick(TARGETS, random)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
  const end = random() < 0.8 ? '\r\n' : '';
  return Buffer.from(`${head}${signed}${pick(HEADERS, random)}${end}${pick(BODIES, random)}`, 'latin1');
}

function noise(random: () => number): Buffer {
  return Buffer.from(Array.from({ length: 1 + Math.floor(random() * 200) }, () => Math.floor(random() * 256)));
}

function pick(from: readonly string[], random: () => number): string {
  return from[Math.floor(random() * from.length)] ?? '';
}
