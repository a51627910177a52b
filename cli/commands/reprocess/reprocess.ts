import { UserError } from '../../../contract/user-error.ts';
import { type Command, type Effects, nearest, parseOptions } from '../../command.ts';
import { eventDates, printReport, progressLine } from '../../ingest.ts';
import { placeOf } from '../../ingest-outcome.ts';
import { openLake } from '../../open-lake.ts';
import { refuseOtherContract } from '../../same-contract.ts';

const help = `Usage: sluice reprocess [errors|raw] [options]

Reads the lake's own errors/ (or raw/) again, through the contract as it is now: after the contract has learned to take what
it rejected, or after a delivery that failed. What is still rejected stays where it is. Running it again changes nothing.

  errors          what was rejected, or could not be delivered or passed on (the default)
  raw             all that came in; needs --from. What was delivered before is then twice in readings_log, and once in the
                  view readings

  --from DATE     first date of arrival (UTC, YYYY-MM-DD)
  --to DATE       last date of arrival
  --dry-run       read and count, write nothing
  --format json   print the report on stdout, as backfill does
  --data DIR      the data folder (default .sluice)
  --config FILE   the contract (default ./lake.config.ts)
  --aws           the deployed lake, with the credentials and region of the AWS SDK
  --stage NAME    which deployment, with --aws (default main)

Exit code 3: done, but some records are still rejected.

Example: sluice reprocess errors --from 2026-11-20
`;

const SOURCES = ['errors', 'raw'] as const;

async function run(args: string[], effects: Effects): Promise<0 | 3> {
  const { values, positionals } = parseOptions(args, {
    from: { type: 'string' },
    to: { type: 'string' },
    'dry-run': { type: 'boolean' },
    format: { type: 'string', default: 'table' },
  });
  const { format } = values;
  const source = sourceOf(positionals);
  if (format !== 'table' && format !== 'json')
    throw new UserError(`reprocess has no format ${format}.`, { exitCode: 2, todo: 'Formats are table, json.' });
  const dates = eventDates(values.from, values.to);
  if (source === 'raw' && dates.from === undefined)
    throw new UserError('reprocess raw needs --from: it reads all that came in since.', {
      exitCode: 2,
      todo: 'Such as: sluice reprocess raw --from 2026-11-20',
    });
  // Loaded only here: usage errors need no AWS client.
  const { reprocess } = await import('../../../lake/reprocess.ts');
  const { lake, data, deployment, close } = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    refuseOtherContract(lake, deployment);
    const options = { source, ...dates, dryRun: values['dry-run'] ?? false };
    const { progress, clear } = progressLine(effects);
    const report = await reprocess(lake, options, { ...effects, progress }).finally(clear);
    if (report.objects.read + report.objects.alreadyDone === 0)
      effects.stderr(`There is nothing under ${placeOf(lake, data)}${source}/ for these dates.\n`);
    const code = await printReport(report, { format, place: placeOf(lake, data) }, effects);
    if (code === 3) effects.stderr(`What is still rejected stays under ${placeOf(lake, data)}${source}/.\n`);
    return code;
  } finally {
    await close();
  }
}

function sourceOf([word = 'errors', ...more]: string[]): (typeof SOURCES)[number] {
  const source = SOURCES.find(name => name === word);
  if (source !== undefined && more.length === 0) return source;
  const near = nearest(word, SOURCES);
  throw new UserError('reprocess reads errors or raw.', {
    exitCode: 2,
    todo: near === undefined || more.length > 0 ? 'See --help.' : `Did you mean ${near}?`,
  });
}

export const command: Command = { help, run };
