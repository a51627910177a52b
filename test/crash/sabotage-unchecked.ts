/**
 * Preloaded into `sluice up`: before anybody can check the stores, each is repaired to whatever can still be read of it, in
 * silence. The harness must notice after a flipped byte.
 */
import path from 'node:path';
import { ClassicLevel } from 'classic-level';

const data = process.argv[process.argv.indexOf('--data') + 1] ?? '';
for (const store of ['streams', 'hot']) await ClassicLevel.repair(path.join(data, store));
