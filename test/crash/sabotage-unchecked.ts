/**
 * Preloaded into `sluice up`: before anything can check the stores, silently repairs each to what is still readable.
 * The harness must notice after a flipped byte.
 */
import path from 'node:path';
import { ClassicLevel } from 'classic-level';

const data = process.argv[process.argv.indexOf('--data') + 1] ?? '';
for (const store of ['streams', 'hot']) await ClassicLevel.repair(path.join(data, store));
