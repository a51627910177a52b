import { expect } from 'vitest';

/** What a command prints where it was used wrongly; fails unless it throws a `UserError` of exit code 2. */
export async function wrongUsage(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    code => new Error(`it ended with ${code}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'UserError', exitCode: 2 });
  return printed(error);
}

/** An error as the command prints it: what failed, then what to do. */
export function printed(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const todo = 'todo' in error && error.todo !== undefined ? `\n${error.todo}` : '';
  return `${error.message}${todo}`;
}
