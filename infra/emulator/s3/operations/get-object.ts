import { S3Error } from '../../wire/s3-error.ts';
import { type ByteRange, parseRange } from '../byte-range.ts';
import type { Operation, S3Call, S3Reply } from '../call.ts';
import { objectBytes, objectHeaders } from '../object-headers.ts';
import { evaluate, parseConditions, preconditionFailed, stateOf } from '../preconditions.ts';
import { openObject, type StoredObject } from '../stored-object.ts';

/** GetObject: the whole object or one range of it. */
export const getObject: Operation = async call => {
  const object = await openObject(call.store, call.bucket, call.key);
  try {
    const { reply, range } = answer(call, object);
    if (reply.status === 304) await object.handle.close();
    else reply.stream = objectBytes(object, range);
    return reply;
  } catch (error) {
    await object.handle.close();
    throw error;
  }
};

/** HeadObject: GetObject's status and headers. */
export const headObject: Operation = async call => {
  const object = await openObject(call.store, call.bucket, call.key);
  try {
    return answer(call, object).reply;
  } finally {
    await object.handle.close();
  }
};

function answer(call: S3Call, object: StoredObject): { reply: S3Reply; range: ByteRange | undefined } {
  const state = stateOf(object);
  const outcome = evaluate(parseConditions(call.headers), state);
  if (outcome === 'failed') throw preconditionFailed();
  if (outcome === 'unchanged') {
    const { etag, 'last-modified': modified } = objectHeaders(call, object, undefined);
    return { reply: { status: 304, headers: { etag, 'last-modified': modified } }, range: undefined };
  }
  const range = parseRange(call.headers.range, object.version.size);
  if (range === 'unsatisfiable') throw new S3Error('InvalidRange', 416, 'The requested range is not satisfiable.');
  return { reply: { status: range === undefined ? 200 : 206, headers: objectHeaders(call, object, range) }, range };
}
