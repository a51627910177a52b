/** Exit codes of the command: 1 failed, 2 wrong usage, 3 finished but rejected some input. */
export type ExitCode = 1 | 2 | 3;

/** An error the user can fix. Printed without a stack: what went wrong and what to do. */
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

/** Passes a result on. Adds a `UserError`'s `todo` to its message, for a service that shows only the message. */
export async function toldWhole<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof UserError) || error.todo === undefined) throw error;
    const { message, todo, exitCode, cause } = error;
    throw new UserError(`${message} ${todo}`, { exitCode, cause });
  }
}
