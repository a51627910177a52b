import { isDate } from '../../../contract/time.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { Command, Effects } from '../../command.ts';
import { outputFormat, writeRows } from '../../format.ts';
import { openLake } from '../../open-lake.ts';
import { parseCommand, wholeNumber } from '../../parse.ts';
import { refuseOtherContract } from '../../same-contract.ts';
import { declaration } from './compact-declaration.ts';

async function run(args: string[], effects: Effects): Promise<0> {
  const { values } = await parseCommand(declaration, args, effects);
  if (values.dt !== undefined && !isDate(values.dt))
    throw new UserError(`Invalid --dt '${values.dt}'.`, { exitCode: 2, todo: 'Use a date: --dt 2026-11-21' });
  const format = outputFormat(values.format);
  const minAgeMs = wholeNumber('--min-age-minutes', values['min-age-minutes']) * 60_000;
  // Loaded only here: usage errors need no AWS client and no engine.
  const { compact } = await import('../../../lake/compact-partitions.ts');
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

export const command: Command = { run };
