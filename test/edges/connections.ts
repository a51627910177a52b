import { connect, type Socket } from 'node:net';
import type { RunFile } from '../../infra/local/run-file.ts';

/** The port number of one of the three ports. */
export function portOf(run: RunFile, name: 'endpoint' | 'api' | 'mqtt'): number {
  return Number(new URL(run[name]).port);
}

/** The first bytes of a TLS handshake (a ClientHello's record header) that never continues. */
const HELLO = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]);

const KINDS: ((socket: Socket) => void)[] = [
  socket => void socket.end(),
  socket => void socket.destroy(),
  socket => void socket.resetAndDestroy(),
  socket => void socket.end(HELLO),
  socket => void socket.write(HELLO, () => socket.resetAndDestroy()),
  socket => void socket.end('PRI * HTTP/2.0\r\n\r\n'),
  socket => void socket.write('GET / HTTP/1.1\r\n'),
  // Sends nothing, and stays open.
  () => {},
];
const AT_ONCE = 200;

/** Opens connections and leaves each in one of the possible states. The server has to close those that stay open. */
export async function openAndLeave({ port, count }: { port: number; count: number }): Promise<void> {
  for (let opened = 0; opened < count; opened += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - opened) }, (_, index) =>
        openOne(port, (opened + index) % KINDS.length),
      ),
    );
}

function openOne(port: number, kind: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // Half-open: our FIN does not close the connection, which makes a careless server leak a descriptor.
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: kind % 2 === 0 });
    socket.once('connect', () => {
      socket.on('error', ignore).resume();
      KINDS[kind]?.(socket);
      resolve();
    });
    socket.once('error', error => {
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED')
        reject(new Error(`port ${port} is closed: the process has exited`));
      else resolve();
    });
  });
}

/** The server may cut these connections at any time. */
function ignore(): void {}
