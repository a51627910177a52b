/** Which layout a data folder has: `layout.json` in it, so that no version of Sluice misreads what another one wrote. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageFile } from '../../contract/package-root.ts';
import { UserError } from '../../contract/user-error.ts';
import { DamagedFile, parseRecord } from '../emulator/damaged-file.ts';
import { ignoreMissing, publishFile } from '../emulator/disk/durable-files.ts';

/** Brings a data folder from one layout to the next. May be killed anywhere and done again. */
export type Migration = (data: string) => Promise<void>;

/** From layout 0, of a folder that says nothing, to 1, and so on; the number of them is the layout that this version writes. */
const MIGRATIONS: readonly Migration[] = [
  // Before the file there was no other layout.
  async () => {},
];

export interface LayoutEffects {
  log?: (line: string) => void;
  migrations?: readonly Migration[];
}

/**
 * Checks that this version knows a data folder's layout. Throws a `UserError` where a newer one wrote it. A folder that is
 * missing, or says nothing, is well: `adoptLayout` brings it up to date.
 */
export async function checkLayout(data: string, { migrations = MIGRATIONS }: LayoutEffects = {}): Promise<number> {
  const { layout, sluice } = await readLayout(data);
  if (layout <= migrations.length) return layout;
  throw new UserError(
    `${data} was written by a newer Sluice (${sluice}): its layout is ${layout}, and this version knows up to ${migrations.length}.`,
    { todo: 'Use that version, or name another folder with --data.' },
  );
}

/** Checks a data folder's layout, and brings an older one up to date: before anything else is written there. */
export async function adoptLayout(data: string, effects: LayoutEffects = {}): Promise<void> {
  const { log = () => {}, migrations = MIGRATIONS } = effects;
  const before = await checkLayout(data, effects);
  if (before === migrations.length) return;
  const isNew = ((await readdir(data).catch(ignoreMissing)) ?? []).length === 0;
  if (!isNew && before > 0) log(`${data} has layout ${before}; bringing it to ${migrations.length}.`);
  const sluice = await ownVersion();
  for (let layout = before; layout < migrations.length; layout++) {
    // What a new folder lacks needs no migration.
    if (!isNew) await migrations[layout]?.(data);
    await publishFile(layoutFile(data), Buffer.from(`${JSON.stringify({ layout: layout + 1, sluice })}\n`));
  }
}

/** A layout, and the version of Sluice that brought the folder to it. */
interface Layout {
  layout: number;
  sluice: string;
}

async function readLayout(data: string): Promise<Layout> {
  const file = layoutFile(data);
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  if (text === undefined) return { layout: 0, sluice: '' };
  const todo = `Restore it. If this version of Sluice is the newest that worked with ${data}, delete it: it is made again.`;
  const { layout, sluice } = parseRecord<Record<keyof Layout, unknown>>(text, {
    file,
    members: ['layout', 'sluice'],
    todo,
  });
  if (typeof layout === 'number' && Number.isInteger(layout) && layout > 0) return { layout, sluice: String(sluice) };
  throw new DamagedFile(file, 'its layout is not a whole number above 0', { todo });
}

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(packageFile('package.json'), 'utf8')) as { version: string };
  return version;
}

function layoutFile(data: string): string {
  return path.join(data, 'layout.json');
}
