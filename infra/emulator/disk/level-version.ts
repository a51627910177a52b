/** What the records of a LevelDB's manifest come to (LevelDB, `version_edit.cc`): the files that hold the store. */
import { type Cursor, readVarint } from './level-varint.ts';

/** A table file, by its number and size. */
export interface TableFile {
  number: number;
  bytes: number;
}

export interface LevelVersion {
  /** The oldest log whose records are in no table yet; 0 in a store that was never opened. */
  logNumber: number;
  tables: TableFile[];
}

// The members of an edit.
const COMPARATOR = 1;
const LOG_NUMBER = 2;
const NEXT_FILE_NUMBER = 3;
const LAST_SEQUENCE = 4;
const COMPACT_POINTER = 5;
const DELETED_FILE = 6;
const NEW_FILE = 7;
const PREVIOUS_LOG_NUMBER = 9;

/** The store that a manifest's edits come to; undefined where one of them cannot be read, or where there is none. */
export function readVersion(edits: readonly Buffer[]): LevelVersion | undefined {
  const version = { logNumber: 0, tables: new Map<number, TableFile>() };
  try {
    for (const edit of edits) apply(edit, version);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return edits.length === 0 ? undefined : { logNumber: version.logNumber, tables: [...version.tables.values()] };
}

function apply(edit: Buffer, version: { logNumber: number; tables: Map<number, TableFile> }): void {
  const cursor: Cursor = { bytes: edit, at: 0 };
  const number = () => readVarint(cursor);
  const skipText = () => {
    const length = number();
    cursor.at += length;
  };
  while (cursor.at < edit.length) {
    const member = number();
    if (member === COMPARATOR) skipText();
    else if (member === LOG_NUMBER) version.logNumber = number();
    else if (member === NEXT_FILE_NUMBER || member === LAST_SEQUENCE || member === PREVIOUS_LOG_NUMBER) number();
    else if (member === COMPACT_POINTER) {
      number();
      skipText();
    } else if (member === DELETED_FILE) {
      number();
      version.tables.delete(number());
    } else if (member === NEW_FILE) {
      number();
      const table = { number: number(), bytes: number() };
      skipText();
      skipText();
      // A file that moves to another level is deleted and new in one edit, in this order.
      version.tables.set(table.number, table);
    } else throw new RangeError(`an edit has no member ${member}`);
  }
}
