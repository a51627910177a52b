/**
 * The note on readings whose local time occurs twice, if nothing decides which one is meant. No line break at the end.
 */
export function ambiguousNote(readings: number): string {
  return `Ambiguous: ${readings} ${readings === 1 ? 'reading has' : 'readings have'} a local time that occurs twice (clocks were set back), \
and neither arrival nor order decides between them. The first was taken. See docs/contract.md#times-that-occur-twice`;
}
