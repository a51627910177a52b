/**
 * The layout version of a data folder, in `layout.json`, so that no version of Sluice misreads another version's data.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageFile } from '../../contract/package-root.ts';
import { UserError } from '../../contract/user-error.ts';
import { DamagedFile, parseRecord } from '../emulator/damaged-file.ts';
import { ignoreMissing, publishFile } from '../emulator/disk/durable-files.ts';

/** Migrates a data folder from one layout to the next. Must be repeatable after a kill at any point. */
export type Migration = (data: string) => Promise<void>;

/** Migrations from layout 0 (no `layout.json`) to 1, and so on. Their number is the layout that this version writes. */
const MIGRATIONS: readonly Migration[] = [
  // Layout 0 is the same as layout 1, without the file.
  async () => {},
];

export interface LayoutEffects {
  log?: (line: string) => void;
  migrations?: readonly Migration[];
}

/**
 * Checks that this version supports a data folder's layout. Throws a `UserError` if a newer version wrote it. A folder
 * that is missing or has no `layout.json` is accepted: `adoptLayout` upgrades it.
 */
export async function checkLayout(data: string, { migrations = MIGRATIONS }: LayoutEffects = {}): Promise<number> {
  const { layout, sluice } = await readLayout(data);
  if (layout <= migrations.length) return layout;
  throw new UserError(
    `${data} was written by a newer Sluice (${sluice}): its layout is ${layout}, and this version supports up to ${migrations.length}.`,
    { todo: 'Use that version, or choose another folder with --data.' },
  );
}

/** Checks a data folder's layout and upgrades an older one. Call it before anything else is written to the folder. */
export async function adoptLayout(data: string, effects: LayoutEffects = {}): Promise<void> {
  const { log = () => {}, migrations = MIGRATIONS } = effects;
  const before = await checkLayout(data, effects);
  if (before === migrations.length) return;
  const isNew = ((await readdir(data).catch(ignoreMissing)) ?? []).length === 0;
  if (!isNew && before > 0) log(`${data} has layout ${before}; upgrading it to ${migrations.length}.`);
  const sluice = await ownVersion();
  for (let layout = before; layout < migrations.length; layout++) {
    // A new folder needs no migration.
    if (!isNew) await migrations[layout]?.(data);
    await publishFile(layoutFile(data), Buffer.from(`${JSON.stringify({ layout: layout + 1, sluice })}\n`));
  }
}

/** A layout, and the version of Sluice that upgraded the folder to it. */
interface Layout {
  layout: number;
  sluice: string;
}

async function readLayout(data: string): Promise<Layout> {
  const file = layoutFile(data);
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  if (text === undefined) return { layout: 0, sluice: '' };
  const todo = `Restore it. If no newer version of Sluice has used ${data}, delete it: it is recreated.`;
  const { layout, sluice } = parseRecord<Record<keyof Layout, unknown>>(text, {
    file,
    members: ['layout', 'sluice'],
    todo,
  });
  if (typeof layout === 'number' && Number.isInteger(layout) && layout > 0) return { layout, sluice: String(sluice) };
  throw new DamagedFile(file, 'its layout is not a positive integer', { todo });
}

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(packageFile('package.json'), 'utf8')) as { version: string };
  return version;
}

function layoutFile(data: string): string {
  return path.join(data, 'layout.json');
}
