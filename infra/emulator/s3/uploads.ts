/** Multipart uploads that are under way: `root/.uploads/<id>/`, with `upload.json` and each part's bytes and record. */
import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, publishFile, syncFolder } from '../disk/durable-files.ts';
import { readJson } from '../disk/json-files.ts';
import { invalidArgument, S3Error } from '../wire/s3-error.ts';
import type { S3Call } from './call.ts';
import type { Checksum, ChecksumAlgorithm } from './checksum.ts';
import type { BytesDigest, DigestedBytes } from './digested-bytes.ts';
import type { ObjectMetadata } from './metadata.ts';
import { type Store, writeStaged } from './store.ts';

export interface Upload {
  id: string;
  bucket: string;
  key: string;
  headers: Record<string, string>;
  /** Undefined where the client wants no checksum of the object. */
  checksumAlgorithm: ChecksumAlgorithm | undefined;
  checksumType: ObjectMetadata['checksumType'];
}

export interface Part {
  number: number;
  size: number;
  /** MD5 in hex. */
  etag: string;
  checksums: Checksum[];
  modifiedMs: number;
  /** The name of the file in the upload's folder that holds its bytes. */
  file: string;
}

const MAX_PARTS = 10_000;
const UPLOAD_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function createUpload(store: Store, upload: Omit<Upload, 'id'>): Promise<string> {
  const id = randomUUID();
  await publishFile(path.join(uploadPath(store, id), 'upload.json'), Buffer.from(JSON.stringify({ id, ...upload })));
  return id;
}

/** The upload that a request names; it must be of the bucket and key that the request names too. */
export async function requireUpload({ store, bucket, key, query }: S3Call): Promise<Upload> {
  const id = query.get('uploadId') ?? '';
  // The id is a folder's name.
  if (!UPLOAD_ID.test(id)) throw noSuchUpload();
  const upload = await readJson<Upload>(path.join(uploadPath(store, id), 'upload.json'), {
    members: ['id', 'bucket', 'key'],
    todo: `Delete ${uploadPath(store, id)}, and upload the object again.`,
  });
  if (upload === undefined) throw noSuchUpload();
  if (upload.bucket !== bucket || upload.key !== key) throw noSuchUpload();
  return upload;
}

/** The part number of a request. */
export function parsePartNumber(query: S3Call['query']): number {
  const text = query.get('partNumber') ?? '';
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > MAX_PARTS)
    throw invalidArgument(`Part number must be an integer between 1 and ${MAX_PARTS}, inclusive.`);
  return number;
}

/** Keeps a part, durably; one of the same number is replaced. */
export async function writePart(store: Store, upload: Upload, number: number, body: DigestedBytes): Promise<Part> {
  const folder = uploadPath(store, upload.id);
  const staged = await writeStaged(store, body.bytes);
  const { md5, size, checksums }: BytesDigest = body.digest();
  const part = {
    number,
    size,
    etag: md5.toString('hex'),
    checksums,
    modifiedMs: store.now(),
    file: `${randomUUID()}.part`,
  };
  try {
    const replaced = await readPart(folder, `${number}.json`);
    await rename(staged.file, path.join(folder, part.file));
    await replaceRecord(folder, part);
    if (replaced !== undefined) await rm(path.join(folder, replaced.file), { force: true });
  } catch (error) {
    await rm(staged.file, { force: true });
    // The upload was completed or aborted meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw noSuchUpload();
    throw error;
  }
  return part;
}

/** Not publishFile, which would make the folder of an upload that was aborted meanwhile anew. */
async function replaceRecord(folder: string, part: Part): Promise<void> {
  const record = path.join(folder, `${part.file}.json`);
  const handle = await open(record, 'wx');
  try {
    await handle.writeFile(JSON.stringify(part));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(record, path.join(folder, `${part.number}.json`));
  await syncFolder(folder);
}

/** The parts of an upload so far, by number. */
export async function readParts(store: Store, upload: Upload): Promise<Part[]> {
  const folder = uploadPath(store, upload.id);
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  const parts = await Promise.all(names.filter(name => /^\d+\.json$/.test(name)).map(name => readPart(folder, name)));
  return parts.filter(part => part !== undefined).sort((a, b) => a.number - b.number);
}

export function partPath(store: Store, upload: Upload, part: Part): string {
  return path.join(uploadPath(store, upload.id), part.file);
}

/** Forgets an upload and its parts. The record goes first, so that a removal that is cut short leaves no upload behind. */
export async function removeUpload(store: Store, upload: Upload): Promise<void> {
  const folder = uploadPath(store, upload.id);
  await rm(path.join(folder, 'upload.json'), { force: true });
  await rm(folder, { recursive: true, force: true });
}

export function noSuchUpload(): S3Error {
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  return new S3Error('NoSuchUpload', 404, message);
}

async function readPart(folder: string, name: string): Promise<Part | undefined> {
  return readJson<Part>(path.join(folder, name), {
    members: ['number', 'etag', 'file'],
    todo: 'Delete it, and upload the part again.',
  });
}

function uploadPath(store: Store, id: string): string {
  return path.join(store.root, '.uploads', id);
}
