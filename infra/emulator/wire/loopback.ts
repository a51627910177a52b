/** Listening on the loopback interface only. */
import type { AddressInfo, Server } from 'node:net';
import { UserError } from '../user-error.ts';

/** The `Host` header that HTTP clients send for a port of 127.0.0.1; they omit 80, the default port of HTTP. */
export function loopbackHost(port: number): string {
  return port === 80 ? '127.0.0.1' : `127.0.0.1:${port}`;
}

/** Listens on a port of 127.0.0.1 (0: any free port) and returns the port. Throws a `UserError` if it is in use. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UserError(`Port ${port} of 127.0.0.1 is in use, perhaps by an earlier start.`, {
      todo: 'Choose another port, or 0 for any free one: --port 0.',
      cause: error,
    });
  }
  // The address of a server that listens on TCP is an AddressInfo.
  return (server.address() as AddressInfo).port;
}
