import type {
  FirehoseTransformationEvent,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import type { Contract } from '../contract/contract.ts';
import { partitionDate } from '../contract/reading.ts';
import { cleanRecord, toRow } from './clean.ts';

/** Firehose takes at most 6 MB from a transform, base64 counted; this leaves room for the response's own JSON. */
const MAX_RESPONSE_BYTES = 5_500_000;

/**
 * The Firehose transform: each record becomes a row with its partition key, or fails with its reason. The reason travels in
 * `metadata.partitionKeys`, the one place of the response that may carry words; Firehose does not use it for failed records.
 * Throws where the response would be over Firehose's limit, so that the batch is tried again rather than cut.
 */
export function createTransform(contract: Contract) {
  return async (event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> => {
    const records = event.records.map(({ recordId, data, approximateArrivalTimestamp }) =>
      transformRecord(contract, recordId, Buffer.from(data, 'base64'), approximateArrivalTimestamp),
    );
    const size = records.reduce((sum, { data }) => sum + (data?.length ?? 0) + 200, 0);
    if (size > MAX_RESPONSE_BYTES)
      throw new Error(`the transform's answer would be ${size} bytes; lower the buffer hint of the processor`);
    return { records };
  };
}

function transformRecord(
  contract: Contract,
  recordId: string,
  data: Buffer,
  arrivedAt: number,
): FirehoseTransformationResultRecord {
  const { reading, rejection } = cleanRecord(contract, data, arrivedAt);
  if (reading === undefined)
    return {
      recordId,
      result: 'ProcessingFailed',
      data: data.toString('base64'),
      metadata: { partitionKeys: { reason: rejection.reason, detail: rejection.detail } },
    };
  return {
    recordId,
    result: 'Ok',
    data: Buffer.from(`${JSON.stringify(toRow(reading))}\n`).toString('base64'),
    metadata: { partitionKeys: { dt: partitionDate(reading) } },
  };
}
