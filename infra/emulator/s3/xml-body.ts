import { malformedXml, parseXml, type XmlElement } from '../wire/xml.ts';
import type { S3Call } from './call.ts';
import { readVerified } from './verified-body.ts';

const LESS_THAN = 0x3c;
/** Deeper than any supported S3 request. */
const MAX_DEPTH = 8;

/**
 * Reads a request's XML body, whose root must be called `name`; undefined for an empty body. Throws MalformedXML as
 * soon as it has read more than `maxElements`, before parsing, and EntityTooLarge above `maxBytes`.
 */
export async function readXml(
  call: S3Call,
  name: string,
  { maxBytes, maxElements }: { maxBytes: number; maxElements: number },
): Promise<XmlElement | undefined> {
  const body = await readVerified({ ...call, body: ofFewTags(call.body, 2 * maxElements + 1) }, maxBytes);
  if (body.length === 0) return undefined;
  requireShallow(body.toString('latin1'));
  return parseXml(body, name);
}

async function* ofFewTags(source: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let tags = 0;
  for await (const chunk of source) {
    for (let at = chunk.indexOf(LESS_THAN); at !== -1; at = chunk.indexOf(LESS_THAN, at + 1)) tags++;
    if (tags > most) throw malformedXml();
    yield chunk;
  }
}

/**
 * Limits the depth: the parser keeps the full path of each open element, so ten thousand nested ones would take
 * minutes.
 */
function requireShallow(text: string): void {
  let depth = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const ending = text.startsWith('<!--', at) ? '-->' : '>';
    const end = text.indexOf(ending, at);
    if (end === -1) throw malformedXml();
    const next = text[at + 1];
    if (next === '/') depth--;
    else if (next !== '!' && next !== '?' && text[end - 1] !== '/') depth++;
    if (depth > MAX_DEPTH) throw malformedXml();
    at = end + ending.length;
  }
}
