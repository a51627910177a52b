import { createHash } from 'node:crypto';
import { noise } from '../../device/noise.ts';
import { createDoneIndex, findDone } from '../../lake/done-index.ts';
import { pack } from '../../lake/packing.ts';
import { LAMBDA_BATCH } from '../../lake/plan-backfill.ts';
import { jsonLines, type PlannedObject } from '../../lake/run-files.ts';

/**
 * Packs the given number of objects of about the given size, and builds for each batch the text that the planner would
 * write.
 */
export async function packObjects(objects: number, meanBytes: number) {
  const sizes = noise('objects', objects);
  const before = process.memoryUsage().heapUsed;
  let total = 0;
  let heapBytes = 0;
  function* listed(): Generator<PlannedObject> {
    for (let index = 0; index < objects; index++) {
      const bytes = Math.round(meanBytes * (0.5 + sizes.uniform(index)));
      total += bytes;
      yield {
        name: `s3://old-bucket/raw/dt=2026-11-21/hour=12/delivery-1-${index}.gz`,
        bytes,
        arrivalMs: 1_795_262_400_000,
      };
    }
  }
  const started = performance.now();
  let batches = 0;
  let written = 0;
  for await (const batch of pack(listed(), LAMBDA_BATCH)) {
    written += jsonLines([{ number: ++batches, objects: batch }]).length;
    if (batches % 100 === 1) heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed - before);
  }
  return { batches, written, total, seconds: (performance.now() - started) / 1000, heapMb: heapBytes / 1e6 };
}

/** Builds the index of the given number of finished objects, and looks them up. */
export function timeDoneIndex(objects: number) {
  const hashes = Array.from({ length: objects }, (_, index) =>
    createHash('sha256').update(String(index)).digest('hex'),
  );
  const started = performance.now();
  const index = createDoneIndex();
  for (const sha256 of hashes) index.add({ sha256, batch: sha256.slice(0, 24) });
  const made = performance.now();
  const table = index.bytes();
  const missing = hashes.filter(sha256 => findDone(table, sha256) === undefined).length;
  if (missing > 0) throw new Error(`the index lost ${missing} objects`);
  const found = performance.now();
  return {
    objects,
    bytes: table.length,
    makeSeconds: (made - started) / 1000,
    findMicros: ((found - made) * 1000) / objects,
  };
}
