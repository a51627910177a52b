/** Limits of a batch; an object larger than `maxBytes` is a batch of its own. */
export interface BatchBounds {
  /** Total stored bytes. */
  maxBytes: number;
  maxObjects: number;
}

/**
 * Packs objects, in the order given, into batches as full as the limits allow. Streams: it holds one batch and one
 * object of the next, so it can pack millions. The same objects always give the same batches.
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
