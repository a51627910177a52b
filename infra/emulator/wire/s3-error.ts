/** An error in S3's own terms: `code` is what SDKs match on, `status` the HTTP status (Amazon S3 API reference, "Error responses"). */
export class S3Error extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}

/** What S3 answers to a request that it understands but does not serve. `what` is the operation, parameter or header. */
export function notImplemented(what: string): S3Error {
  return new S3Error('NotImplemented', 501, `Sluice's local S3 does not implement ${what}.`);
}

export function invalidArgument(message: string): S3Error {
  return new S3Error('InvalidArgument', 400, message);
}

export function invalidRequest(message: string): S3Error {
  return new S3Error('InvalidRequest', 400, message);
}

export function noSuchKey(): S3Error {
  return new S3Error('NoSuchKey', 404, 'The specified key does not exist.');
}
