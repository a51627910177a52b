/** The open connections of a port, limited in number. At the limit, the oldest one that has sent nothing is dropped. */
import type { Socket } from 'node:net';

export interface Connections {
  /** Counts a new connection, making room if needed. Returns false if there is no room: the caller must refuse it. */
  admit(socket: Socket): boolean;
  /** Records that the client has sent something, so that the connection is no longer dropped to make room. */
  heard(socket: Socket): void;
  /** Connections on which the client has sent nothing yet. */
  silent: ReadonlySet<Socket>;
}

/** Tracks at most `max` open connections. */
export function countConnections(max: number): Connections {
  const open = new Set<Socket>();
  // Oldest first.
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
