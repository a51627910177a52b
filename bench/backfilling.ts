import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { timeProcess } from './processes.ts';
import { message } from './publishing.ts';

/** Seconds that two whole processes took to read the same objects. */
export interface BackfillTimes {
  gunzip: number;
  backfill: number;
}

/** Writes gzipped objects in Firehose's format: concatenated, no newline, ten devices, ten days. */
export async function writeObjects(
  folder: string,
  { objects, recordsEach }: { objects: number; recordsEach: number },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const startMs = Date.parse('2026-01-01T00:00:00Z');
  const stepMs = Math.floor((10 * 86_400_000) / (objects * recordsEach));
  for (let object = 0; object < objects; object++) {
    const records = Array.from({ length: recordsEach }, (_, index) => {
      const ordinal = object * recordsEach + index;
      return message(`bench-${ordinal % 10}`, startMs + ordinal * stepMs);
    });
    await writeFile(path.join(folder, `${String(object).padStart(4, '0')}.gz`), gzipSync(Buffer.concat(records)));
  }
}

/** Times gunzip alone and a backfill into an empty lake, one after the other. */
export async function timeBackfill(objects: string, data: string): Promise<BackfillTimes> {
  const gunzip = await timeProcess(fileURLToPath(new URL('gunzip-only.js', import.meta.url)), [objects]);
  const backfill = await timeProcess('sluice', ['backfill', objects, '--data', data]);
  return { gunzip, backfill };
}
