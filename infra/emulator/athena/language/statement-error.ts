/** A statement that Athena would not carry out either, in Athena's words: DDL's errors are Hive's, without a name in front. */
export class StatementError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StatementError';
  }
}

/** Hive's failure to carry out a DDL statement. `exception` is such as `AlreadyExistsException(message:…)`. */
export function ddlFailure(exception: string): StatementError {
  return new StatementError(
    `FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. ${exception}`,
  );
}

/** Hive's refusal of a statement that names what is not there. */
export function semanticError(code: number, message: string): StatementError {
  return new StatementError(`FAILED: SemanticException [Error ${code}]: ${message}`);
}
