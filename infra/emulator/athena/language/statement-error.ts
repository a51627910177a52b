/** An error that Athena raises too, with Athena's message. DDL errors are Hive's, without an error name in front. */
export class StatementError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StatementError';
  }
}

/** Hive's failure to execute a DDL statement. `exception` has the form `AlreadyExistsException(message:…)`. */
export function ddlFailure(exception: string): StatementError {
  return new StatementError(
    `FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. ${exception}`,
  );
}

/** Hive's refusal of a statement that names something that does not exist. */
export function semanticError(code: number, message: string): StatementError {
  return new StatementError(`FAILED: SemanticException [Error ${code}]: ${message}`);
}
