/**
 * Holds Sluice to the real thing: `npm run conformance [-- PART…]`, all parts without one. `sql` is the local Athena against Trino 435,
 * asked as Athena reads its SQL; `literals` holds the records against an older Trino, which reads `1.5` as Athena does; `clients` are
 * PyAthena, awswrangler, dbt and others against `sluice up`; `aws` is the command's `--aws` against moto; `deployed` is the stacks in
 * ministack, with the command against them; `templates` is cfn-lint over the CDK's templates;
 * `packages` packs both workspaces, installs each in an empty folder and uses it. A part whose tools this machine lacks is
 * skipped, and said.
 *
 * For `sql`: `--record` writes down what both answered, `--local` does without Trino, `--only NAME` takes the topics with NAME in
 * their names (each means `sql` alone).
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
    throw new Error(`There is no part ${unknown.join(', ')}; known are ${Object.keys(PARTS).join(', ')}.`);
  if (positionals.length > 0) return positionals;
  return mode === 'verify' && values.only === undefined ? Object.keys(PARTS) : ['sql'];
}

/** A part that could not be run to its end has failed; the others are run all the same. */
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
