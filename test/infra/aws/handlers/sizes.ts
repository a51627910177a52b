/** The sizes of the functions on AWS: as they are, and as docs/aws-handlers.md has them. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageFile } from '../../../../contract/package-root.ts';
import type { HandlerName } from '../../../../infra/settings.ts';

/** The most bytes that a function's `index.mjs` may have; a package that comes in by mistake is over it. */
export const LIMITS: Record<HandlerName, number> = {
  guard: 400_000,
  transform: 60_000,
  consume: 400_000,
  api: 400_000,
  report: 1_500_000,
  'backfill-plan': 500_000,
  'backfill-work': 600_000,
  'backfill-publish': 500_000,
};

export interface Sizes {
  bytes: number;
  gzipBytes: number;
}

const FILE = packageFile('docs', 'aws-handlers.md');
const ROW = /^\| `([a-z-]+)` \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|.*$/gm;

/** Of a bundle's folder. */
export function sizesOf(folder: string): Sizes {
  const code = readFileSync(path.join(folder, 'index.mjs'));
  return { bytes: code.length, gzipBytes: gzipSync(code).length };
}

/** The document's table, by handler. */
export function writtenSizes(): Map<string, Sizes> {
  return new Map(
    [...readFileSync(FILE, 'utf8').matchAll(ROW)].map(([, name = '', bytes = '', gzipBytes = '']) => [
      name,
      { bytes: count(bytes), gzipBytes: count(gzipBytes) },
    ]),
  );
}

/** Puts the sizes into the document's table, each in the row of its handler. */
export function writeSizes(sizes: ReadonlyMap<HandlerName, Sizes>): void {
  const document = readFileSync(FILE, 'utf8');
  const table = [...sizes].map(
    ([name, { bytes, gzipBytes }]) =>
      `| \`${name}\` | ${[bytes, gzipBytes, LIMITS[name]].map(size => size.toLocaleString('en-US')).join(' | ')} |`,
  );
  const rows = [...document.matchAll(ROW)].map(([row]) => row);
  const [first = ''] = rows;
  const start = document.indexOf(first);
  const end = document.indexOf(rows.at(-1) ?? '') + (rows.at(-1) ?? '').length;
  writeFileSync(FILE, `${document.slice(0, start)}${table.join('\n')}${document.slice(end)}`);
}

function count(text: string): number {
  return Number(text.replaceAll(',', ''));
}
