import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Contract } from '../contract/contract.ts';
import { type Message, openRecord } from '../contract/envelope.ts';
import { readMessage } from '../contract/reading.ts';
import { mayRepeat, occurrencesByOrder } from '../contract/repeated-order.ts';
import type { Occurrence } from '../contract/repeated-time.ts';
import { UserError } from '../contract/user-error.ts';
import { knownFormat } from '../lake/object-format.ts';
import { splitRecords } from '../lake/split.ts';
import { publisherOf } from './publisher.ts';

/** One message of a file: the bytes a device sent, or would have sent. */
export interface SourceMessage {
  payload: Uint8Array;
  /** Undefined if neither the message nor its topic names a device. */
  deviceid: string | undefined;
  /** Position for messages to the user: `file, record 17`. */
  where: string;
  /** For a local time that occurs twice: which one it is, from the file's order or its arrival times. */
  occurrence: Occurrence | undefined;
}

/** The messages of one file, and its fault, if any: `is damaged: unexpected end of file`. */
export interface Source {
  file: string;
  fault: string | undefined;
  messages(): Generator<SourceMessage>;
}

/** Largest file accepted, unpacked: 100 MiB of zeros pack into 100 KB. */
const MAX_UNPACKED_BYTES = 2 ** 30;

/** The files given, and those in the folders given, sorted by path. Throws a `UserError` if one is missing. */
export async function sourceFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const name of paths) {
    const found = await stat(name).catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`Cannot read ${name}: ${error.code ?? error.message}.`, {
        todo: 'Name files or folders that exist.',
        cause: error,
      });
    });
    if (!found.isDirectory()) files.push(name);
    else files.push(...(await filesIn(name)));
  }
  return files;
}

/**
 * Reads one file: JSON lines, or concatenated JSON objects, either optionally gzipped (including several members).
 * For records wrapped by Sluice's streams, gives the inner message and its device.
 */
export async function readSource(contract: Contract, file: string): Promise<Source> {
  const { bytes, fault } = await readBytes(file);
  return {
    file,
    fault,
    *messages() {
      const byOrder = occurrencesByOrder(contract, recordsOf(bytes));
      let number = 0;
      for (const record of recordsOf(bytes)) {
        const message = openRecord(record, 0);
        const inOrder = byOrder.get(number++);
        yield {
          occurrence: message.topic === undefined ? inOrder : occurrenceAsReceived(contract, message),
          payload: message.payload,
          deviceid: publisherOf(contract, message.payload, message.topic),
          where: `${file}, record ${number}`,
        };
      }
    },
  };
}

function* recordsOf(bytes: Buffer): Generator<Buffer> {
  for (const { record, malformed } of splitRecords(bytes)) yield record ?? malformed;
}

function occurrenceAsReceived(contract: Contract, { payload, ...arrival }: Message): Occurrence | undefined {
  if (!mayRepeat(contract)) return undefined;
  const { repeated } = readMessage(contract, payload, arrival);
  return repeated?.decidedBy === 'nothing' ? undefined : repeated?.occurrence;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
}

async function readBytes(file: string): Promise<{ bytes: Buffer; fault: string | undefined }> {
  const packed = createReadStream(file);
  const stream = (await isGzip(file)) ? packed.pipe(createGunzip()) : packed;
  if (stream !== packed) packed.on('error', error => stream.destroy(error));
  const chunks: Buffer[] = [];
  let length = 0;
  let fault: string | undefined;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_UNPACKED_BYTES) throw new RangeError(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    // Everything before the damage is still good; a file that cannot be opened at all is the user's to fix.
    if (error instanceof Error && 'syscall' in error)
      throw new UserError(`Cannot read ${file}: ${error.message}.`, { cause: error });
    fault = `is damaged: ${error instanceof Error ? error.message : String(error)}`;
  }
  const bytes = Buffer.concat(chunks);
  const format = fault === undefined ? knownFormat(bytes) : undefined;
  return format === undefined
    ? { bytes, fault }
    : { bytes: bytes.subarray(0, 0), fault: `is ${format}, not JSON records` };
}

/** Checks the first bytes, whatever the file's name. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(`Cannot read ${file}: ${cause.message}.`, { cause });
  });
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}
