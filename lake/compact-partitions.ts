import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeleteObjectsCommand, S3Client } from '@aws-sdk/client-s3';
import type { Lake } from '../contract/lake.ts';
import { PREFIX } from '../contract/table.ts';
import { DamagedFile, parseRecord } from './damaged-file.ts';
import { DAMAGED_READINGS, listReadingsFiles } from './footers.ts';
import { mergeParquet } from './merge-parquet.ts';
import { getObject, type ListedObject, listObjects, objectExists, putObject } from './objects.ts';
import { pack } from './packing.ts';

export interface CompactOptions {
  /** Only this event date; all if absent. */
  date?: string | undefined;
  /** Minimum age of an object to compact: an interrupted delivery may write its objects again. */
  minAgeMs?: number;
  /** Maximum stored bytes of the objects merged into one. Default 256 MiB. */
  mergedBytes?: number;
}

export interface CompactEffects {
  now: () => number;
  signal: AbortSignal;
  progress: (line: string) => void;
}

/** The result for one partition. */
export interface CompactedPartition {
  dt: string;
  objectsBefore: number;
  objectsAfter: number;
  bytesBefore: number;
  bytesAfter: number;
  rows: number;
}

/**
 * `compaction/<name>.json`: which objects the merged one replaces. It outlives them, so that an interruption can be
 * detected.
 */
interface Manifest {
  output: string;
  inputs: string[];
}

/** Objects of this size stay as they are: Athena reads no faster from larger ones. */
const LARGE_BYTES = 128 * 1024 * 1024;
/**
 * Limit of the inputs of one merged object: Zstd reduces them to some 200 MB, which is large. One date of a large
 * fleet is tens of GB, more than fits into one object or on this machine.
 */
const MERGED_BYTES = 256 * 1024 * 1024;
const MANIFESTS = 'compaction/';
const DEFAULT_MIN_AGE_MS = 10 * 60 * 1000;

/**
 * Merges the small Parquet objects of each event date into one, or into several if there are many. The order is:
 * write the manifest, write the merged object, remove the objects it replaces. Rows are never missing; between the
 * last two steps, `readings_log` holds them twice and the view `readings` once. Cleans up after an interrupted run
 * first. Returns the partitions that changed.
 */
export async function compact(
  lake: Lake,
  options: CompactOptions,
  effects: CompactEffects,
): Promise<CompactedPartition[]> {
  const s3 = new S3Client(lake.aws);
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-compact-'));
  const changed: CompactedPartition[] = [];
  try {
    await finishInterrupted(s3, lake.names.bucket);
    for (const [dt, objects] of await partitions(s3, lake, options.date)) {
      if (effects.signal.aborted) break;
      const oldest = effects.now() - (options.minAgeMs ?? DEFAULT_MIN_AGE_MS);
      const small = objects.filter(({ bytes, lastModifiedMs }) => bytes < LARGE_BYTES && lastModifiedMs <= oldest);
      const maxBytes = options.mergedBytes ?? MERGED_BYTES;
      let partition: CompactedPartition | undefined;
      for await (const group of pack(small, { maxBytes, maxObjects: Number.POSITIVE_INFINITY })) {
        if (group.length < 2 || effects.signal.aborted) continue;
        effects.progress(`dt=${dt}: ${group.length} of ${small.length} objects`);
        partition = sum(partition, await compactGroup({ s3, lake, folder }, dt, group));
      }
      if (partition !== undefined) changed.push(partition);
    }
    return changed;
  } finally {
    await rm(folder, { recursive: true, force: true });
    s3.destroy();
  }
}

function sum(total: CompactedPartition | undefined, group: CompactedPartition): CompactedPartition {
  if (total === undefined) return group;
  return {
    dt: total.dt,
    objectsBefore: total.objectsBefore + group.objectsBefore,
    objectsAfter: total.objectsAfter + group.objectsAfter,
    bytesBefore: total.bytesBefore + group.bytesBefore,
    bytesAfter: total.bytesAfter + group.bytesAfter,
    rows: total.rows + group.rows,
  };
}

interface Place {
  s3: S3Client;
  lake: Lake;
  folder: string;
}

async function compactGroup(
  { s3, lake, folder }: Place,
  dt: string,
  objects: ListedObject[],
): Promise<CompactedPartition> {
  const { bucket } = lake.names;
  const inputs: string[] = [];
  for (const [index, { key }] of objects.entries()) {
    const file = path.join(folder, `${index}.parquet`);
    await writeFile(file, await getObject(s3, bucket, key));
    inputs.push(file);
  }
  const merged = path.join(folder, 'merged.parquet');
  const rows = await mergeParquet(lake.contract, { folder, inputs, output: merged }).catch(async (error: unknown) => {
    const damaged = await firstUnreadable(lake, folder, inputs);
    const key = objects[damaged]?.key;
    if (key === undefined) throw error;
    const todo = DAMAGED_READINGS;
    throw new DamagedFile(`s3://${bucket}/${key}`, 'it cannot be read as Parquet', { todo, cause: error });
  });
  const body = await readFile(merged);
  const manifest: Manifest = { output: outputKey(dt, objects), inputs: objects.map(({ key }) => key) };
  await putObject(s3, { bucket, key: manifestKey(manifest) }, Buffer.from(JSON.stringify(manifest)));
  await putObject(s3, { bucket, key: manifest.output }, body);
  await removeInputs(s3, bucket, manifest);
  for (const file of [...inputs, merged]) await rm(file);
  return {
    dt,
    objectsBefore: objects.length,
    objectsAfter: 1,
    bytesBefore: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    bytesAfter: body.length,
    rows,
  };
}

/** The index of the first file that cannot be merged on its own; -1 if all can. */
async function firstUnreadable({ contract }: Lake, folder: string, inputs: readonly string[]): Promise<number> {
  const output = path.join(folder, 'alone.parquet');
  for (const [index, input] of inputs.entries()) {
    const isReadable = await mergeParquet(contract, { folder, inputs: [input], output }).then(
      () => true,
      () => false,
    );
    if (!isReadable) return index;
  }
  return -1;
}

/** Named after the objects it replaces, so that repeating a merge gives the same object. */
function outputKey(dt: string, objects: ListedObject[]): string {
  const hash = createHash('sha256');
  for (const { key, bytes, lastModifiedMs } of objects) hash.update(JSON.stringify([key, bytes, lastModifiedMs]));
  return `${PREFIX.readings}dt=${dt}/compacted-${hash.digest('hex').slice(0, 16)}.parquet`;
}

function manifestKey({ output }: Manifest): string {
  return `${MANIFESTS}${path.posix.basename(output, '.parquet')}.json`;
}

/**
 * Finishes interrupted merges, each with a remaining manifest: the merged object may or may not exist, and its inputs
 * may or may not be removed.
 */
async function finishInterrupted(s3: S3Client, bucket: string): Promise<void> {
  for await (const { key } of listObjects(s3, { bucket, prefix: MANIFESTS })) {
    const manifest = parseRecord<Manifest>((await getObject(s3, bucket, key)).toString(), {
      file: `s3://${bucket}/${key}`,
      members: ['output', 'inputs'],
      todo: 'Delete it. At worst, rows are then twice in readings_log, and once in readings.',
    });
    if (await objectExists(s3, bucket, manifest.output)) await removeInputs(s3, bucket, manifest);
    else await remove(s3, bucket, [key]);
  }
}

async function removeInputs(s3: S3Client, bucket: string, manifest: Manifest): Promise<void> {
  await remove(s3, bucket, manifest.inputs);
  await remove(s3, bucket, [manifestKey(manifest)]);
}

/** DeleteObjects takes 1,000 keys; a missing key counts as removed. */
async function remove(s3: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += 1000) {
    const Objects = keys.slice(start, start + 1000).map(Key => ({ Key }));
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first !== undefined) throw new Error(`s3://${bucket}/${first.Key} could not be removed: ${first.Message}`);
  }
}

async function partitions(
  s3: S3Client,
  { names }: Lake,
  date: string | undefined,
): Promise<Map<string, ListedObject[]>> {
  const found = new Map<string, ListedObject[]>();
  for await (const file of listReadingsFiles(s3, names.bucket, date)) {
    if (!file.key.endsWith('.parquet')) continue;
    const group = found.get(file.dt);
    if (group === undefined) found.set(file.dt, [file]);
    else group.push(file);
  }
  return found;
}
