/** Counts of one part's checks by result. A part that could not run at all counts as skipped. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The last line of a part, and of the whole run. */
export function summary(part: string, { passed, failed, skipped }: Counts): string {
  return `${part}: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The sum of several counts. */
export function total(counts: readonly Counts[]): Counts {
  const sum = (kind: keyof Counts) => counts.reduce((all, each) => all + each[kind], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}
