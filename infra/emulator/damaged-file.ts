import { UserError } from './user-error.ts';

/** What a file of records is to be, and what the user can do about one that is not. */
export interface RecordFile {
  /** As the user finds it. */
  file: string;
  /** Members that each record has. */
  members?: readonly string[];
  todo: string;
}

/** A file that the emulator wrote is not as it was written. Its message names the file and says what is wrong with it. */
export class DamagedFile extends UserError {
  readonly problem: string;

  constructor(file: string, problem: string, { todo, cause }: { todo: string; cause?: unknown }) {
    super(`${file} is damaged: ${problem}.`, { todo, cause });
    this.problem = problem;
  }
}

/** The JSON object of a file that the emulator wrote. Throws a `DamagedFile` for anything else, or where a member is missing. */
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
  // Only the emulator writes these files, each whole; what else it has is as it was written.
  return value as T;
}
