import type { Counts } from '../counts.ts';

/** Runs checks in order, prints each with its failure, and counts them. */
export async function runAll<Place>(
  checks: readonly [name: string, check: (place: Place) => Promise<void>][],
  place: Place,
): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, check] of checks) {
    const failure = await check(place).then(
      () => undefined,
      (error: unknown) => error,
    );
    counts[failure === undefined ? 'passed' : 'failed']++;
    console.log(failure === undefined ? `  ok      ${name}` : `  FAILED  ${name}\n${String(failure)}`);
  }
  return counts;
}
