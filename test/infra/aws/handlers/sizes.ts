/** The sizes of the functions on AWS: measured, and as docs/aws-handlers.md lists them. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageFile } from '../../../../contract/package-root.ts';
import type { HandlerName } from '../../../../infra/settings.ts';
import { FUNCTIONS } from './functions.ts';

export interface Sizes {
  bytes: number;
  gzipBytes: number;
}

const FILE = packageFile('docs', 'aws-handlers.md');
const ROW = /^\| `([a-z-]+)` \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|.*$/gm;

/** Size of a bundle's folder. */
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

/** Writes the sizes into the document's table, each in the row of its handler. */
export function writeSizes(sizes: ReadonlyMap<HandlerName, Sizes>): void {
  const document = readFileSync(FILE, 'utf8');
  const table = [...sizes].map(
    ([name, { bytes, gzipBytes }]) =>
      `| \`${name}\` | ${[bytes, gzipBytes, FUNCTIONS[name].limitBytes].map(size => size.toLocaleString('en-US')).join(' | ')} |`,
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
