import { lstatSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether a symbolic link is on the way from the root to a file, or in its place: what is behind it is not the lake's. Synchronous,
 * as it looks at a few entries that the system has just read, and so that the rules of a location can stay plain functions.
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
