/** Failures of a query under the names that Athena gives them. */
import { StatementError } from './statements/statement-error.ts';
import { Refusal } from './translate/refusal.ts';

/** What a failed query says of itself (Athena API, `AthenaError`): category 1 is the system's fault, 2 the user's. */
export interface QueryError {
  ErrorCategory: 1 | 2;
  ErrorType: number;
  Retryable: boolean;
  ErrorMessage: string;
}

const USER_ERROR = 1006;
const SYSTEM_ERROR = 200;

/** DuckDB's kinds of errors and Trino's names for them. The first that fits counts. */
const NAMES: readonly [pattern: RegExp, name: string][] = [
  [/More than one row returned by a subquery/i, 'SUBQUERY_MULTIPLE_ROWS'],
  [/^Out of Range Error/, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/^(Binder|Parser|Catalog) Error/, 'SYNTAX_ERROR'],
  [/^(IO Error|ENOENT).*(No files found|no such file)/is, 'HIVE_CANNOT_OPEN_SPLIT'],
  [/magic bytes|parquet file|parquet footer/i, 'HIVE_BAD_DATA'],
  [/^Out of Memory Error/, 'EXCEEDED_LOCAL_MEMORY_LIMIT'],
];

/** What went wrong, in Athena's shape. */
export function queryError(error: unknown): QueryError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Refusal || error instanceof StatementError) return userError(message);
  // Raised by the prelude's macros: the name is in the text.
  const raised = /^Invalid Input Error: (DIVISION_BY_ZERO|INVALID_FUNCTION_ARGUMENT|NOT_SUPPORTED): (.*)/s.exec(
    message,
  );
  if (raised !== null) return userError(`${raised[1]}: ${firstLine(raised[2] ?? '')}`);
  const known = NAMES.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return userError(`${known[1]}: ${firstLine(message)}`);
  return {
    ErrorCategory: 1,
    ErrorType: SYSTEM_ERROR,
    Retryable: false,
    ErrorMessage: `GENERIC_INTERNAL_ERROR: ${firstLine(message)}`,
  };
}

/** Whether a file went away while it was read: compaction removes files after it has published their successors. */
export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && /No files found|No such file/i.test(error.message);
}

function userError(ErrorMessage: string): QueryError {
  return { ErrorCategory: 2, ErrorType: USER_ERROR, Retryable: false, ErrorMessage };
}

function firstLine(text: string): string {
  return text.split('\n\n')[0]?.trim() ?? text;
}
