/** A request's target in two (RFC 9112, 3.2): its path as it came, and its query. */
export interface RequestTarget {
  /** Not decoded, and with `..` where a key has it. */
  path: string;
  query: URLSearchParams;
}

/** A target may name the host too (RFC 9112, 3.2.2), which the Host header has been checked for. */
const ORIGIN = /^https?:\/\/[^/?]*/i;

/**
 * Takes a request's target apart. Whatever a client sends has an answer here: `new URL` throws for `//`, and would resolve
 * the `..` of a key.
 */
export function parseTarget(target = '/'): RequestTarget {
  const origin = target.replace(ORIGIN, '');
  const mark = origin.indexOf('?');
  if (mark === -1) return { path: origin, query: new URLSearchParams() };
  return { path: origin.slice(0, mark), query: new URLSearchParams(origin.slice(mark + 1)) };
}
