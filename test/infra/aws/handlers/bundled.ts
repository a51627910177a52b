import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { packageFile } from '../../../../contract/package-root.ts';
import { type Bundle, bundleHandler } from '../../../../infra/aws/bundle.ts';
import { HANDLER_SETTINGS, type HandlerName } from '../../../../infra/settings.ts';

export const HANDLERS = Object.keys(HANDLER_SETTINGS) as HandlerName[];

/** A folder outside the checkout that is removed after the file's tests. */
export function emptyFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-handlers-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const built = new Map<HandlerName, Bundle>();

/** A bundle is built once for all test files of a worker. */
function builtOnce(name: HandlerName): Bundle {
  const cache = packageFile('node_modules', '.cache', 'sluice-bundles', 'handlers');
  const bundle = built.get(name) ?? bundleHandler(name, packageFile('test', 'fixtures', 'workshop.config.ts'), cache);
  built.set(name, bundle);
  return bundle;
}

/** Bundles handlers with the default contract, in a folder of their own. */
export function bundled(names: readonly HandlerName[]): Map<HandlerName, Bundle> {
  const parent = emptyFolder();
  return new Map(
    names.map(name => {
      const { folder, metafile } = builtOnce(name);
      const own = path.join(parent, path.basename(folder));
      cpSync(folder, own, { recursive: true });
      return [name, { folder: own, metafile }];
    }),
  );
}
