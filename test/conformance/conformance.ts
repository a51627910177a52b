/**
 * Compares Sluice with the real services: `npm run conformance [-- PART…]`; without a part, all parts run:
 *
 * - `sql`: the local Athena against Trino 435, which is queried the way Athena reads its SQL
 * - `literals`: the records against an older Trino, which reads `1.5` as Athena does
 * - `clients`: PyAthena, awswrangler, dbt and others against `sluice up`
 * - `aws`: the command's `--aws` against moto
 * - `deployed`: the stacks in ministack, with the command against them
 * - `templates`: cfn-lint over the CDK's templates
 * - `packages`: packs both workspaces, installs each in an empty folder and uses it
 *
 * A part whose tools are not installed is skipped with a message.
 *
 * For `sql`: `--record` records what both answer, `--local` works without Trino, and `--only NAME` runs the topics with
 * NAME in their names. Each of these implies `sql` alone.
 */
import { parseArgs } from 'node:util';
import { quietSdkNotice } from '../../infra/settings.ts';
import { checkAws } from './aws/aws.ts';
import { checkDeployed } from './aws/deployed/deployed.ts';
import { checkClients } from './clients/clients.ts';
import { type Counts, summary, total } from './counts.ts';
import { checkLiterals } from './literals.ts';
import { checkPackages } from './packages/packages.ts';
import { compareSql, type Mode } from './sql.ts';
import { checkTemplates } from './templates/templates.ts';

quietSdkNotice();
const { values, positionals } = parseArgs({
  options: { record: { type: 'boolean' }, local: { type: 'boolean' }, only: { type: 'string' } },
  allowPositionals: true,
});
const mode: Mode = values.record ? 'record' : values.local ? 'local' : 'verify';

const PARTS: Record<string, () => Promise<Counts>> = {
  sql: () => compareSql(mode, values.only ?? ''),
  literals: checkLiterals,
  clients: () => checkClients(),
  aws: checkAws,
  deployed: checkDeployed,
  templates: checkTemplates,
  packages: checkPackages,
};

function wanted(): string[] {
  const unknown = positionals.filter(name => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0)
    throw new Error(`Unknown part ${unknown.join(', ')}. Known parts: ${Object.keys(PARTS).join(', ')}.`);
  if (positionals.length > 0) return positionals;
  return mode === 'verify' && values.only === undefined ? Object.keys(PARTS) : ['sql'];
}

/** A part that could not run to its end has failed; the others still run. */
async function run(part: string): Promise<Counts> {
  try {
    return (await PARTS[part]?.()) ?? { passed: 0, failed: 0, skipped: 0 };
  } catch (error) {
    console.log(`FAILED ${part}:`, error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const counts: Counts[] = [];
const lines: string[] = [];
for (const part of wanted()) {
  const result = await run(part);
  counts.push(result);
  lines.push(summary(part, result));
  console.log(lines.at(-1));
}
if (lines.length > 1) console.log(`\nConformance:\n${lines.join('\n')}\n${summary('all', total(counts))}`);
process.exitCode = total(counts).failed > 0 ? 1 : 0;
