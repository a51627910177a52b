/** A stand-in for Amazon S3 over plain files: the operations in `operations/`, and no other. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { DamagedFile } from '../damaged-file.ts';
import type { HttpHandler } from '../services/endpoint.ts';
import { messageOf } from '../wire/json-service.ts';
import { S3Error } from '../wire/s3-error.ts';
import { errorDocument } from '../wire/xml.ts';
import { parseCall, type S3Reply } from './call.ts';
import { route } from './route.ts';
import { createStore, DEFAULT_REGION, type Store } from './store.ts';

export { objectOfPath, objectPath } from './object-path.ts';

/**
 * S3's REST API over the files at `root/<bucket>/<key>` (see objectPath). A 200 for a write means that the object is on
 * disk. Files that came there by other means are objects too. `root` is made with the first bucket. All buckets are in `region`.
 */
export function createS3(
  { root, region = DEFAULT_REGION }: { root: string; region?: string },
  { now = Date.now } = {},
): { handle: HttpHandler } {
  const store = createStore({ root, region }, now);
  return { handle: (request, response) => handle(store, request, response) };
}

async function handle(store: Store, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  response.setHeader('x-amz-request-id', requestId);
  const reply = await answer(store, request, requestId);
  // What is left of a refused body is taken, or the client would not get to read why.
  request.resume();
  await send(request, response, reply);
}

async function answer(store: Store, request: IncomingMessage, requestId: string): Promise<S3Reply> {
  try {
    const call = parseCall(store, request);
    return await route(call)(call);
  } catch (error) {
    if (error instanceof S3Error) return refusal(error, request, requestId);
    const code = error instanceof DamagedFile ? 'DamagedFile' : 'InternalError';
    return refusal(new S3Error(code, 500, messageOf(error)), request, requestId);
  }
}

function refusal(error: S3Error, request: IncomingMessage, requestId: string): S3Reply {
  const [resource = '/'] = (request.url ?? '/').split('?');
  return { status: error.status, xml: errorDocument(error, resource, requestId) };
}

async function send(request: IncomingMessage, response: ServerResponse, reply: S3Reply): Promise<void> {
  for (const [name, value] of Object.entries(reply.headers ?? {}))
    if (value !== undefined) response.setHeader(name, value);
  if (reply.xml !== undefined) response.setHeader('content-type', 'application/xml');
  const body = Buffer.from(reply.xml ?? '');
  if (reply.stream === undefined && request.method !== 'HEAD' && ![204, 304].includes(reply.status))
    response.setHeader('content-length', body.length);
  response.writeHead(reply.status);
  if (reply.stream === undefined) {
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  try {
    await pipeline(reply.stream, response);
  } catch (error) {
    // The client left, or the file was cut short: either way the answer is broken off, which the client sees.
    if (!response.destroyed) throw error;
  }
}
