/**
 * Failures of this machine, or of the `sluice up` on it, that are not bugs in Sluice, as errors that the user can fix.
 */
import { UserError } from '../contract/user-error.ts';

const LOOK = 'Check --out and --data: the path, its permissions, and the free space.';
const PORTS = 'Use other ports with --port N, or any free ones with --port 0.';

/** What to do, by the system's error code. */
const REFUSALS: Record<string, string> = {
  EACCES: LOOK,
  EADDRINUSE: PORTS,
  EADDRNOTAVAIL: PORTS,
  EBUSY: LOOK,
  EDQUOT: 'Free some space or use a folder on another disk, then run the command again.',
  EIO: "The disk or its connection fails. Check the system's log before you run the command again.",
  EISDIR: LOOK,
  ELOOP: LOOK,
  EMFILE: 'Close other programs or allow more open files with ulimit -n, then run the command again.',
  ENAMETOOLONG: LOOK,
  ENFILE: 'Close other programs, then run the command again.',
  ENOSPC: 'Free some space or use a folder on another disk, then run the command again.',
  ENOTDIR: LOOK,
  EPERM: LOOK,
  EROFS: LOOK,
};

const GONE = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_SOCKET|TimeoutError)$/;
/** Node's message if it cannot create a folder and its parents (`recursive`) on a read-only disk. */
const UNMADE_FOLDER = /^ENOENT: .*, mkdir '(.*)'$/;
/** Messages of connections that broke off without an error code. */
const BROKEN_OFF = /^(aborted|socket hang up|terminated|Premature close)$/i;

/** The error as a `UserError` if the machine or an ended stack caused it; otherwise the error itself. */
export function localFailure(error: unknown): unknown {
  for (const each of causesOf(error)) {
    // Compared by name: the emulator has its own class.
    if (each.name === 'UserError') return each;
    const refusal = refusalOf(each) ?? unmadeOf(each) ?? damageOf(each) ?? goneOf(each);
    if (refusal !== undefined) return refusal;
  }
  return error;
}

/** An error and its causes, the outermost first. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let each = error; each instanceof Error && !causes.includes(each); each = each.cause) causes.push(each);
  return causes;
}

/** A system error, or one that the local endpoint answered with, whose message begins with the code. */
function refusalOf(error: Error): UserError | undefined {
  const code = String((error as NodeJS.ErrnoException).code ?? /^(E[A-Z]+): /.exec(error.message)?.[1] ?? '');
  const todo = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  return todo === undefined ? undefined : new UserError(error.message, { todo, cause: error });
}

function unmadeOf(error: Error): UserError | undefined {
  const folder = UNMADE_FOLDER.exec(error.message)?.[1];
  if (folder === undefined) return undefined;
  return new UserError(`Cannot make the folder ${folder}: the disk is read-only, or a link above it is dangling.`, {
    todo: LOOK,
    cause: error,
  });
}

/** The local endpoint's answer if a file of the data folder is damaged; its message says what to do. */
function damageOf(error: Error): UserError | undefined {
  return error.name === 'DamagedFile' ? new UserError(error.message, { cause: error }) : undefined;
}

function goneOf(error: Error): UserError | undefined {
  const { code, message, name } = error as NodeJS.ErrnoException;
  if (!GONE.test(String(code)) && !GONE.test(name) && !BROKEN_OFF.test(message)) return undefined;
  return new UserError(`The running sluice up has stopped answering: ${message}`, {
    todo: 'Start sluice up again, then run the command again. Everything that was acknowledged is kept.',
    cause: error,
  });
}
