/** docs/cost.md: between its markers are the command's output and the prices. npm run docs:cost */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { command } from '../../../../cli/commands/cost/cost.ts';
import { type ListPrice, PRICES } from '../../../../cli/commands/cost/prices.ts';
import { packageFile } from '../../../../contract/package-root.ts';
import { recordedEffects } from '../../../recorded-effects.ts';

const FILE = packageFile('docs', 'cost.md');
/** The costs in the document are of this contract's message. */
const CONFIG = packageFile('test', 'fixtures', 'workshop.config.ts');
const BLOCK = /<!-- (sluice cost [^\n]*|prices) -->\n[\s\S]*?<!-- end -->/g;

/** The document as it is in the project. */
export function writtenDocument(): string {
  return readFileSync(FILE, 'utf8');
}

/** The document with every block generated again. */
export async function costDocument(): Promise<string> {
  const text = writtenDocument();
  const blocks = await Promise.all(
    [...text.matchAll(BLOCK)].map(async ([, what = '']) => {
      const body = what === 'prices' ? priceTable() : await output(what.split(' ').slice(2));
      return `<!-- ${what} -->\n\n${body}\n<!-- end -->`;
    }),
  );
  return text.replace(BLOCK, () => blocks.shift() ?? '');
}

async function output(args: string[]): Promise<string> {
  const effects = recordedEffects();
  await command.run([...args, '--config', CONFIG, '--format', 'markdown'], effects);
  return `${effects.out()}\n\`\`\`text\n${effects.err()}\`\`\`\n`;
}

function priceTable(): string {
  const rows = Object.values<ListPrice>(PRICES).map(({ service, item, unit, tiers, page, seen, unverified }) => {
    const prices = tiers.map(
      ({ upTo, usd }) => `$${usd}${upTo === undefined ? '' : ` to ${upTo.toLocaleString('en-US')}`}`,
    );
    const doubt = unverified === undefined ? '' : `. Not verified: ${unverified}`;
    return `| [${service}](${page}) | ${item} | ${prices.join(', then ')} | ${unit} | ${seen}${doubt} |\n`;
  });
  return `| service | item | price | of a | read in |\n|---|---|---|---|---|\n${rows.join('')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, await costDocument());
