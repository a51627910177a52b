/**
 * URLs that carry their own signature (AWS Signature Version 4, "Authenticating requests: using query parameters"). Whoever has
 * one may do what it says, and no more, until it expires: so all of it is checked.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseTarget } from '../wire/request-target.ts';
import { S3Error } from '../wire/s3-error.ts';
import type { AccessKey } from './access-key.ts';

/** What of a request its signature covers. */
export interface SignedRequest {
  method: string;
  target: string;
  headers: IncomingHttpHeaders;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES_S = 604_800;
/** A clock may be this much ahead of ours, as on AWS. */
const MAX_AHEAD_MS = 15 * 60_000;

/** Whether a request is signed in its query rather than in a header. */
export function isPresigned(target: string): boolean {
  return /[?&]X-Amz-(Signature|Credential|Algorithm)=/i.test(target);
}

/** Why a presigned request is not to be served, or undefined where its signature holds and has not expired. */
export function presignedRefusal(request: SignedRequest, key: AccessKey, nowMs: number): S3Error | undefined {
  const { path, query } = parseTarget(request.target);
  const signed = parseSigned(query);
  if (typeof signed === 'string') return malformed(signed);
  const { scope, date, expiresS, headers, signature } = signed;
  if (scope[0] !== key.accessKeyId) return foreignKey();
  const startMs = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(startMs)) return malformed('X-Amz-Date is not a time');
  if (startMs - nowMs > MAX_AHEAD_MS) return denied(`Request is not yet valid: it was signed for ${date}.`);
  if (nowMs > startMs + expiresS * 1000)
    return denied(`Request has expired: it was signed at ${date} for ${expiresS} s. Sign a new URL.`);
  const unsigned = Object.keys(request.headers).find(name => name.startsWith('x-amz-') && !headers.includes(name));
  if (unsigned !== undefined)
    return denied(`There were headers present in the request which were not signed: ${unsigned}.`);
  const canonical = canonicalRequest(request, { path, query, headers });
  if (canonical === undefined) return malformed('the path is not URL-encoded UTF-8');
  const expected = sign(canonical, { secret: key.secretAccessKey, date, scope });
  const given = Buffer.from(signature, 'hex');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return undefined;
  return new S3Error(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check the key, and that nothing changed the URL.',
  );
}

interface Signed {
  /** Access key, day, region, service, `aws4_request`. */
  scope: string[];
  date: string;
  expiresS: number;
  /** Names in lower case. */
  headers: string[];
  signature: string;
}

function parseSigned(query: URLSearchParams): Signed | string {
  const given = new Map<string, string>();
  for (const [name, value] of query) {
    if (!/^X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature)$/i.test(name)) continue;
    if (given.has(name.toLowerCase())) return `${name} is given twice`;
    given.set(name.toLowerCase(), value);
  }
  const of = (name: string) => given.get(`x-amz-${name}`) ?? '';
  const scope = of('credential').split('/');
  const date = of('date');
  if (of('algorithm') !== ALGORITHM) return `X-Amz-Algorithm only supports "${ALGORITHM}"`;
  if (scope.length !== 5 || scope[4] !== 'aws4_request')
    return 'X-Amz-Credential is not <key>/<day>/<region>/<service>/aws4_request';
  if (!/^\d{8}T\d{6}Z$/.test(date) || !date.startsWith(`${scope[1]}T`))
    return "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\", of the day in X-Amz-Credential";
  const expires = of('expires');
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > MAX_EXPIRES_S)
    return `X-Amz-Expires must be a number of seconds from 1 to ${MAX_EXPIRES_S}`;
  const headers = of('signedheaders').split(';');
  if (!headers.includes('host')) return 'X-Amz-SignedHeaders must have host';
  const signature = of('signature');
  if (!/^[0-9a-f]{64}$/.test(signature)) return 'X-Amz-Signature must be 64 hexadecimal digits';
  return { scope, date, expiresS: Number(expires), headers, signature };
}

/** SigV4's canonical request; undefined for a path that is not URL-encoded UTF-8. */
function canonicalRequest(
  { method, headers }: SignedRequest,
  signed: { path: string; query: URLSearchParams; headers: string[] },
): string | undefined {
  const path = canonicalPath(signed.path);
  if (path === undefined) return undefined;
  const pairs = [...signed.query]
    .filter(([name]) => name.toLowerCase() !== 'x-amz-signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const lines = signed.headers.map(name => `${name}:${headerValue(headers, name)}\n`);
  const query = pairs.sort((a, b) => (a < b ? -1 : 1)).join('&');
  // The body is not signed, unless the request says so; its hash is then checked with the body.
  const named = headers['x-amz-content-sha256'] ?? signed.query.get('X-Amz-Content-Sha256');
  return [method, path, query, lines.join(''), signed.headers.join(';'), String(named ?? 'UNSIGNED-PAYLOAD')].join(
    '\n',
  );
}

function headerValue(headers: IncomingHttpHeaders, name: string): string {
  // HTTP/2 has the host in a pseudo-header.
  const value = headers[name] ?? (name === 'host' ? headers[':authority'] : undefined);
  return String(value ?? '')
    .trim()
    .replace(/ +/g, ' ');
}

function canonicalPath(path: string): string | undefined {
  try {
    return encode(decodeURIComponent(path)).replaceAll('%2F', '/');
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** RFC 3986: all but unreserved characters. A lone surrogate, which no URL decodes to, cannot come here. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sign(canonical: string, { secret, date, scope }: { secret: string; date: string; scope: string[] }): Buffer {
  const parts = scope.slice(1);
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of parts) key = createHmac('sha256', key).update(part).digest();
  const hash = createHash('sha256').update(canonical).digest('hex');
  return createHmac('sha256', key)
    .update([ALGORITHM, date, parts.join('/'), hash].join('\n'))
    .digest();
}

/** Refuses a request that names another access key. */
export function foreignKey(): S3Error {
  const message = 'The access key is not the one of this data folder. Set the variables that the start printed.';
  return new S3Error('InvalidAccessKeyId', 403, message);
}

function malformed(why: string): S3Error {
  return new S3Error('AuthorizationQueryParametersError', 400, `The query's signature is invalid: ${why}.`);
}

function denied(message: string): S3Error {
  return new S3Error('AccessDenied', 403, message);
}
