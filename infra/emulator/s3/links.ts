import { lstatSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether the path from the root to a file has a symbolic link, or the file is one: a link's target is outside the
 * lake. Synchronous because it checks only a few entries that the system has just read, and so that callers can be
 * synchronous.
 */
export function hasLink(root: string, file: string): boolean {
  let at = path.resolve(root);
  for (const name of path.relative(at, file).split(path.sep)) {
    at = path.join(at, name);
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found === undefined) return false;
    if (found.isSymbolicLink()) return true;
    if (!found.isDirectory()) return false;
  }
  return false;
}
