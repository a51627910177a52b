/** Exit codes of the command: 1 failed, 2 wrong usage, 3 done but some input was rejected. */
export type ExitCode = 1 | 2 | 3;

/** An error that the user can mend: printed without a stack, as what went wrong and what to do next. */
export class UserError extends Error {
  readonly exitCode: ExitCode;
  readonly todo: string | undefined;

  constructor(message: string, options: { todo?: string; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.exitCode = options.exitCode ?? 1;
    this.todo = options.todo;
  }
}

/** Passes a result on, and a `UserError` with what to do in its message, for a service that shows the message alone. */
export async function toldWhole<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof UserError) || error.todo === undefined) throw error;
    const { message, todo, exitCode, cause } = error;
    throw new UserError(`${message} ${todo}`, { exitCode, cause });
  }
}
