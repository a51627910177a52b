import {
  createServer as createHttp1,
  type Server as Http1Server,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttp2, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Server, Socket } from 'node:net';
import { type Connections, countConnections } from './connections.ts';

/** Answers one request. What it throws or rejects with is answered with 500, and ends nothing but this request. */
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A server that does not listen yet. */
export interface HttpServer {
  server: Server;
  /** Takes no more connections and ends those that are idle; settles when the others have ended, at the latest after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** How much and how long a server waits for its clients. */
export interface HttpLimits {
  /** Connections at a time; beyond, one that has said nothing gives way, or the new one is answered with 503. */
  connections: number;
  /** From a connection's start to its first byte, and from a request's first byte to the end of its headers. */
  headersMs: number;
  /** Without a byte in either direction while a request is open. */
  idleMs: number;
}

export const HTTP_LIMITS: HttpLimits = { connections: 1_000, headersMs: 30_000, idleMs: 300_000 };

/** With what a connection of HTTP/2 begins (RFC 9113, 3.4); no request of HTTP/1.1 begins with `PRI`. */
const PREFACE = Buffer.from('PRI');

/** Node's 5 s are over just when a client that was busy for so long asks again, on a connection that is being closed. */
const KEEP_ALIVE_MS = 60_000;

/** How often Node looks for requests that take too long; it is at most this much late. */
const CHECK_MS = 5_000;

/**
 * A server of HTTP/1.1, and of HTTP/2 without TLS for clients that know it beforehand (RFC 9113, 3.3): AWS's SDK for
 * JavaScript speaks HTTP/2 to Kinesis and HTTP/1.1 to all else, on the one endpoint that it is told.
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
        // A client that holds its connection open for reuse must not hold up Ctrl-C.
        setTimeout(() => {
          server.closeAllConnections();
          for (const session of sessions) session.destroy();
        }, graceMs).unref();
      }),
  };
}

function createHttp2Server(serve: RequestListener, { idleMs }: HttpLimits) {
  // Node's compatibility API: the members that are read here and in the handlers are those of HTTP/1.1.
  const asHttp1 = (handle: RequestListener) => (request: unknown, response: unknown) =>
    handle(request as IncomingMessage, response as ServerResponse);
  const http2 = createHttp2(asHttp1(serve));
  // By Node's defaults these two are answered without the guard, and a stream that breaks would end the process.
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

/** The one guard for all that is served: nothing that a listener throws leaves it, and no stream that breaks goes unheard. */
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
    // There is an answer already, or nobody to read one: the client sees that it was broken off.
    response.destroy();
  }
}

/** Hands each connection to the server of its version once it has said something. */
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
    // Sockets of an HTTP server are half-open: one that the client closed before it spoke would stay for ever.
    const leave = () => void socket.destroy();
    socket.setTimeout(limits.headersMs, leave).once('end', leave);
    socket.once('data', (first: Buffer) => {
      connections.heard(socket);
      socket.setTimeout(0).off('timeout', leave).off('end', leave);
      socket.pause();
      socket.unshift(first);
      if (first.subarray(0, PREFACE.length).equals(PREFACE)) {
        // Takes what was put back, and from then on reads below the socket, which must not flow beside it. HTTP/2 has no
        // half-open connections, and never closes one.
        socket.allowHalfOpen = false;
        http2.emit('connection', socket);
      } else {
        serveHttp1?.call(http1, socket);
        socket.resume();
      }
    });
  });
}

/** Says why before it closes: a connection that only breaks looks like a fault of the network. */
function refuse(socket: Socket, most: number): void {
  const reason = `This port has ${most} connections, which is as many as it takes. Close some and try again.\n`;
  socket.end(
    `HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: ${reason.length}\r\nConnection: close\r\n\r\n${reason}`,
  );
  socket.destroySoon();
}

/** A connection that breaks ends itself; the request that was on it is told. */
function ignore(): void {}
