import { isDate } from '../../../contract/time.ts';
import { UserError } from '../../../contract/user-error.ts';
import { type Command, type Effects, parseOptions, refuseWords, wholeNumber } from '../../command.ts';
import { outputFormat, writeRows } from '../../format.ts';
import { openLake } from '../../open-lake.ts';
import { refuseOtherContract } from '../../same-contract.ts';

const help = `Usage: sluice compact [options]

Merges the small Parquet objects of each event date into one, so that queries read few files. Rows are never missing while
it works, and an interrupted run is finished by the next.

  --dt DATE          only this event date (UTC, YYYY-MM-DD)
  --min-age-minutes N   leave objects younger than this (default 10)
  --format F         table, json, csv or markdown (default table)
  --data DIR         the data folder (default .sluice)
  --config FILE      the contract (default ./lake.config.ts)
  --aws              the deployed lake, with the credentials and region of the AWS SDK
  --stage NAME       which deployment, with --aws (default main)

Example: sluice compact --dt 2026-11-21
`;

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, {
    dt: { type: 'string' },
    'min-age-minutes': { type: 'string' },
    format: { type: 'string' },
  });
  refuseWords('compact', positionals, 'sluice compact --dt 2026-11-21');
  if (values.dt !== undefined && !isDate(values.dt))
    throw new UserError(`--dt takes a date such as 2026-11-21, not '${values.dt}'.`, { exitCode: 2 });
  const format = outputFormat(values.format);
  const minAgeMs = wholeNumber('--min-age-minutes', values['min-age-minutes'] ?? '10') * 60_000;
  // Loaded only here: usage errors need no AWS client and no engine.
  const { compact } = await import('../../../lake/compact.ts');
  const { lake, deployment, close } = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    refuseOtherContract(lake, deployment);
    const progress = (line: string) => effects.stderr(`${line}\n`);
    const partitions = await compact(lake, { date: values.dt, minAgeMs }, { ...effects, progress });
    const names = ['dt', 'objects_before', 'objects_after', 'bytes_before', 'bytes_after', 'rows'];
    const rows = partitions.map(({ dt, objectsBefore, objectsAfter, bytesBefore, bytesAfter, rows }) => {
      return [dt, objectsBefore, objectsAfter, bytesBefore, bytesAfter, rows];
    });
    if (rows.length > 0 || format === 'json') await writeRows({ names, rows, format }, effects);
    if (rows.length === 0)
      effects.stderr('Nothing to merge: no event date has two small objects that are old enough.\n');
    return 0;
  } finally {
    await close();
  }
}

export const command: Command = { help, run };
