import { PRICES } from './prices.ts';

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;
const MINIMUM_BYTES = 10 * MIB;

/** The bytes that Athena bills for a query: the scanned bytes, rounded up to whole megabytes, at least 10 MB. */
export function billedBytes(bytesScanned: number): number {
  return Math.max(Math.ceil(bytesScanned / MIB) * MIB, MINIMUM_BYTES);
}

/** What Athena bills for a query, in USD. */
export function athenaCostUsd(bytesScanned: number): number {
  return (billedBytes(bytesScanned) / TIB) * PRICES.scan.tiers[0].usd;
}
