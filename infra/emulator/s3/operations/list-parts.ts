import { invalidArgument } from '../../wire/s3-error.ts';
import { element, tag, xmlDocument } from '../../wire/xml.ts';
import type { Operation } from '../call.ts';
import { isoSeconds } from '../list-page.ts';
import { readParts, requireUpload } from '../uploads.ts';

const MAX_PARTS = 1000;

/** ListParts: the parts of an upload so far, 1,000 a page. */
export const listParts: Operation = async call => {
  const { store, bucket, key, query } = call;
  const upload = await requireUpload(call);
  const maxParts = Math.min(parseNumber(query, 'max-parts', MAX_PARTS), MAX_PARTS);
  const after = parseNumber(query, 'part-number-marker', 0);
  const parts = (await readParts(store, upload)).filter(part => part.number > after);
  const shown = parts.slice(0, maxParts);
  const elements = shown.map(part =>
    element(
      'Part',
      tag('PartNumber', part.number),
      tag('LastModified', isoSeconds(part.modifiedMs)),
      tag('ETag', `"${part.etag}"`),
      tag('Size', part.size),
      ...part.checksums.map(({ algorithm, value }) => tag(`Checksum${algorithm.toUpperCase()}`, value)),
    ),
  );
  const members = [
    tag('Bucket', bucket),
    tag('Key', key),
    tag('UploadId', upload.id),
    tag('PartNumberMarker', after),
    tag('NextPartNumberMarker', shown.at(-1)?.number),
    tag('MaxParts', maxParts),
    tag('IsTruncated', shown.length < parts.length),
  ];
  return { status: 200, xml: xmlDocument('ListPartsResult', ...members, ...elements) };
};

function parseNumber(query: Map<string, string>, name: string, otherwise: number): number {
  const text = query.get(name) ?? String(otherwise);
  if (!/^\d{1,9}$/.test(text)) throw invalidArgument(`${name} is not a whole number.`);
  return Number(text);
}
