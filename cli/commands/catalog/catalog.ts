import { contractKey } from '../../../contract/contract-key.ts';
import type { Lake } from '../../../contract/lake.ts';
import { isDate } from '../../../contract/time.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { PublishedDeployment } from '../../../infra/aws/published-deployment.ts';
import type { Drift } from '../../../lake/inventory.ts';
import type { Command, Effects } from '../../command.ts';
import { outputFormat, writeRows } from '../../format.ts';
import { openLake } from '../../open-lake.ts';
import { parseCommand } from '../../parse.ts';
import { declaration } from './catalog-declaration.ts';

async function run(args: string[], effects: Effects): Promise<0> {
  const { values } = await parseCommand(declaration, args, effects);
  if (values.dt !== undefined && !isDate(values.dt))
    throw new UserError(`Invalid --dt '${values.dt}'.`, { exitCode: 2, todo: 'Use a date: --dt 2026-11-21' });
  const format = outputFormat(values.format);
  // Loaded only here: usage errors need no AWS client.
  const { takeInventory } = await import('../../../lake/inventory.ts');
  const { lake, deployment, close } = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    const { partitions, drift: found } = await takeInventory(lake, values.dt);
    const inventory = { partitions, drift: [...deploymentDrift(lake, deployment), ...found] };
    if (format === 'json') {
      effects.stdout(`${JSON.stringify(inventory, null, 2)}\n`);
      return 0;
    }
    const rows = inventory.partitions.map(({ dt, objects, bytes, rows }) => [dt, objects, bytes, rows]);
    await writeRows({ names: ['dt', 'objects', 'bytes', 'rows'], rows, format }, effects);
    for (const line of driftLines(inventory.drift)) effects.stderr(`${line}\n`);
    if (inventory.drift.length === 0) effects.stderr('The catalog and all files match the contract.\n');
    return 0;
  } finally {
    await close();
  }
}

/** One line per problem, however many files have it: a renamed column would give thousands. JSON names them all. */
function driftLines(drift: readonly Drift[]): string[] {
  const byProblem = new Map<string, string[]>();
  for (const { where, column, problem } of drift) {
    const what = `${column} ${problem}`;
    byProblem.set(what, [...(byProblem.get(what) ?? []), where]);
  }
  return [...byProblem].map(([what, [first, ...more]]) => {
    const where = more.length === 0 ? first : `${first} and ${more.length} more`;
    return `Drift: ${where}: ${what}.`;
  });
}

/** A contract that reads records differently, even if its columns are those of the table. */
function deploymentDrift({ contract }: Lake, deployment: PublishedDeployment | undefined): Drift[] {
  const deployed = deployment?.contractKey;
  if (deployed === undefined || deployed === contractKey(contract)) return [];
  const problem = `differs from the one that stage ${deployment?.stage} was deployed with; deploy the stage again, or name that contract with --config`;
  return [{ where: 'deployment', column: 'contract', problem }];
}

export const command: Command = { run };
