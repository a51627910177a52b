import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { packageFile } from '../../../contract/package-root.ts';
import { HANDLER_SETTINGS, type HandlerName } from '../../../contract/settings.ts';
import { type Bundle, bundleHandler } from '../../../infra/aws/bundle.ts';

export const HANDLERS = Object.keys(HANDLER_SETTINGS) as HandlerName[];

/** A folder outside of the checkout that is removed after the file's tests. */
export function emptyFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-handlers-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Bundles of handlers with the contract that ships, in a folder of their own. */
export function bundled(names: readonly HandlerName[]): Map<HandlerName, Bundle> {
  const parent = emptyFolder();
  const configFile = packageFile('lake.config.ts');
  return new Map(names.map(name => [name, bundleHandler(name, configFile, parent)]));
}
