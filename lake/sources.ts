import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { parseIsoTime } from '../contract/time.ts';
import { UserError } from '../contract/user-error.ts';
import { addLeftOut, type LeftOut, type LeftOutReason } from './left-out.ts';
import {
  getObject,
  isAccessDenied,
  isArchived,
  isNoSuchBucket,
  listObjects,
  parseS3Url,
  type S3Place,
} from './objects.ts';

/** One object to read: a local file or an object in S3. */
export interface SourceObject {
  /** Name shown to the user: the path below the source, or an `s3://` URL. */
  name: string;
  bytes: number;
  /**
   * When its records arrived, as far as the object shows: the time in a Firehose object name, else its modification
   * time.
   */
  arrivalMs: number;
  read(): Promise<Buffer>;
}

export interface FoundSources {
  /** Sorted by name (code units), without duplicates. */
  objects: SourceObject[];
  /** Listed but left out. */
  leftOut: LeftOut[];
}

/** Parts of the lake itself that hold no source records. */
const NOT_SOURCES = ['readings/', 'errors/', 'results/', 'reports/', 'backfill/', 'compaction/'];

/**
 * Finds the objects in local files, local folders (all levels) and `s3://bucket/prefix` URLs: every object, whatever
 * its name, because only its bytes show what it holds. Leaves out, and counts, hidden local files and folders, folder
 * markers, and whatever the lake's own bucket holds apart from source records. Always takes a file that is named
 * explicitly. Throws a `UserError` for a source with nothing to read.
 */
export async function findSources(
  sources: readonly string[],
  { s3, cwd, ownBucket }: { s3: S3Client; cwd: string; ownBucket: string },
): Promise<FoundSources> {
  const found = new Map<string, SourceObject>();
  const left = new Map<string, Omission>();
  for (const source of sources) {
    const count = { readable: 0, leftOut: 0 };
    const listed = source.startsWith('s3://')
      ? listBucket(s3, source, ownBucket)
      : listPath(path.resolve(cwd, source), source);
    for await (const { id, leftOut, ...object } of listed) {
      if (leftOut === undefined) found.set(id, object);
      else left.set(id, leftOut);
      count[leftOut === undefined ? 'readable' : 'leftOut']++;
    }
    if (count.readable === 0) throw nothingToRead(source, count.leftOut);
  }
  const leftOut: LeftOut[] = [];
  // Another source may name explicitly what this one leaves out.
  for (const [id, omission] of [...left].sort(([a], [b]) => compare(a, b)))
    if (!found.has(id)) addLeftOut(leftOut, omission);
  return { objects: [...found.values()].sort((a, b) => compare(a.name, b.name)), leftOut };
}

/** A listed object; `leftOut` is set if it must not be read. */
export type ListedSource = SourceObject & { leftOut?: Omission | undefined };

type Omission = Pick<LeftOut, 'name' | 'why'>;

/**
 * Lists the objects below `s3://bucket/prefix` URLs, bucket by bucket in S3's order, each once: a URL below another
 * adds nothing. Holds one page, so it can list millions. Throws as `findSources` does.
 */
export async function* listSources(
  urls: readonly string[],
  { s3, ownBucket }: { s3: S3Client; ownBucket: string },
): AsyncGenerator<ListedSource> {
  for (const { url } of outermostPlaces(urls)) {
    const count = { readable: 0, leftOut: 0 };
    for await (const found of listBucket(s3, url, ownBucket)) {
      count[found.leftOut === undefined ? 'readable' : 'leftOut']++;
      yield found;
    }
    if (count.readable === 0) throw nothingToRead(url, count.leftOut);
  }
}

/** The places of `s3://` URLs, sorted, without those below another, so that each object lies in exactly one. */
export function outermostPlaces(urls: readonly string[]): (S3Place & { url: string })[] {
  // Bucket names contain no slash, so a bucket's places are neighbours, and those below a place come right after it.
  const sorted = urls.map(url => ({ url, ...parsePlace(url) })).sort((a, b) => compare(placeKey(a), placeKey(b)));
  const outermost: typeof sorted = [];
  for (const place of sorted) {
    const last = outermost.at(-1);
    if (last?.bucket !== place.bucket || !place.prefix.startsWith(last.prefix)) outermost.push(place);
  }
  return outermost;
}

function placeKey({ bucket, prefix }: S3Place): string {
  return `${bucket}/${prefix}`;
}

/** By code units. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The time (UTC, in ms) in a Firehose object name, `<stream>-<version>-YYYY-MM-DD-HH-MM-SS-<id>`. */
export function firehoseTime(name: string): number | undefined {
  const match = /-(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)-[^/]+$/.exec(name);
  return match === null ? undefined : parseIsoTime(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`);
}

type Found = ListedSource & { id: string };

async function* listPath(file: string, name: string): AsyncGenerator<Found> {
  const status = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new UserError(`File or folder not found: ${file}.`, {
      todo: 'Name a folder, a file, or s3://bucket/prefix.',
    });
  });
  if (status.isDirectory()) yield* listFolder(file, name);
  else yield localFile({ file, name, bytes: status.size, changedMs: status.mtimeMs });
}

async function* listFolder(folder: string, name: string): AsyncGenerator<Found> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [file, below] = [path.join(folder, entry.name), path.join(name, entry.name)];
    const isHidden = entry.name.startsWith('.');
    if (entry.isDirectory() && !isHidden) yield* listFolder(file, below);
    else {
      // Follows links to files but not to folders, which could form a cycle; a dangling link holds nothing.
      const status = await stat(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      const { size: bytes = 0, mtimeMs: changedMs = 0 } = status ?? {};
      const why = isHidden ? 'hidden' : status?.isFile() !== true ? 'not-a-file' : undefined;
      yield localFile({ file, name: below, bytes, changedMs, why });
    }
  }
}

function localFile(found: {
  file: string;
  name: string;
  bytes: number;
  changedMs: number;
  why?: LeftOutReason | undefined;
}): Found {
  const { file, name, bytes, changedMs, why } = found;
  return {
    id: file,
    name,
    bytes,
    arrivalMs: firehoseTime(path.basename(file)) ?? Math.floor(changedMs),
    leftOut: why && { name, why },
    read: () => readFile(file),
  };
}

async function* listBucket(s3: S3Client, url: string, ownBucket: string): AsyncGenerator<Found> {
  const place = parsePlace(url);
  const { bucket } = place;
  try {
    for await (const { key, bytes, lastModifiedMs } of listObjects(s3, place)) {
      const name = `s3://${bucket}/${key}`;
      yield {
        ...{ id: name, name },
        bytes,
        arrivalMs: firehoseTime(key) ?? lastModifiedMs,
        leftOut: omissionOf({ bucket, key, bytes }, ownBucket),
        read: () =>
          getObject(s3, bucket, key).catch((error: unknown) => {
            throw whyUnread(error, { bucket, name });
          }),
      };
    }
  } catch (error) {
    if (isNoSuchBucket(error))
      throw new UserError(`Bucket not found: ${bucket}.`, { todo: 'Check the name after s3://.', cause: error });
    throw whyUnread(error, { bucket, name: url });
  }
}

function omissionOf(
  { bucket, key, bytes }: { bucket: string; key: string; bytes: number },
  ownBucket: string,
): Omission | undefined {
  const own = bucket === ownBucket ? NOT_SOURCES.find(prefix => key.startsWith(prefix)) : undefined;
  if (own !== undefined) return { name: `s3://${bucket}/${own}`, why: 'own-lake' };
  return key.endsWith('/') && bytes === 0 ? { name: `s3://${bucket}/${key}`, why: 'folder-marker' } : undefined;
}

function parsePlace(url: string): S3Place {
  const place = parseS3Url(url);
  if (place !== undefined) return place;
  throw new UserError(`Invalid S3 URL: ${url}.`, { exitCode: 2, todo: 'Write s3://bucket/prefix.' });
}

/** Translates an error from reading a source into a `UserError`, or returns it as it is. */
export function whyUnread(error: unknown, { bucket, name }: { bucket: string; name: string }): unknown {
  // S3 returns 403 for this one too.
  if (isArchived(error))
    return new UserError(`${name} is in an S3 archive class (Glacier).`, {
      todo: 'Restore it and continue, or name sources without it.',
      cause: error,
    });
  if (!isAccessDenied(error)) return error;
  const todo = `A deployment reads raw/ and import/ of its own lake, and the buckets that its stage file names in backfillSources, with their KMS keys in backfillKeys; the bucket's policy, and that of its key, must allow it too.`;
  return new UserError(`Access to the bucket ${bucket} was denied.`, { todo, cause: error });
}

function nothingToRead(source: string, leftOut: number): UserError {
  const others = leftOut === 0 ? '' : ` (${leftOut} hidden, markers of folders, or the lake's own)`;
  return new UserError(`Nothing to read in ${source}${others}.`, {
    todo: 'Name a folder, a file or s3://bucket/prefix with objects of JSON records, gzipped or not.',
  });
}
