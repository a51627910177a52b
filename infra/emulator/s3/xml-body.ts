import { malformedXml, parseXml, type XmlElement } from '../wire/xml.ts';
import type { S3Call } from './call.ts';
import { readVerified } from './verified-body.ts';

const LESS_THAN = 0x3c;
/** Deeper than any request of S3's that is served. */
const MAX_DEPTH = 8;

/**
 * The XML that a request brings, whose root must be called `name`. It is refused as MalformedXML while it is read, once it has
 * more elements than it may, so that nothing is made of a body that says too much; and over `maxBytes` as too large.
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

/** The parser keeps the path of names for each element that is open: ten thousand within another would take it minutes. */
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
