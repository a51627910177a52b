import { UserError } from '../contract/user-error.ts';

/** A record file: what it must contain, and what the user can do if it is damaged. */
export interface RecordFile {
  /** The path or URL shown to the user. */
  file: string;
  /** Required members. */
  members?: readonly string[];
  todo: string;
}

/** A file written by Sluice was damaged. The message names the file and the problem. */
export class DamagedFile extends UserError {
  readonly problem: string;

  constructor(file: string, problem: string, { todo, cause }: { todo: string; cause?: unknown }) {
    super(`${file} is damaged: ${problem}.`, { todo, cause });
    this.problem = problem;
  }
}

/**
 * Parses the JSON object of a file written by Sluice. Throws a `DamagedFile` for anything else, or if a member is
 * missing.
 */
export function parseRecord<T extends object>(text: string, { file, members = [], todo }: RecordFile): T {
  if (text.trim() === '') throw new DamagedFile(file, 'it is empty', { todo });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DamagedFile(file, 'it is not JSON', { todo, cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DamagedFile(file, 'it does not hold a JSON object', { todo });
  const missing = members.find(member => !Object.hasOwn(value, member));
  if (missing !== undefined) throw new DamagedFile(file, `it lacks ${missing}`, { todo });
  // Only Sluice writes these files, each whole, so the other members are as written.
  return value as T;
}
