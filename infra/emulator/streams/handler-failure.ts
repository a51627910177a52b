/** A handler reported records as failed: it found no room for them, and they may be tried again. */
export class ReportedFailure extends Error {
  constructor() {
    super('the handler reported the record as failed');
    this.name = 'ReportedFailure';
  }
}

/** What DynamoDB answers to an item that it will never take, however often it is asked. */
const NEVER = ['ItemCollectionSizeLimitExceededException', 'ValidationException'];

/** Such as ENOSPC and ECONNRESET, and not Node's own ERR_INVALID_ARG_TYPE. */
const SYSTEM_ERROR = /^E(?!RR_)/;

/**
 * Whether a handler failed by what it leans on, which passes: a service that answers with an error, the network, the disk.
 * Otherwise the record itself is at fault, and stays so.
 */
export function passes(error: unknown): boolean {
  if (error instanceof ReportedFailure) return true;
  if (!(error instanceof Error) || NEVER.includes(error.name)) return false;
  // `$metadata` is on every error of the AWS SDK.
  if ('$metadata' in error || ('code' in error && SYSTEM_ERROR.test(String(error.code)))) return true;
  return error.cause !== undefined && passes(error.cause);
}
