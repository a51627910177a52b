import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { parseTarget } from '../wire/request-target.ts';
import { S3Error } from '../wire/s3-error.ts';
import { invalidBucketName } from './bucket-name.ts';
import type { Store } from './store.ts';

/** One request, taken apart: what every operation is a function of. */
export interface S3Call {
  store: Store;
  method: string;
  /** Empty for the service itself. */
  bucket: string;
  /** Decoded, exactly as the client means it; empty for a bucket. */
  key: string;
  /** Without the signature and the SDK's marks. */
  query: Map<string, string>;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** The body as it is on the wire. */
  body: AsyncIterable<Buffer>;
}

/** What an operation answers: an XML document, the bytes of an object, or neither. */
export interface S3Reply {
  status: number;
  headers?: Record<string, string | undefined>;
  xml?: string;
  /** The bytes, and how many they are. */
  stream?: Readable;
}

export type Operation = (call: S3Call) => Promise<S3Reply>;

/** Takes a request apart. Path-style addressing only, which SDKs choose by themselves for an IP address. */
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

/** A presigned URL carries `x-amz-` headers in the query; the endpoint has checked its signature. */
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
