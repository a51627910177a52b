/** What this machine, or the `sluice up` on it, refuses where nothing is wrong with Sluice, as errors that the user can mend. */
import { UserError } from '../contract/user-error.ts';

const LOOK = 'Look at --out and --data, who may write there, and the space left.';
const PORTS = 'Choose other ports with --port N, or --port 0 for any free ones.';

/** By the system's code: what to do. */
const REFUSALS: Record<string, string> = {
  EACCES: LOOK,
  EADDRINUSE: PORTS,
  EADDRNOTAVAIL: PORTS,
  EBUSY: LOOK,
  EDQUOT: 'Free some space, or name a folder on another disk, then repeat the command.',
  EIO: "The disk, or its connection, fails: look at the system's log before you repeat the command.",
  EISDIR: LOOK,
  ELOOP: LOOK,
  EMFILE: 'Close other programs, or allow more open files with ulimit -n, then repeat the command.',
  ENAMETOOLONG: LOOK,
  ENFILE: 'Close other programs, then repeat the command.',
  ENOSPC: 'Free some space, or name a folder on another disk, then repeat the command.',
  ENOTDIR: LOOK,
  EPERM: LOOK,
  EROFS: LOOK,
};

const GONE = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_SOCKET|TimeoutError)$/;
/** What Node says of a folder that a read-only disk does not let it make, with the folders above it (`recursive`). */
const UNMADE_FOLDER = /^ENOENT: .*, mkdir '(.*)'$/;
/** What a connection that is broken off comes to without a code of its own. */
const BROKEN_OFF = /^(aborted|socket hang up|terminated|Premature close)$/i;

/** The error as a `UserError`, where it is the machine's or that of a stack that went away, and not Sluice's; else the error itself. */
export function localFailure(error: unknown): unknown {
  for (const each of causesOf(error)) {
    if (each instanceof UserError) return each;
    const refusal = refusalOf(each) ?? unmadeOf(each) ?? damageOf(each) ?? goneOf(each);
    if (refusal !== undefined) return refusal;
  }
  return error;
}

/** An error and those that it came from, the outermost first. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let each = error; each instanceof Error && !causes.includes(each); each = each.cause) causes.push(each);
  return causes;
}

/** A system's error, or one that the local endpoint had and answered with: it begins with the code. */
function refusalOf(error: Error): UserError | undefined {
  const code = String((error as NodeJS.ErrnoException).code ?? /^(E[A-Z]+): /.exec(error.message)?.[1] ?? '');
  const todo = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  return todo === undefined ? undefined : new UserError(error.message, { todo, cause: error });
}

function unmadeOf(error: Error): UserError | undefined {
  const folder = UNMADE_FOLDER.exec(error.message)?.[1];
  if (folder === undefined) return undefined;
  return new UserError(
    `The folder ${folder} cannot be made: the disk is read-only, or a link above it leads nowhere.`,
    {
      todo: LOOK,
      cause: error,
    },
  );
}

/** What the local endpoint answers where a file of the data folder is damaged: the message says what to do. */
function damageOf(error: Error): UserError | undefined {
  return error.name === 'DamagedFile' ? new UserError(error.message, { cause: error }) : undefined;
}

function goneOf(error: Error): UserError | undefined {
  const { code, message, name } = error as NodeJS.ErrnoException;
  if (!GONE.test(String(code)) && !GONE.test(name) && !BROKEN_OFF.test(message)) return undefined;
  return new UserError(`The sluice up that this command works with has stopped answering: ${message}`, {
    todo: 'Start it again with sluice up, then repeat the command. Whatever was acknowledged is kept.',
    cause: error,
  });
}
