/** A handler reported records as failed because it had no capacity for them. They can be retried. */
export class ReportedFailure extends Error {
  constructor() {
    super('the handler reported the record as failed');
    this.name = 'ReportedFailure';
  }
}

/** DynamoDB's errors for an item that it never accepts, however often it is retried. */
const NEVER = ['ItemCollectionSizeLimitExceededException', 'ValidationException'];

/** Matches ENOSPC and ECONNRESET, but not Node's own ERR_INVALID_ARG_TYPE. */
const SYSTEM_ERROR = /^E(?!RR_)/;

/**
 * Whether a handler's failure is transient because a dependency caused it: a service's error response, the network, the
 * disk. Any other failure is caused by the record and is permanent.
 */
export function passes(error: unknown): boolean {
  if (error instanceof ReportedFailure) return true;
  if (!(error instanceof Error) || NEVER.includes(error.name)) return false;
  // Every error of the AWS SDK has `$metadata`.
  if ('$metadata' in error || ('code' in error && SYSTEM_ERROR.test(String(error.code)))) return true;
  return error.cause !== undefined && passes(error.cause);
}
