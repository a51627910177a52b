/** Listening on this machine alone. */
import type { AddressInfo, Server } from 'node:net';
import { UserError } from '../user-error.ts';

/** What HTTP clients write into `Host` for a port of 127.0.0.1: 80, which is HTTP's own, goes unsaid. */
export function loopbackHost(port: number): string {
  return port === 80 ? '127.0.0.1' : `127.0.0.1:${port}`;
}

/** Listens on a port of 127.0.0.1, of which 0 is any free one, and gives it. Throws a `UserError` where it is taken. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UserError(`Port ${port} of 127.0.0.1 is in use, perhaps by another stack.`, {
      todo: 'Choose another port, or 0 for any free one: --port 0.',
      cause: error,
    });
  }
  // A server that listens on TCP has an AddressInfo.
  return (server.address() as AddressInfo).port;
}
