import { type Unzipped, unzip } from './gunzip.ts';
import { otherFormat, textFormat } from './object-format.ts';

/**
 * The bytes of an object's records, unzipped if they are gzip, whatever the object's name. An object in another
 * format, zipped or not, gives no bytes and the damage `other-format`, whose detail names the format. `maxBytes` is
 * as for `unzip`.
 */
export async function readObject(
  object: Buffer,
  { name, maxBytes }: { name: string; maxBytes?: number },
): Promise<Unzipped> {
  const format = otherFormat(object, name);
  if (format !== undefined) return refused(format);
  const unzipped = await unzip(object, maxBytes === undefined ? {} : { maxBytes });
  const inside = object === unzipped.bytes ? undefined : textFormat(unzipped.bytes);
  return inside === undefined ? unzipped : refused(`gzipped ${inside}`);
}

function refused(format: string): Unzipped {
  return {
    bytes: Buffer.alloc(0),
    damage: { kind: 'other-format', detail: `the object is ${format}, not JSON records` },
  };
}
