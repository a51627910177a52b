import { contractKey } from '../../../contract/contract-key.ts';
import type { PublishedDeployment } from '../../../contract/deployment.ts';
import type { Lake } from '../../../contract/lake.ts';
import { isDate } from '../../../contract/time.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { Drift } from '../../../lake/inventory.ts';
import { type Command, type Effects, parseOptions, refuseWords } from '../../command.ts';
import { outputFormat, writeRows } from '../../format.ts';
import { openLake } from '../../open-lake.ts';

const help = `Usage: sluice catalog [options]

Lists the event dates of readings_log with their objects, bytes and rows, and says where the catalog or a file departs from
the contract; with --aws also whether the stage was deployed with this contract.

  --dt DATE       only this event date (UTC, YYYY-MM-DD)
  --format F      table, json, csv or markdown (default table); json holds the drift too
  --data DIR      the data folder (default .sluice)
  --config FILE   the contract (default ./lake.config.ts)
  --aws           the deployed lake, with the credentials and region of the AWS SDK
  --stage NAME    which deployment, with --aws (default main)

Example: sluice catalog --dt 2026-11-21
`;

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, { dt: { type: 'string' }, format: { type: 'string' } });
  refuseWords('catalog', positionals, 'sluice catalog --dt 2026-11-21');
  if (values.dt !== undefined && !isDate(values.dt))
    throw new UserError(`--dt takes a date such as 2026-11-21, not '${values.dt}'.`, { exitCode: 2 });
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
    if (inventory.drift.length === 0) effects.stderr('The catalog and every file fit the contract.\n');
    return 0;
  } finally {
    await close();
  }
}

/** One line for each problem, however many files have it, or thousands would tell of a renamed column; json names them all. */
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

/** A contract that decides otherwise what a record becomes, even where its columns are those of the table. */
function deploymentDrift({ contract }: Lake, deployment: PublishedDeployment | undefined): Drift[] {
  const deployed = deployment?.contractKey;
  if (deployed === undefined || deployed === contractKey(contract)) return [];
  const problem = `is not the one that stage ${deployment?.stage} was deployed with; deploy it again, or name that one with --config`;
  return [{ where: 'deployment', column: 'contract', problem }];
}

export const command: Command = { help, run };
