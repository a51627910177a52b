import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHttpServer, HTTP_LIMITS, type RequestListener } from '../wire/http-server.ts';
import { answerJson, type JsonService } from '../wire/json-service.ts';
import { listenOnLoopback, loopbackHost } from '../wire/loopback.ts';
import { parseTarget } from '../wire/request-target.ts';
import type { S3Error } from '../wire/s3-error.ts';
import { errorDocument } from '../wire/xml.ts';
import { foreignKey, isPresigned, presignedRefusal } from './presigned-url.ts';
import { answerSts } from './sts.ts';

/** Handles one request completely. If the promise rejects, the server answers with 500. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface EndpointOptions {
  /** 0 selects a free port. */
  port: number;
  /**
   * Only requests signed with this key are served, so that real AWS credentials sent here by mistake fail immediately.
   */
  accessKeyId: string;
  /** The key that verifies presigned URLs. If absent, they are refused. */
  secretAccessKey?: string;
  /** AWS JSON services, selected by `X-Amz-Target`. */
  services: JsonService[];
  /** DynamoDB also speaks AWS JSON, but has its own emulator. Absent if no hot table is served. */
  dynamodb?: HttpHandler;
  /** Receives every request that is neither AWS JSON nor signed for STS. */
  s3: HttpHandler;
  now?: () => number;
}

export interface Endpoint {
  url: string;
  close(): Promise<void>;
}

/** Starts the local endpoint for all AWS services, on 127.0.0.1 only. */
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
 * Another site's web page can reach a loopback port by DNS rebinding (wrong Host), by a cross-origin request (Origin),
 * or by an image, script or frame, which browsers mark (Fetch Metadata, W3C). A link that the user follows is allowed.
 */
function isOwn({ headers }: IncomingMessage, host: string): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'] ?? 'none';
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (site !== 'none' && site !== 'same-origin' && !isLink) return false;
  // HTTP/2 sends the host in a pseudo-header.
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
 * Why a request is refused; undefined if it is not. A request with a signature header only has to name the data
 * folder's key, which everyone who may read the folder knows. Checking the signature would prove nothing more, because
 * no one else sees loopback traffic. A presigned URL is meant to be shared and contains the key's id, so it is verified
 * fully.
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

/** In the Query protocol, only the signature's scope names the service. */
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
