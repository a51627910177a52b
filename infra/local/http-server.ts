import {
  createServer as createHttp1,
  type Server as Http1Server,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttp2, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Server, Socket } from 'node:net';

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that does not listen yet. */
export interface HttpServer {
  server: Server;
  /** Takes no more connections and ends those that are idle; settles when the others have ended, at the latest after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** With what a connection of HTTP/2 begins (RFC 9113, 3.4); no request of HTTP/1.1 begins with `PRI`. */
const PREFACE = Buffer.from('PRI');

/** Node's 5 s are over just when a client that was busy for so long asks again, on a connection that is being closed. */
const KEEP_ALIVE_MS = 60_000;

/**
 * A server of HTTP/1.1, and of HTTP/2 without TLS for clients that know it beforehand (RFC 9113, 3.3): AWS's SDK for
 * JavaScript speaks HTTP/2 to Kinesis and HTTP/1.1 to all else, on the one endpoint that it is told.
 */
export function createHttpServer(listener: RequestListener): HttpServer {
  const server = createHttp1({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  // Node's compatibility API: the members that are read here and in the handlers are those of HTTP/1.1.
  const http2 = createHttp2((request, response) =>
    listener(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  const sessions = new Set<ServerHttp2Session>();
  http2.on('session', session => {
    sessions.add(session);
    session.on('error', ignore).on('close', () => sessions.delete(session));
  });
  const undecided = tellVersionsApart(server, http2);
  return {
    server,
    close: graceMs =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeIdleConnections();
        for (const socket of undecided) socket.destroy();
        for (const session of sessions) session.close();
        // A client that holds its connection open for reuse must not hold up Ctrl-C.
        setTimeout(() => {
          server.closeAllConnections();
          for (const session of sessions) session.destroy();
        }, graceMs).unref();
      }),
  };
}

/** Hands each connection to the server of its version once it has said something; gives those that have not. */
function tellVersionsApart(http1: Http1Server, http2: Http2Server): ReadonlySet<Socket> {
  const [serveHttp1] = http1.listeners('connection') as ((this: Http1Server, socket: Socket) => void)[];
  http1.removeAllListeners('connection');
  const undecided = new Set<Socket>();
  http1.on('connection', socket => {
    undecided.add(socket);
    socket.on('error', ignore).on('close', () => undecided.delete(socket));
    socket.once('data', (first: Buffer) => {
      undecided.delete(socket);
      socket.pause();
      socket.unshift(first);
      if (first.subarray(0, PREFACE.length).equals(PREFACE)) {
        // Takes what was put back, and from then on reads below the socket, which must not flow beside it.
        http2.emit('connection', socket);
      } else {
        serveHttp1?.call(http1, socket);
        socket.resume();
      }
    });
  });
  return undecided;
}

/** A connection that breaks ends itself; the request that was on it is told. */
function ignore(): void {}
