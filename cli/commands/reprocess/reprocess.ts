import { UserError } from '../../../contract/user-error.ts';
import type { Command, Effects } from '../../command.ts';
import { tableOrJson } from '../../format.ts';
import { dateRange, printReport, progressLine } from '../../ingest.ts';
import { lakeRoot } from '../../ingest-outcome.ts';
import { openLake } from '../../open-lake.ts';
import { parseCommand } from '../../parse.ts';
import { refuseOtherContract } from '../../same-contract.ts';
import { declaration } from './reprocess-declaration.ts';

async function run(args: string[], effects: Effects): Promise<0 | 3> {
  const { subcommand: source, values } = await parseCommand(declaration, args, effects);
  const format = tableOrJson(values.format);
  const dates = dateRange(values.from, values.to);
  if (source === 'raw' && dates.from === undefined)
    throw new UserError('sluice reprocess raw needs --from: it reads everything that arrived since.', {
      exitCode: 2,
      todo: 'For example: sluice reprocess raw --from 2026-11-20',
    });
  // Loaded only here: usage errors need no AWS client.
  const { reprocess } = await import('../../../lake/reprocess-records.ts');
  const { lake, data, deployment, close } = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    refuseOtherContract(lake, deployment);
    const options = { source, ...dates, dryRun: values['dry-run'] };
    const { progress, clear } = progressLine(effects);
    const report = await reprocess(lake, options, { ...effects, progress }).finally(clear);
    if (report.objects.read + report.objects.alreadyDone === 0)
      effects.stderr(`Found nothing under ${lakeRoot(lake, data)}${source}/ for these dates.\n`);
    const code = await printReport(report, { format, root: lakeRoot(lake, data) }, effects);
    if (code === 3) effects.stderr(`Records that are still rejected stay under ${lakeRoot(lake, data)}${source}/.\n`);
    return code;
  } finally {
    await close();
  }
}

export const command: Command = { run };
