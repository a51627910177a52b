/** Writes the sizes into docs/aws-handlers.md: npm run docs:aws-handlers */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageFile } from '../../../../contract/package-root.ts';
import { bundleHandler } from '../../../../infra/aws/bundle.ts';
import { HANDLER_SETTINGS, type HandlerName } from '../../../../infra/settings.ts';
import { sizesOf, writeSizes } from './sizes.ts';

const parent = mkdtempSync(path.join(tmpdir(), 'sluice-handlers-'));
const names = Object.keys(HANDLER_SETTINGS) as HandlerName[];
const configFile = packageFile('lake.config.ts');
writeSizes(new Map(names.map(name => [name, sizesOf(bundleHandler(name, configFile, parent).folder)])));
rmSync(parent, { recursive: true });
