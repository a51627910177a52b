import type {
  FirehoseTransformationEvent,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import type { Contract } from '../contract/contract.ts';
import { partitionDate } from '../contract/reading.ts';
import { cleanRecord, toRow } from './clean.ts';
import { fitResponse } from './response.ts';

/**
 * The Firehose transform: each record becomes a row with its partition key, or fails with its reason. The reason travels in
 * `metadata.partitionKeys`, the one place of the response that may carry words; Firehose does not use it for failed records.
 * The answer is never larger than Firehose takes: see {@link fitResponse}.
 */
export function createTransform(contract: Contract) {
  return async (event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> => {
    const records = event.records.map(({ recordId, data, approximateArrivalTimestamp }) =>
      transformRecord(contract, recordId, Buffer.from(data, 'base64'), approximateArrivalTimestamp),
    );
    return { records: fitResponse(records) };
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
