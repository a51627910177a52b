import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Contract } from '../../contract/contract.ts';
import type { Lake } from '../../contract/lake.ts';
import { createS3 } from '../../infra/emulator/s3/s3.ts';
import { startEndpoint } from '../../infra/emulator/services/endpoint.ts';
import { LOCAL_NAMES, LOCAL_REGION } from '../../infra/local/local-names.ts';
import type { BackfillReport } from '../../lake/backfill-report.ts';
import { parseFailedRecord } from '../../lake/failed-record.ts';
import { type BackfillEffects, type BackfillOptions, backfill } from '../../lake/run-backfill.ts';

/** 2026-11-21, noon. */
export const NOW = Date.UTC(2026, 10, 21, 12);

/** An empty lake in a temporary folder, with a folder of sources. */
export interface RunningLake {
  /** The temporary folder: sources are in `in/`, the buckets in `s3/`. */
  folder: string;
  lake: Lake;
  s3: S3Client;
  /** Writes a source to the folder `in`, modified at `NOW`. */
  source(name: string, content: Buffer | string): Promise<void>;
  backfill(
    options?: Partial<BackfillOptions & BackfillEffects> & { sources?: string[]; contract?: Contract },
  ): Promise<BackfillReport>;
  /** Keys of the lake's bucket under a prefix. */
  keys(prefix: string): Promise<string[]>;
  bytes(key: string): Promise<Buffer>;
  remove(key: string): Promise<void>;
  removeFrom(bucket: string, key: string): Promise<void>;
  /** The same endpoint with another bucket, which must exist, as the lake's. It need not be stopped. */
  inBucket(name: string): RunningLake;
  /** All rows of `readings_log`. */
  rows(): Promise<Record<string, unknown>[]>;
  /** All failed records, as `[errorMessage, rawData]`, sorted. */
  failures(): Promise<[string, Buffer][]>;
  stop(): Promise<void>;
}

export async function runLake(contract: Contract): Promise<RunningLake> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-backfill-'));
  const root = path.join(folder, 's3');
  const endpoint = await startEndpoint({
    port: 0,
    accessKeyId: 'TESTKEY',
    services: [],
    s3: createS3({ root }).handle,
  });
  const credentials = { accessKeyId: 'TESTKEY', secretAccessKey: 'secret' };
  const lake: Lake = {
    aws: { region: LOCAL_REGION, endpoint: endpoint.url, credentials },
    names: LOCAL_NAMES,
    contract,
  };
  const s3 = new S3Client({ ...lake.aws });
  await s3.send(new CreateBucketCommand({ Bucket: lake.names.bucket }));
  const stop = async () => {
    s3.destroy();
    await endpoint.close();
    await rm(folder, { recursive: true, force: true });
  };
  return runningLake({ folder, root, lake, s3, stop });
}

interface Running {
  folder: string;
  /** The folder of buckets. */
  root: string;
  lake: Lake;
  s3: S3Client;
  stop(): Promise<void>;
}

function runningLake({ folder, root, lake, s3, stop }: Running): RunningLake {
  const bucket = path.join(root, lake.names.bucket);

  async function keys(prefix: string): Promise<string[]> {
    const entries = await readdir(bucket, { recursive: true, withFileTypes: true });
    return entries
      .filter(entry => entry.isFile())
      .map(entry => path.relative(bucket, path.join(entry.parentPath, entry.name)))
      .filter(key => key.startsWith(prefix))
      .sort();
  }
  const bytes = (key: string) => readFile(path.join(bucket, key));

  return {
    folder,
    lake,
    s3,
    keys,
    bytes,
    remove: key => rm(path.join(bucket, key)),
    removeFrom: (other, key) => rm(path.join(root, other, key)),
    inBucket: name =>
      runningLake({ folder, root, lake: { ...lake, names: { ...lake.names, bucket: name } }, s3, stop }),
    async source(name, content) {
      const file = path.join(folder, 'in', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
      await utimes(file, NOW / 1000, NOW / 1000);
    },
    backfill({ sources = ['in'], contract: other = lake.contract, now, signal, progress, ...options } = {}) {
      return backfill(
        { ...lake, contract: other },
        sources,
        { cwd: folder, ...options },
        {
          now: now ?? (() => NOW),
          signal: signal ?? new AbortController().signal,
          progress: progress ?? (() => {}),
        },
      );
    },
    async rows() {
      const rows: Record<string, unknown>[] = [];
      for (const key of await keys('readings/'))
        rows.push(...(await parquetReadObjects({ file: new Uint8Array(await bytes(key)).buffer, compressors })));
      return rows;
    },
    async failures() {
      const failures: [string, Buffer][] = [];
      for (const key of await keys('errors/processing-failed/'))
        for (const line of gunzipSync(await bytes(key))
          .toString()
          .trimEnd()
          .split('\n')) {
          const { errorMessage = '', rawData } = parseFailedRecord(line) ?? {};
          failures.push([errorMessage, Buffer.from(rawData ?? [])]);
        }
      return failures.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    },
    stop,
  };
}
