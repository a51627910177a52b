import { PREFIX } from '../contract/table.ts';

/** A record that could not be delivered, as Firehose stores it under the errors prefix. */
export interface FailedRecord {
  /** The source record, before any transformation. */
  rawData: Uint8Array;
  /** When it was received, ms since the epoch. */
  arrivalMs: number;
  errorCode: string;
  errorMessage: string;
  /** Default 1. */
  attemptsMade?: number | undefined;
  /** End of the last attempt, ms since the epoch. Default: `arrivalMs`, so that the same input gives the same bytes. */
  attemptEndingMs?: number | undefined;
  lambdaArn?: string | undefined;
}

/** The error code Firehose writes for a record that the transform returned as `ProcessingFailed`. */
export const REJECTED_CODE = 'Lambda.ProcessingFailedStatus';

/**
 * One line of JSON, newline included, in the format Firehose documents for records that failed transformation
 * ("Handle failure in data transformation", Amazon Data Firehose Developer Guide). Times are ms since the epoch.
 */
export function failedRecordLine(record: FailedRecord): string {
  const { rawData, arrivalMs, errorCode, errorMessage, attemptsMade = 1, attemptEndingMs = arrivalMs } = record;
  const line = {
    attemptsMade,
    arrivalTimestamp: arrivalMs,
    errorCode,
    errorMessage,
    attemptEndingTimestamp: attemptEndingMs,
    rawData: Buffer.from(rawData.buffer, rawData.byteOffset, rawData.byteLength).toString('base64'),
    ...(record.lambdaArn === undefined ? {} : { lambdaArn: record.lambdaArn }),
  };
  return `${JSON.stringify(line)}\n`;
}

/**
 * Parses a line written by `failedRecordLine` or Firehose. Numbers may be strings, as in AWS's documentation. The
 * error may be named `lastErrorCode`, or `ErrorCode`, as format conversion writes it. Undefined for anything else.
 */
export function parseFailedRecord(line: string): Required<Omit<FailedRecord, 'lambdaArn'>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const fields = parsed as Record<string, unknown>; // any JSON object is one
  const arrivalMs = wholeNumber(fields.arrivalTimestamp);
  if (typeof fields.rawData !== 'string' || !BASE64.test(fields.rawData) || arrivalMs === undefined) return undefined;
  return {
    rawData: Buffer.from(fields.rawData, 'base64'),
    arrivalMs,
    errorCode: String(fields.errorCode ?? fields.lastErrorCode ?? fields.ErrorCode ?? ''),
    errorMessage: String(fields.errorMessage ?? fields.lastErrorMessage ?? fields.ErrorMessage ?? ''),
    attemptsMade: wholeNumber(fields.attemptsMade) ?? 1,
    attemptEndingMs: wholeNumber(fields.attemptEndingTimestamp) ?? arrivalMs,
  };
}

/** Key of a gzipped object of failed records: `errors/<type>/dt=<arrival date, UTC>/<name>.gz`. */
export function failedRecordKey(at: { arrivalMs: number; name: string; type?: string }): string {
  const { arrivalMs, name, type = 'processing-failed' } = at;
  return `${PREFIX.errors}${type}/dt=${new Date(arrivalMs).toISOString().slice(0, 10)}/${name}.gz`;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}
