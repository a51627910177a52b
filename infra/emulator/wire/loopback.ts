/** Listening on this machine alone. */
import type { AddressInfo, Server } from 'node:net';
import { UserError } from '../../../contract/user-error.ts';

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
    throw new UserError(`Port ${port} of 127.0.0.1 is taken, by another sluice up perhaps.`, {
      todo: 'Choose other ports with --port N, or --port 0 for any free ones.',
      cause: error,
    });
  }
  // A server that listens on TCP has an AddressInfo.
  return (server.address() as AddressInfo).port;
}
