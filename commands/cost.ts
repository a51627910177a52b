const MIB = 1024 ** 2;
const USD_PER_TIB = 5;
const MINIMUM_BYTES = 10 * MIB;

/** What Athena bills for a query that scans so many bytes: $5 per TB, by the started megabyte, at least 10 MB. */
export function athenaCostUsd(bytesScanned: number): number {
  const billed = Math.max(Math.ceil(bytesScanned / MIB) * MIB, MINIMUM_BYTES);
  return (billed / 1024 ** 4) * USD_PER_TIB;
}
