/** The open connections of a port: at most a fixed number, of which those that have said nothing give way first. */
import type { Socket } from 'node:net';

export interface Connections {
  /** Counts a new connection, and makes room for it; false where there is none, so that the caller refuses it. */
  admit(socket: Socket): boolean;
  /** Says that the other side has spoken, so that the connection does not give way any more. */
  heard(socket: Socket): void;
  /** Connections that have said nothing yet. */
  silent: ReadonlySet<Socket>;
}

/** Counts connections, of which there may be `max`. A connection leaves the count when it closes. */
export function countConnections(max: number): Connections {
  const open = new Set<Socket>();
  // In the order of their coming.
  const silent = new Set<Socket>();
  return {
    silent,
    admit(socket) {
      if (open.size >= max) {
        const [oldest] = silent;
        if (oldest === undefined) return false;
        open.delete(oldest);
        silent.delete(oldest);
        oldest.destroy();
      }
      open.add(socket);
      silent.add(socket);
      socket.once('close', () => {
        open.delete(socket);
        silent.delete(socket);
      });
      return true;
    },
    heard: socket => void silent.delete(socket),
  };
}
