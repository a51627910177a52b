import path from 'node:path';
import type { Lake } from '../../../contract/lake.ts';
import { localDate } from '../../../contract/time.ts';
import { UserError } from '../../../contract/user-error.ts';
import { publishFile } from '../../../infra/local/durable-files.ts';
import type { LocalDay } from '../../../reports/model.ts';
import { type Command, type Effects, parseOptions, refuseWords } from '../../command.ts';
import { openLake } from '../../open-lake.ts';

const help = `Usage: sluice report daily [options]

Makes the HTML report of one local day: its figures, the contract's numbers by hour, and the data as tables.
It goes to reports/daily/DATE.html in the lake (DATE.Europe.Berlin.html for a day of that zone), listed in
reports/index.html, or to the file named with --out.

  --date D        the day: YYYY-MM-DD, today or yesterday (default yesterday)
  --timezone Z    IANA zone of the day (default UTC)
  --out FILE      write the page there instead
  --format json   print {"date","timezone","devices","readings","report"} on stdout
  --data DIR      the data folder (default .sluice)
  --config FILE   the contract (default ./lake.config.ts)
  --aws           the deployed lake, with the credentials and region of the AWS SDK
  --stage NAME    which deployment, with --aws (default main)

Example: sluice report daily --date 2020-07-13 --timezone Europe/Berlin
`;

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, {
    date: { type: 'string', default: 'yesterday' },
    timezone: { type: 'string', default: 'UTC' },
    out: { type: 'string' },
    format: { type: 'string' },
  });
  const [kind, ...words] = positionals;
  if (kind !== 'daily')
    throw new UserError('report makes one kind of report: daily.', { exitCode: 2, todo: 'Write: sluice report daily' });
  refuseWords('report daily', words, 'sluice report daily --date 2026-11-21');
  if (values.format !== undefined && values.format !== 'json')
    throw new UserError(`report has no format ${values.format}.`, { exitCode: 2, todo: 'Its only --format is json.' });
  refuseSuffix(values.out);
  // Loaded only here: usage errors of the options need neither AWS clients nor charts.
  const { makeDailyReport, parseDay } = await import('../../../reports/daily.ts');
  const day = parseDay(values, effects.now());
  const { lake, data, close } = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    const { report, html } = await makeDailyReport(lake, day, effects);
    const place =
      values.out === undefined
        ? await publish(lake, data, report, html)
        : await writeTo(path.resolve(effects.cwd, values.out), html);
    const { date, timezone, devices, readings } = report;
    if (values.format === 'json')
      effects.stdout(`${JSON.stringify({ date, timezone, devices: devices.length, readings, report: place })}\n`);
    effects.stderr(`Report: ${place}\n`);
    if (readings === 0) effects.stderr(emptyNote({ date, timezone }, effects.now()));
    if (place.startsWith('s3://')) effects.stderr(`Open it with: aws s3 cp ${place} . (or make it here with --out)\n`);
    return 0;
  } finally {
    await close();
  }
}

/** The page of a day without readings says so itself; who runs the command must see it too. */
function emptyNote({ date, timezone }: LocalDay, now: number): string {
  const isAhead = date > localDate(now, timezone);
  const why = isAhead ? 'That day is in the future.' : 'sluice catalog lists the dates that have some.';
  return `The report is empty: there are no readings of ${date} (${timezone}). ${why}\n`;
}

/** A page in a file that is called `x.pdf` would open nowhere. */
function refuseSuffix(out: string | undefined): void {
  const suffix = path.extname(out ?? '').toLowerCase();
  if (['', '.html', '.htm'].includes(suffix)) return;
  throw new UserError(`report cannot write ${suffix} files (--out ${out}).`, {
    exitCode: 2,
    todo: 'A report is HTML: name a file that ends in .html',
  });
}

/** Where the page is then: a file's path on a laptop, an S3 URL on AWS. */
async function publish(lake: Lake, data: string, day: LocalDay, html: string): Promise<string> {
  const { publishDaily } = await import('../../../reports/publish.ts');
  const key = await publishDaily(lake, day, html);
  const { bucket } = lake.names;
  return lake.aws.endpoint === undefined ? `s3://${bucket}/${key}` : path.join(data, 's3', bucket, key);
}

async function writeTo(file: string, html: string): Promise<string> {
  await publishFile(file, Buffer.from(html));
  return file;
}

export const command: Command = { help, run };
