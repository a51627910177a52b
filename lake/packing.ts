/** Bounds of a batch; an object that is larger than `maxBytes` is a batch alone. */
export interface BatchBounds {
  /** Stored bytes, of all its objects together. */
  maxBytes: number;
  maxObjects: number;
}

/**
 * Packs objects, in the order in which they come, into batches that are as full as their bounds allow. Streams: it holds
 * one batch and one object of the next, so that millions can be packed. The same objects always give the same batches.
 */
export async function* pack<Source extends { bytes: number }>(
  sources: Iterable<Source> | AsyncIterable<Source>,
  { maxBytes, maxObjects }: BatchBounds,
): AsyncGenerator<Source[]> {
  let batch: Source[] = [];
  let bytes = 0;
  for await (const source of sources) {
    if (batch.length > 0 && (batch.length >= maxObjects || bytes + source.bytes > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(source);
    bytes += source.bytes;
  }
  if (batch.length > 0) yield batch;
}
