import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHttpServer, HTTP_LIMITS, type RequestListener } from '../wire/http-server.ts';
import { answerJson, type JsonService } from '../wire/json-service.ts';
import { listenOnLoopback, loopbackHost } from '../wire/loopback.ts';
import { parseTarget } from '../wire/request-target.ts';
import type { S3Error } from '../wire/s3-error.ts';
import { errorDocument } from '../wire/xml.ts';
import { foreignKey, isPresigned, presignedRefusal } from './presigned-url.ts';
import { answerSts } from './sts.ts';

/** Handles one request whole; a rejected promise is answered with 500, by the server. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface EndpointOptions {
  /** 0 takes a free port. */
  port: number;
  /** Only requests signed with this key are served, so that real AWS credentials sent here by mistake fail at once. */
  accessKeyId: string;
  /** What presigned URLs are checked with; without it none is served. */
  secretAccessKey?: string;
  /** AWS JSON services, told apart by `X-Amz-Target`. */
  services: JsonService[];
  /** DynamoDB speaks AWS JSON too, but through its own emulator; absent where no hot table is served. */
  dynamodb?: HttpHandler;
  /** Everything that is no AWS JSON request and not signed for STS is S3's. */
  s3: HttpHandler;
  now?: () => number;
}

export interface Endpoint {
  url: string;
  close(): Promise<void>;
}

/** Starts the one local endpoint, on 127.0.0.1 only, that speaks the wire protocols of the AWS services. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  return listen((request, response) => serve(options, request, response), options.port);
}

const CLOSE_GRACE_MS = 2_000;

/** Listens on 127.0.0.1 and refuses foreign hosts and origins before the listener sees the request. */
export async function listen(listener: RequestListener, port: number, limits = HTTP_LIMITS): Promise<Endpoint> {
  let host = '';
  const { server, close } = createHttpServer((request, response) => {
    if (isOwn(request, host)) return listener(request, response);
    refuseOthers(response, host);
  }, limits);
  host = loopbackHost(await listenOnLoopback(server, port));
  return { url: `http://${host}`, close: () => close(CLOSE_GRACE_MS) };
}

/**
 * A web page of another site reaches a loopback port by DNS rebinding (wrong Host), by a cross-origin request (Origin), or by
 * an image, a script or a frame, which browsers mark (Fetch Metadata, W3C). Following a link is not the page's doing.
 */
function isOwn({ headers }: IncomingMessage, host: string): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'] ?? 'none';
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (site !== 'none' && site !== 'same-origin' && !isLink) return false;
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
  const refusal = refusalOf(options, request);
  if (refusal !== undefined) return refuseCredentials(request, response, refusal);
  if (isSignedForSts(request)) return answerSts(request, response);
  if (typeof target !== 'string') return options.s3(request, response);
  const service = options.services.find(candidate => target.startsWith(`${candidate.target}.`));
  if (service !== undefined) return answerJson(service, request, response);
  if (target.startsWith('DynamoDB_') && options.dynamodb !== undefined) return options.dynamodb(request, response);
  return answerJson({ target: target.split('.')[0] ?? '', version: '1.1', operations: {} }, request, response);
}

/**
 * Why the caller is not to be served. A request that is signed in a header must name the data folder's key, which is known to
 * who may read the folder, and nothing more: nobody else sees what goes over this machine's loopback, so that a signature
 * would prove no more. A presigned URL is made to be given away, with the key's name in it, and is checked in full.
 */
function refusalOf(options: EndpointOptions, request: IncomingMessage): S3Error | undefined {
  const { accessKeyId, secretAccessKey, now = Date.now } = options;
  const { method = 'GET', url = '/', headers } = request;
  if (isPresigned(url)) {
    if (secretAccessKey === undefined) return foreignKey();
    return presignedRefusal({ method, target: url, headers }, { accessKeyId, secretAccessKey }, now());
  }
  const credential = /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1];
  return credential?.split('/')[0] === accessKeyId ? undefined : foreignKey();
}

/** The Query protocol names its service nowhere but in the signature's scope. */
function isSignedForSts(request: IncomingMessage): boolean {
  return /Credential=[^,\s]+\/sts\/aws4_request/.test(request.headers.authorization ?? '');
}

function refuseCredentials(request: IncomingMessage, response: ServerResponse, refusal: S3Error): void {
  request.resume();
  const { message, status } = refusal;
  const isJson = request.headers['x-amz-target'] !== undefined;
  const body = isJson
    ? JSON.stringify({ __type: 'UnrecognizedClientException', message })
    : errorDocument(refusal, parseTarget(request.url).path, String(response.getHeader('x-amzn-requestid')));
  response.writeHead(status, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'application/xml' });
  response.end(body);
}
