/** Conditional requests (RFC 9110, section 13), as S3 has them for reading and for the source of a copy. */

import { S3Error } from '../wire/s3-error.ts';
import type { S3Call } from './call.ts';
import { modifiedMs } from './store.ts';
import type { StoredObject } from './stored-object.ts';

export interface Conditions {
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
  ifModifiedSince: string | undefined;
  ifUnmodifiedSince: string | undefined;
}

/** The conditions in a request's headers; `prefix` is `x-amz-copy-source-` for those of a copy's source. */
export function parseConditions(headers: S3Call['headers'], prefix = ''): Conditions {
  return {
    ifMatch: headers[`${prefix}if-match`],
    ifNoneMatch: headers[`${prefix}if-none-match`],
    ifModifiedSince: headers[`${prefix}if-modified-since`],
    ifUnmodifiedSince: headers[`${prefix}if-unmodified-since`],
  };
}

/** `failed` is 412, `unchanged` 304 (412 for a copy), undefined means go on. An unreadable date is no condition. */
export function evaluate(
  conditions: Conditions,
  { etag, lastModifiedMs }: { etag: string; lastModifiedMs: number },
): 'failed' | 'unchanged' | undefined {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const modified = Math.floor(lastModifiedMs / 1000) * 1000;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag)) return 'failed';
  } else if (ifUnmodifiedSince !== undefined && modified > Date.parse(ifUnmodifiedSince)) return 'failed';
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, etag) ? 'unchanged' : undefined;
  return ifModifiedSince !== undefined && modified <= Date.parse(ifModifiedSince) ? 'unchanged' : undefined;
}

function matches(header: string, etag: string): boolean {
  return header.split(',').some(candidate => {
    const tag = candidate
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return tag === '*' || tag === etag;
  });
}

/** What `evaluate` takes of an object. */
export function stateOf(object: StoredObject): { etag: string; lastModifiedMs: number } {
  return { etag: object.metadata.etag, lastModifiedMs: modifiedMs(object.version) };
}

export function preconditionFailed(): S3Error {
  return new S3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold.');
}

/** Whether the object to be written must not exist yet. S3 knows `*` alone. */
export function onlyIfAbsent(call: S3Call): boolean {
  const header = call.headers['if-none-match'];
  if (header !== undefined && header !== '*')
    throw new S3Error('NotImplemented', 501, `If-None-Match: ${header} is not implemented for writes, * alone is.`);
  return header === '*';
}
