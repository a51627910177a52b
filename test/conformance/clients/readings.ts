/** The readings that every client suite queries. The Python tests contain their expected numbers. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const COUNT = 5_000;
const START = Date.UTC(2026, 2, 1);
const EVERY_MS = 30_000;

/**
 * Writes 5,000 readings as gzipped JSON without newlines, as Firehose does: one every 30 s from 2026-03-01T00:00:00Z
 * (2,880 on that day, 2,120 on the next), from sensor-1 to sensor-4 in turn. Every tenth has no humidity. Of every
 * three notes, one is absent, one is empty, and one contains characters that CSV quotes.
 */
export async function writeReadings(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const half = COUNT / 2;
  for (const from of [0, half]) {
    const records = Array.from({ length: half }, (_, index) => JSON.stringify(reading(from + index)));
    await writeFile(path.join(folder, `from-${from}.gz`), gzipSync(records.join('')));
  }
}

function reading(index: number): object {
  const note = [undefined, '', `"${index}", it's\nwarm ☀`][index % 3];
  return {
    device: `sensor-${(index % 4) + 1}`,
    time: new Date(START + index * EVERY_MS).toISOString(),
    temperature: 20 + (index % 8) / 4,
    ...(index % 10 !== 0 && { humidity: 40 + (index % 5) }),
    uptime: 1_000_000_000_000 + index,
    charging: index % 2 === 0,
    ...(note !== undefined && { note }),
  };
}
