import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHttpServer, type RequestListener } from './http-server.ts';
import { answerJson, type JsonService } from './json-service.ts';
import { listenOnLoopback, loopbackHost } from './loopback.ts';
import { answerSts } from './sts.ts';

/** Handles one request whole; a rejected promise is answered with 500. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface EndpointOptions {
  /** 0 takes a free port. */
  port: number;
  /** Only requests signed with this key are served, so that real AWS credentials sent here by mistake fail at once. */
  accessKeyId: string;
  /** AWS JSON services, told apart by `X-Amz-Target`. */
  services: JsonService[];
  /** DynamoDB speaks AWS JSON too, but through its own emulator; absent where no hot table is served. */
  dynamodb?: HttpHandler;
  /** Everything that is no AWS JSON request and not signed for STS is S3's. */
  s3: HttpHandler;
}

export interface Endpoint {
  url: string;
  close(): Promise<void>;
}

/** Starts the one local endpoint, on 127.0.0.1 only, that speaks the wire protocols of the AWS services Sluice uses. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  return listen((request, response) => {
    serve(options, request, response).catch((error: unknown) => failWith500(response, error));
  }, options.port);
}

const CLOSE_GRACE_MS = 2_000;

/** Listens on 127.0.0.1 and refuses foreign hosts and origins before the listener sees the request. */
export async function listen(listener: RequestListener, port: number): Promise<Endpoint> {
  let host = '';
  const { server, close } = createHttpServer((request, response) => {
    if (isOwn(request, host)) listener(request, response);
    else refuseOthers(response, host);
  });
  host = loopbackHost(await listenOnLoopback(server, port));
  return { url: `http://${host}`, close: () => close(CLOSE_GRACE_MS) };
}

/** A web page of another site reaches a loopback port by DNS rebinding (wrong Host) or by a cross-origin request (Origin). */
function isOwn({ headers }: IncomingMessage, host: string): boolean {
  const { origin } = headers;
  // HTTP/2 has the host in a pseudo-header.
  return (headers.host ?? headers[':authority']) === host && (origin === undefined || origin === `http://${host}`);
}

function refuseOthers(response: ServerResponse, host: string): void {
  response.writeHead(403, { 'content-type': 'text/plain' });
  response.end(
    `This is ${host}, for programs on this machine. Requests for other hosts or from other origins are refused.\n`,
  );
}

async function serve(options: EndpointOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-amzn-requestid', crypto.randomUUID());
  const target = request.headers['x-amz-target'];
  if (!isSignedWith(options.accessKeyId, request)) return refuseCredentials(request, response, target !== undefined);
  if (isSignedForSts(request)) return answerSts(request, response);
  if (typeof target !== 'string') return options.s3(request, response);
  const service = options.services.find(candidate => target.startsWith(`${candidate.target}.`));
  if (service !== undefined) return answerJson(service, request, response);
  if (target.startsWith('DynamoDB_') && options.dynamodb !== undefined) return options.dynamodb(request, response);
  return answerJson({ target: target.split('.')[0] ?? '', version: '1.1', operations: {} }, request, response);
}

function isSignedWith(accessKeyId: string, request: IncomingMessage): boolean {
  const presigned = new URL(request.url ?? '/', 'http://localhost').searchParams.get('X-Amz-Credential');
  const credential = presigned ?? /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  return credential?.split('/')[0] === accessKeyId;
}

/** The Query protocol names its service nowhere but in the signature's scope. */
function isSignedForSts(request: IncomingMessage): boolean {
  return /Credential=[^,\s]+\/sts\/aws4_request/.test(request.headers.authorization ?? '');
}

function refuseCredentials(request: IncomingMessage, response: ServerResponse, isJson: boolean): void {
  request.resume();
  const message = 'The access key is not the one of this data folder. `sluice env` prints the variables to set.';
  const body = isJson
    ? JSON.stringify({ __type: 'UnrecognizedClientException', message })
    : `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InvalidAccessKeyId</Code><Message>${message}</Message></Error>`;
  response.writeHead(403, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'application/xml' });
  response.end(body);
}

function failWith500(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ __type: 'InternalFailure', message }));
}
