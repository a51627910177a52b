/** The two parts of a request's target (RFC 9112, 3.2): the raw path and the parsed query. */
export interface RequestTarget {
  /** Neither decoded nor normalised: a `..` in a key stays. */
  path: string;
  query: URLSearchParams;
}

/** A target may include the origin (RFC 9112, 3.2.2). The Host header has already been checked. */
const ORIGIN = /^https?:\/\/[^/?]*/i;

/**
 * Splits a request's target into path and query. Accepts any input: `new URL` throws for `//`, and would resolve the
 * `..` in a key.
 */
export function parseTarget(target = '/'): RequestTarget {
  const origin = target.replace(ORIGIN, '');
  const mark = origin.indexOf('?');
  if (mark === -1) return { path: origin, query: new URLSearchParams() };
  return { path: origin.slice(0, mark), query: new URLSearchParams(origin.slice(mark + 1)) };
}
