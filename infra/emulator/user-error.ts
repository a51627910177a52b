/** An error that whoever runs the emulator can fix: printed without a stack, as what went wrong and what to do next. */
export class UserError extends Error {
  /** Of the command: 1 failed, 2 wrong usage. */
  readonly exitCode: 1 | 2;
  readonly todo: string | undefined;

  constructor(message: string, options: { todo?: string; exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.exitCode = options.exitCode ?? 1;
    this.todo = options.todo;
  }
}

/** Whether an error is meant for the user: the emulator's own, or one of the same name and shape from whoever embeds it. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError';
}
