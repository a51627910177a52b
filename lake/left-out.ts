/** Why a listed object is not read: it is part of the lake itself, hidden, a folder marker, or not a file. */
export type LeftOutReason = 'own-lake' | 'hidden' | 'folder-marker' | 'not-a-file';

/** Objects listed but not read because of where they are, not what they contain. */
export interface LeftOut {
  /** The object's name; the shared prefix for the lake's own objects; `… and more` beyond the limit. */
  name: string;
  why: LeftOutReason;
  objects: number;
}

/** Maximum names listed per reason; a bucket may have a marker for each of a million folders. */
const MAX_NAMES = 100;
const MORE = '… and more';

/** Adds an object to a list; counts objects of the same name together. */
export function addLeftOut(list: LeftOut[], { name, why }: Pick<LeftOut, 'name' | 'why'>): void {
  const ofReason = list.filter(entry => entry.why === why);
  const shown = ofReason.some(entry => entry.name === name) || ofReason.length < MAX_NAMES ? name : MORE;
  const entry = ofReason.find(candidate => candidate.name === shown);
  if (entry === undefined) list.push({ name: shown, why, objects: 1 });
  else entry.objects++;
}

/** Number of objects left out. */
export function leftOutObjects(list: readonly LeftOut[]): number {
  return list.reduce((sum, { objects }) => sum + objects, 0);
}
