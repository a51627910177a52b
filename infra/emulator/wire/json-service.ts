import type { IncomingMessage, ServerResponse } from 'node:http';
import { DamagedFile } from '../damaged-file.ts';
import { isUserError } from '../user-error.ts';

/** A stand-in for one AWS service that speaks AWS JSON: operation name to function. What is not listed is refused by name. */
export interface JsonService {
  /** The first part of `X-Amz-Target`, such as `AmazonAthena`. */
  target: string;
  version: '1.0' | '1.1';
  /** How the service says that it failed by itself: where it has no such error, 500 and InternalServerException. */
  failure?: { code: string; status: number };
  operations: Record<string, (input: never) => Promise<object>>;
}

/** An error in the service's own shape: `__type` is `code`. 400 is the caller's fault, 500 the service's. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error's shape, such as `AthenaErrorCode`. */
  readonly members: Record<string, unknown>;

  constructor(code: string, message: string, { status = 400, members = {}, cause = undefined as unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

const INTERNAL = { code: 'InternalServerException', status: 500 };
const DAMAGED = { code: 'DamagedFile', status: 500 };

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** Answers one AWS JSON request. */
export async function answerJson(
  service: JsonService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const operation = String(request.headers['x-amz-target'] ?? '').slice(service.target.length + 1);
  try {
    const run = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
    if (run === undefined)
      throw new ServiceError('UnknownOperationException', `Sluice's local ${service.target} has no ${operation}.`);
    const input = parseInput(await readBody(request, MAX_REQUEST_BYTES));
    // Every operation validates the members that it reads.
    send(response, 200, service.version, await run(input as never));
  } catch (error) {
    const known = error instanceof ServiceError ? error : undefined;
    const message = messageOf(error);
    const internal = error instanceof DamagedFile ? DAMAGED : (service.failure ?? INTERNAL);
    const { code, status } = known ?? internal;
    const body = { ...known?.members, __type: code, message, Message: message };
    response.setHeader('x-amzn-errortype', code);
    send(response, status, service.version, body);
  }
}

/** With what to do about it, where there is something. */
export function messageOf(error: unknown): string {
  if (isUserError(error)) return [error.message, error.todo].filter(Boolean).join(' ');
  return error instanceof Error ? error.message : String(error);
}

/** The request's body, at most `limit` bytes. */
export async function readBody(request: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.byteLength;
    if (length > limit)
      throw new ServiceError('RequestEntityTooLargeException', `The request is over ${limit} bytes.`, { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function parseInput(body: Buffer): object {
  if (body.length === 0) return {};
  try {
    const input: unknown = JSON.parse(body.toString('utf8'));
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  } catch {
    // Falls through to the one error for everything that is no JSON object.
  }
  throw new ServiceError('SerializationException', 'The request is not a JSON object.');
}

function send(response: ServerResponse, status: number, version: string, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': `application/x-amz-json-${version}`, 'content-length': bytes.length });
  response.end(bytes);
}
