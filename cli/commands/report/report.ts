import path from 'node:path';
import type { Lake } from '../../../contract/lake.ts';
import { localDate } from '../../../contract/time.ts';
import { UserError } from '../../../contract/user-error.ts';
import { publishFile } from '../../../infra/emulator/index.ts';
import type { LocalDay } from '../../../reports/model.ts';
import type { Command, Effects } from '../../command.ts';
import { openLake } from '../../open-lake.ts';
import { parseCommand } from '../../parse.ts';
import { declaration } from './report-declaration.ts';

/** A common mistake is to give the date as an argument. */
function operandHint(_subcommand: string | undefined, [word = '']: readonly string[]): string | undefined {
  return /^(\d{4}-\d\d-\d\d|today|yesterday)$/.test(word) ? `Write: sluice report daily --date ${word}` : undefined;
}

async function run(args: string[], effects: Effects): Promise<0> {
  const { values } = await parseCommand(declaration, args, { ...effects, operandHint });
  if (values.format !== undefined && values.format !== 'json')
    throw new UserError(`Unknown format '${values.format}'.`, { exitCode: 2, todo: 'The only one is: --format json' });
  refuseSuffix(values.out);
  // Loaded only here: usage errors of the options need neither AWS clients nor charts.
  const { makeDailyReport, parseDay } = await import('../../../reports/daily.ts');
  const day = parseDay(values, effects.now());
  const { lake, data, close } = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    const { report, html } = await makeDailyReport(lake, day, effects);
    const location =
      values.out === undefined
        ? await publish(lake, data, report, html)
        : await writeTo(path.resolve(effects.cwd, values.out), html);
    const { date, timezone, devices, readings } = report;
    if (values.format === 'json')
      effects.stdout(`${JSON.stringify({ date, timezone, devices: devices.length, readings, report: location })}\n`);
    effects.stderr(`Report: ${location}\n`);
    if (readings === 0) effects.stderr(emptyNote({ date, timezone }, effects.now()));
    if (location.startsWith('s3://'))
      effects.stderr(`Fetch it: aws s3 cp ${location} . (or use --out to write it to a file here)\n`);
    return 0;
  } finally {
    await close();
  }
}

/** The page says that a day has no readings; the command says it too. */
function emptyNote({ date, timezone }: LocalDay, now: number): string {
  const isAhead = date > localDate(now, timezone);
  const why = isAhead ? 'That day is in the future.' : 'List the dates that have readings: sluice catalog';
  return `The report is empty: the lake has no readings of ${date} (${timezone}). ${why}\n`;
}

/** No program would open a page in a file named `x.pdf`. */
function refuseSuffix(out: string | undefined): void {
  const suffix = path.extname(out ?? '').toLowerCase();
  if (['', '.html', '.htm'].includes(suffix)) return;
  throw new UserError(`sluice report cannot write ${suffix} files (--out ${out}).`, {
    exitCode: 2,
    todo: 'A report is HTML: use a file name that ends in .html',
  });
}

/** Returns the location of the page: a file's path on a laptop, an S3 URL on AWS. */
async function publish(lake: Lake, data: string, day: LocalDay, html: string): Promise<string> {
  const { publishDaily } = await import('../../../reports/publish-report.ts');
  const key = await publishDaily(lake, day, html);
  const { bucket } = lake.names;
  return lake.aws.endpoint === undefined ? `s3://${bucket}/${key}` : path.join(data, 's3', bucket, key);
}

async function writeTo(file: string, html: string): Promise<string> {
  await publishFile(file, Buffer.from(html));
  return file;
}

export const command: Command = { run };
