/** The footers of the lake's Parquet files, read through S3 without the data: the bytes of each column. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type FileMetaData, parquetMetadataAsync } from 'hyparquet';
import { PREFIX } from '../contract/table.ts';
import { DamagedFile } from './damaged-file.ts';
import { type ListedObject, listObjects } from './objects.ts';

/** A file of `readings_log`, with its partition's event date. */
export interface ReadingsFile extends ListedObject {
  /** `YYYY-MM-DD` */
  dt: string;
}

const KEY = new RegExp(`^${PREFIX.readings}dt=(\\d{4}-\\d\\d-\\d\\d)/(.+)$`);

/**
 * Lists the files that a query over `readings_log` reads, of one event date or all. Hidden files (Hive's `_` and `.`)
 * and empty objects are not data, but an empty object named as a Parquet file is damaged.
 */
export async function* listReadingsFiles(s3: S3Client, bucket: string, date?: string): AsyncGenerator<ReadingsFile> {
  const prefix = date === undefined ? PREFIX.readings : `${PREFIX.readings}dt=${date}/`;
  for await (const object of listObjects(s3, { bucket, prefix })) {
    const [, dt, rest = ''] = KEY.exec(object.key) ?? [];
    const isData = object.bytes > 0 || object.key.endsWith('.parquet');
    if (dt !== undefined && isData && !/(^|\/)[._]/.test(rest)) yield { ...object, dt };
  }
}

/** What to do about a damaged file of `readings_log`. */
export const DAMAGED_READINGS = 'Restore it, or delete it and bring its readings in again: docs/architecture.md';

/**
 * The footer of one object, read with range requests from its end. Throws a `DamagedFile` if it is not a Parquet
 * file.
 */
export async function readFooter(s3: S3Client, bucket: string, { key, bytes }: ListedObject): Promise<FileMetaData> {
  const file = `s3://${bucket}/${key}`;
  if (bytes === 0) throw new DamagedFile(file, 'it is empty', { todo: DAMAGED_READINGS });
  let unread: unknown;
  const slice = async (start: number, end = bytes): Promise<ArrayBuffer> => {
    try {
      const Range = `bytes=${start}-${end - 1}`;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }));
      if (Body === undefined) throw new Error(`${file} came without a body`);
      return Uint8Array.from(await Body.transformToByteArray()).buffer;
    } catch (error) {
      unread = error;
      throw error;
    }
  };
  try {
    return await parquetMetadataAsync({ byteLength: bytes, slice }, { initialFetchSize: FIRST_READ_BYTES });
  } catch (cause) {
    // A failed request to S3 does not mean that the file is damaged.
    if (unread !== undefined) throw unread;
    throw new DamagedFile(file, 'its footer is not that of a Parquet file', { todo: DAMAGED_READINGS, cause });
  }
}

/** Footers of the lake's own files are a few KB; a larger one takes a second read. */
const FIRST_READ_BYTES = 16 * 1024;

/**
 * The compressed bytes of each column, over all row groups. Nested columns count under their top-level name. Names
 * are lowercase.
 */
export function columnBytes({ row_groups }: FileMetaData): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const { columns } of row_groups)
    for (const { meta_data: chunk } of columns) {
      const name = chunk?.path_in_schema[0]?.toLowerCase();
      if (name !== undefined) bytes.set(name, (bytes.get(name) ?? 0) + Number(chunk?.total_compressed_size ?? 0n));
    }
  return bytes;
}
