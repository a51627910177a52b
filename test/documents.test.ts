import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RESERVED_COLUMNS } from '../contract/contract.ts';
import { REJECTION_REASONS } from '../contract/reading.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (...file: string[]) => readFileSync(path.join(ROOT, ...file), 'utf8');

const documents = [
  ...readdirSync(ROOT).filter(name => name.endsWith('.md')),
  ...['docs', 'notebooks'].flatMap(folder =>
    readdirSync(path.join(ROOT, folder))
      .filter(name => name.endsWith('.md'))
      .map(name => `${folder}/${name}`),
  ),
];

test.each(documents)('the links of %s lead somewhere', document => {
  const links = [...read(document).matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  const broken = links.filter(([, file = '', heading]) => {
    if (/^https?:/.test(file)) return false;
    const target = file === '' ? document : path.join(path.dirname(document), file);
    if (!existsSync(path.join(ROOT, target))) return true;
    return heading !== undefined && !headings(read(target)).includes(heading);
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

test('docs/contract.md has every reason, every property of the config, and every reserved column', () => {
  const text = read('docs/contract.md');
  const rows = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);
  expect(REJECTION_REASONS.filter(reason => !rows.includes(reason))).toEqual([]);
  const properties = [...read('contract/config.ts').matchAll(/^ {2}(\w+)\??:/gm)].map(([, name = '']) => name);
  const documented = rows.flatMap(row => row.split('.'));
  expect(properties.filter(name => !documented.includes(name))).toEqual([]);
  expect(RESERVED_COLUMNS.filter(name => !text.includes(`\`${name}\``))).toEqual([]);
});
