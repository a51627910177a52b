import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { parseTarget } from '../wire/request-target.ts';
import { S3Error } from '../wire/s3-error.ts';
import { invalidBucketName } from './bucket-name.ts';
import type { Store } from './store.ts';

/** A parsed request, the input of every operation. */
export interface S3Call {
  store: Store;
  method: string;
  /** Empty for a request to the service itself. */
  bucket: string;
  /** Decoded; empty for a request to a bucket. */
  key: string;
  /** Without the `x-amz-` parameters, which are in `headers`, and the SDK's `x-id`. */
  query: Map<string, string>;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** The raw body, as it is on the wire. */
  body: AsyncIterable<Buffer>;
}

/** An operation's response: an XML document, the bytes of an object, or no body. */
export interface S3Reply {
  status: number;
  headers?: Record<string, string | undefined>;
  xml?: string;
  /** The bytes of an object. */
  stream?: Readable;
}

export type Operation = (call: S3Call) => Promise<S3Reply>;

/** Parses a request. Supports only path-style addressing, which SDKs use automatically for an IP address. */
export function parseCall(store: Store, request: IncomingMessage): S3Call {
  const target = parseTarget(request.url);
  const [bucket, ...key] = decodePath(target.path).split('/');
  if (bucket === '' && key.length > 0) throw invalidBucketName();
  const { query, headers } = splitQuery(target.query);
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>; // No encoding is set: chunks are Buffers.
  return { store, method: request.method ?? 'GET', bucket: bucket ?? '', key: key.join('/'), query, headers, body };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path.replace(/^\//, ''));
  } catch (error) {
    if (error instanceof URIError) throw new S3Error('InvalidURI', 400, "Couldn't parse the specified URI.");
    throw error;
  }
}

/** A presigned URL has its `x-amz-` headers in the query. The endpoint has already checked its signature. */
function splitQuery(parameters: URLSearchParams): Pick<S3Call, 'query' | 'headers'> {
  const query = new Map<string, string>();
  const headers: S3Call['headers'] = {};
  for (const [name, value] of parameters) {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-')) headers[lower] = value;
    else if (name !== 'x-id') query.set(name, value);
  }
  return { query, headers };
}
