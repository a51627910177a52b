import { gzipSync } from 'node:zlib';
import type { Contract } from '../../contract/contract.ts';
import { sinceMs } from '../../contract/reading.ts';
import { MAX_OBJECT_BYTES } from '../../lake/gunzip.ts';
import { ingestBatch, type LoadedSource } from '../../lake/ingest-batch.ts';
import { sha256 } from '../../lake/ledger.ts';
import { MAX_ROWS } from '../../lake/write-batch.ts';
import { messages } from './fleet-readings.ts';
import { cpuMs } from './time-transform.ts';

const RECORDS_OF_AN_OBJECT = 100_000;

/**
 * Reads one batch of raw objects as a worker does, without S3, and measures its content, the CPU time, and the memory.
 */
export async function timeBatch(contract: Contract, storedBytes: number) {
  const sources: LoadedSource[] = [];
  let bytes = 0;
  while (bytes < storedBytes) {
    const first = sources.length * RECORDS_OF_AN_OBJECT * 1.2;
    const object = gzipSync(Buffer.concat(messages(contract, RECORDS_OF_AN_OBJECT, first).map(({ record }) => record)));
    const name = `raw-${sources.length}`;
    sources.push({ name, sha256: sha256(object), arrivalMs: Date.UTC(2026, 10, 21, 13), object });
    bytes += object.length;
  }
  let peakBytes = 0;
  const window = { fromMs: sinceMs(contract), toMs: Date.UTC(2026, 10, 23) };
  const started = process.cpuUsage();
  const { sources: done } = await ingestBatch('simulated', sources, {
    ...{ contract, window, wanted: window, maxObjectBytes: MAX_OBJECT_BYTES, maxRows: MAX_ROWS },
    write: async (_, body) => void (await body()),
    progress: () => {
      peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    },
  });
  const seconds = cpuMs(started) / 1000;
  const records = done.reduce((sum, source) => sum + source.records.accepted, 0);
  return { objects: sources.length, bytes, records, seconds, peakMb: peakBytes / 1e6 };
}
