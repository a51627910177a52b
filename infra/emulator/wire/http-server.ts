import {
  createServer as createHttp1,
  type Server as Http1Server,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttp2, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Server, Socket } from 'node:net';
import { type Connections, countConnections } from './connections.ts';

/** Answers one request. If it throws or rejects, the request is answered with 500; other requests are not affected. */
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A server that is not listening yet. */
export interface HttpServer {
  server: Server;
  /** Stops accepting connections and closes idle ones. Settles when the others have closed, at most `graceMs` later. */
  close(graceMs: number): Promise<void>;
}

/** A server's limits on its clients: connections and waiting times. */
export interface HttpLimits {
  /**
   * Limit on open connections. Beyond it, the oldest silent one is dropped; if none is silent, the new one gets 503.
   */
  connections: number;
  /** From a connection's start to its first byte, and from a request's first byte to the end of its headers. */
  headersMs: number;
  /** Longest time without a byte in either direction while a request is open. */
  idleMs: number;
}

export const HTTP_LIMITS: HttpLimits = { connections: 1_000, headersMs: 30_000, idleMs: 300_000 };

/** Start of the HTTP/2 connection preface (RFC 9113, 3.4). No HTTP/1.1 request begins with `PRI`. */
const PREFACE = Buffer.from('PRI');

/** Longer than Node's 5 s, so that a client that was briefly busy does not reuse a connection that is just closing. */
const KEEP_ALIVE_MS = 60_000;

/** How often Node checks for timed-out requests, and so how late it can be at most. */
const CHECK_MS = 5_000;

/**
 * A server for HTTP/1.1, and for HTTP/2 without TLS with prior knowledge (RFC 9113, 3.3): on one and the same endpoint
 * the AWS SDK for JavaScript uses HTTP/2 for Kinesis and HTTP/1.1 for every other service.
 */
export function createHttpServer(listener: RequestListener, limits: HttpLimits = HTTP_LIMITS): HttpServer {
  const serve = guarded(listener);
  const server = createHttp1(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersMs),
    },
    serve,
  );
  server.timeout = limits.idleMs;
  const { http2, sessions } = createHttp2Server(serve, limits);
  const connections = countConnections(limits.connections);
  tellVersionsApart(server, http2, { connections, limits });
  return {
    server,
    close: graceMs =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeIdleConnections();
        for (const socket of connections.silent) socket.destroy();
        for (const session of sessions) session.close();
        // A client that keeps its connection open for reuse must not delay Ctrl-C.
        setTimeout(() => {
          server.closeAllConnections();
          for (const session of sessions) session.destroy();
        }, graceMs).unref();
      }),
  };
}

function createHttp2Server(serve: RequestListener, { idleMs }: HttpLimits) {
  // Node's HTTP/2 compatibility API has all the HTTP/1.1 members that are read here and in the handlers.
  const asHttp1 = (handle: RequestListener) => (request: unknown, response: unknown) =>
    handle(request as IncomingMessage, response as ServerResponse);
  const http2 = createHttp2(asHttp1(serve));
  // Node's default answers to these two bypass the guard, so a broken stream would end the process.
  http2.on('connect', asHttp1(guarded((_, response) => void response.writeHead(405).end())));
  http2.on('checkExpectation', asHttp1(guarded((_, response) => void response.writeHead(417).end())));
  const sessions = new Set<ServerHttp2Session>();
  http2.on('session', session => {
    sessions.add(session);
    session.on('error', ignore).on('close', () => sessions.delete(session));
    session.setTimeout(idleMs, () => session.destroy());
  });
  return { http2, sessions };
}

/** Wraps every listener: catches what it throws and handles the errors of broken streams. */
function guarded(listener: RequestListener): RequestListener {
  return async (request, response) => {
    request.on('error', ignore);
    response.on('error', ignore);
    try {
      await listener(request, response);
    } catch (error) {
      failWith500(response, error);
    }
  };
}

function failWith500(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  try {
    if (response.headersSent) throw error;
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ __type: 'InternalFailure', message }));
  } catch {
    // An answer was already started, or the client is gone: the client sees a broken connection.
    response.destroy();
  }
}

/** Passes each connection to the server for its HTTP version once the client has sent something. */
function tellVersionsApart(
  http1: Http1Server,
  http2: Http2Server,
  { connections, limits }: { connections: Connections; limits: HttpLimits },
): void {
  const [serveHttp1] = http1.listeners('connection') as ((this: Http1Server, socket: Socket) => void)[];
  http1.removeAllListeners('connection');
  http1.on('connection', socket => {
    socket.on('error', ignore);
    if (!connections.admit(socket)) return refuse(socket, limits.connections);
    // An HTTP server's sockets allow half-open: one that the client closed before sending anything would stay forever.
    const leave = () => void socket.destroy();
    socket.setTimeout(limits.headersMs, leave).once('end', leave);
    socket.once('data', (first: Buffer) => {
      connections.heard(socket);
      socket.setTimeout(0).off('timeout', leave).off('end', leave);
      socket.pause();
      socket.unshift(first);
      if (first.subarray(0, PREFACE.length).equals(PREFACE)) {
        // Reads the bytes put back above, then reads from the handle below the socket, so the socket must not flow.
        // HTTP/2 has no half-open connections and never closes one.
        socket.allowHalfOpen = false;
        http2.emit('connection', socket);
      } else {
        serveHttp1?.call(http1, socket);
        socket.resume();
      }
    });
  });
}

/** States the reason before closing: a connection that just breaks looks like a network failure. */
function refuse(socket: Socket, most: number): void {
  const reason = `This port has reached its limit of ${most} connections. Close some and try again.\n`;
  socket.end(
    `HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: ${reason.length}\r\nConnection: close\r\n\r\n${reason}`,
  );
  socket.destroySoon();
}

/** A broken connection closes by itself, and its request emits an error of its own. */
function ignore(): void {}
