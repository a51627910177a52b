/** Why a listed object is not read: a part of the lake itself, a hidden file, the marker of a folder, or not a file. */
export type LeftOutReason = 'own-lake' | 'hidden' | 'folder-marker' | 'not-a-file';

/** Objects that were listed and not read, for a reason that their place gives and not their content. */
export interface LeftOut {
  /** Of the object; of the lake's own the prefix that they share, and of many of one kind `… and more`. */
  name: string;
  why: LeftOutReason;
  objects: number;
}

/** More names than these of one reason tell nobody more; a bucket may have a marker for each of a million folders. */
const MAX_NAMES = 100;
const MORE = '… and more';

/** Adds an object to a list; those of one name are counted together. */
export function addLeftOut(list: LeftOut[], { name, why }: Pick<LeftOut, 'name' | 'why'>): void {
  const ofReason = list.filter(entry => entry.why === why);
  const shown = ofReason.some(entry => entry.name === name) || ofReason.length < MAX_NAMES ? name : MORE;
  const entry = ofReason.find(candidate => candidate.name === shown);
  if (entry === undefined) list.push({ name: shown, why, objects: 1 });
  else entry.objects++;
}

/** How many objects were left out. */
export function leftOutObjects(list: readonly LeftOut[]): number {
  return list.reduce((sum, { objects }) => sum + objects, 0);
}
