/** What the answers to one case mean, over all writers' files and against its record. */
import type { Answer } from '../athena-sql/answer.ts';
import type { Case } from '../athena-sql/cases.ts';
import { compare, isSameAnswer } from '../athena-sql/compare.ts';
import type { LocalAnswer } from '../athena-sql/local-athena.ts';
import type { Record } from '../athena-sql/records.ts';
import { WRITERS, type Writer } from '../athena-sql/writers.ts';

/** One case, run over one writer's files. */
export interface Asked {
  writer: Writer;
  trino: Answer;
  local: LocalAnswer;
}

/** The writers over whose files a case runs: for a query without a table, the writer does not matter. */
export function writersOf(each: Case): readonly Writer[] {
  return each.readsTable ? WRITERS : WRITERS.slice(0, 1);
}

/**
 * The current record of a case, and its failures, at most one per writer. `known` is its record, or `new` to create
 * one.
 */
export function judge(
  each: Case,
  asked: [Asked, ...Asked[]],
  known: Record | undefined | 'new',
): { record: Record; failures: string[] } {
  const records = asked.map(answers => recordOf(each, answers));
  const [first] = records as [ReturnType<typeof recordOf>];
  // The first writer's answer is recorded; the others' must be the same.
  const expected = known === undefined || known === 'new' ? first.record : known;
  const failures = records.flatMap(({ record, difference }, index) => {
    const failure =
      difference ??
      (known === undefined ? 'it has no record (npm run conformance -- --record)' : undefined) ??
      changed(expected, record, each.tolerance);
    return failure === undefined ? [] : [`over ${asked[index]?.writer}: ${failure}`];
  });
  return { record: expected, failures };
}

function recordOf(each: Case, { trino, local }: Asked): { record: Record; difference: string | undefined } {
  const verdict = compare(trino, local, each.tolerance);
  const record = { name: each.name, digest: each.digest, trino };
  const difference = verdict !== 'equal' && 'differs' in verdict ? verdict.differs : undefined;
  return { record: { ...record, local: verdict }, difference };
}

function changed(known: Record, now: Record, tolerance: number): string | undefined {
  if (known.digest !== undefined && known.digest !== now.digest)
    return 'its query was changed after it was recorded (npm run conformance -- --record)';
  if (!isSameAnswer(known.trino, now.trino, tolerance))
    return `Trino answers ${show(now.trino)}; recorded is ${show(known.trino)}`;
  const [was, is] = [known.local, now.local].map(state => JSON.stringify(state));
  return was === is ? undefined : `the local Athena: ${is}; recorded is ${was} (npm run conformance -- --local)`;
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 300);
}
