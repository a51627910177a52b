import type { Verdict } from './compare.ts';
import type { Disk } from './disk.ts';

/** Messages so far, by their fate. */
export interface Counts {
  mqtt: number;
  firehose: number;
  kinesis: number;
  unanswered: number;
}

/** How a campaign ended; it ends early if the stack broke its promise. */
export interface Outcome extends Counts {
  mode: Disk['kind'];
  /** Kills during publishing. */
  kills: number;
  /** Kills during a start. */
  killedStarts: number;
  seconds: number;
  /** Undefined if everything was kept. */
  broken: { message: string; verdict?: Verdict } | undefined;
}

const SHOWN = 5;

/** The last lines of a run: what is not as promised, the first few of each kind, and the total. */
export function describeOutcome({ broken, kills, killedStarts, mqtt, firehose, mode, seconds }: Outcome): string[] {
  const { missing = [], duplicated = [], wrong = [] } = broken?.verdict ?? {};
  const amiss = wrong.length === 0 ? '' : `, ${wrong.length} wrong`;
  return [
    ...(broken === undefined ? [] : [broken.message]),
    ...[missing, duplicated, wrong].flatMap(firstFew),
    `crash: ${kills} kills, ${mqtt} acknowledged over MQTT, ${firehose} over Firehose, ` +
      `${missing.length} missing, ${duplicated.length} duplicated${amiss} ` +
      `(${mode === 'power' ? 'power cuts' : 'of the process only'}, and ${killedStarts} of starts, in ${seconds.toFixed(0)} s)`,
  ];
}

function firstFew(lines: string[]): string[] {
  const more = lines.length > SHOWN ? [`  … and ${lines.length - SHOWN} more`] : [];
  return [...lines.slice(0, SHOWN).map(line => `  ${line}`), ...more];
}
