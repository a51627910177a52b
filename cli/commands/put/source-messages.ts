import { addAbortSignal } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import type { Contract } from '../../../contract/contract.ts';
import type { Lake } from '../../../contract/lake.ts';
import { occurrencesByOrder } from '../../../contract/repeated-order.ts';
import { linesOf } from '../../../device/lines.ts';
import type { OutgoingMessage } from '../../../device/put-messages.ts';
import type { Damage } from '../../../lake/gunzip.ts';
import type { LeftOut } from '../../../lake/left-out.ts';
import { readObject } from '../../../lake/read-object.ts';
import { findSources } from '../../../lake/sources.ts';
import { splitRecords } from '../../../lake/split.ts';
import type { Effects } from '../../command.ts';

/** Base of relative sources, and callbacks for objects that were not read. */
export interface StoredEffects {
  cwd: string;
  onDamage: (name: string, damage: Damage) => void;
  onLeftOut: (leftOut: readonly LeftOut[]) => void;
}

/** The limit of one call of either stream. */
const GROUP = 500;

/**
 * The messages of files, folders and `s3://` prefixes, in groups: the bytes of each record, well-formed or not.
 * `onDamage` gets each object that could not be read completely; its readable part is among the messages. `onLeftOut`
 * gets the objects that were listed and are not read.
 */
export async function* storedMessages(
  sources: readonly string[],
  { aws, names, contract }: Lake,
  { cwd, onDamage, onLeftOut }: StoredEffects,
): AsyncGenerator<OutgoingMessage[]> {
  const s3 = new S3Client({ ...aws });
  try {
    const { objects, leftOut } = await findSources(sources, { s3, cwd, ownBucket: names.bucket });
    onLeftOut(leftOut);
    for (const object of objects) {
      const { bytes, damage } = await readObject(await object.read(), object);
      yield* grouped(inOrder(contract, bytes));
      if (damage !== undefined) onDamage(object.name, damage);
    }
  } finally {
    s3.destroy();
  }
}

/**
 * The messages of standard input, each line as it arrives, until the input ends or the command is stopped. Lines that
 * arrive in one piece form one group: they are gone from the pipe, so a stop between two groups loses none.
 */
export async function* pipedMessages({
  stdin,
  signal,
}: Pick<Effects, 'stdin' | 'signal'>): AsyncGenerator<OutgoingMessage[]> {
  try {
    for await (const lines of linesOf(addAbortSignal(signal, stdin())))
      yield lines.flatMap(line => [...records(line)].map(bytes => ({ bytes })));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The messages of one object; of those with a local time that occurs twice, which one it is by their order. */
function* inOrder(contract: Contract, bytes: Buffer): Generator<OutgoingMessage> {
  const occurrences = occurrencesByOrder(contract, records(bytes));
  let index = 0;
  for (const record of records(bytes)) yield { bytes: record, occurrence: occurrences.get(index++) };
}

function* records(bytes: Buffer): Generator<Buffer> {
  for (const { record, malformed } of splitRecords(bytes)) yield record ?? malformed;
}

function* grouped(messages: Iterable<OutgoingMessage>): Generator<OutgoingMessage[]> {
  let group: OutgoingMessage[] = [];
  for (const message of messages) {
    group.push(message);
    if (group.length === GROUP) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}
