import type {
  FirehoseTransformationEvent,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import type { Contract } from '../contract/contract.ts';
import { type Outcome, partitionDate } from '../contract/reading.ts';
import { cleanRecord, toRow } from './clean.ts';
import { fitResponse } from './response.ts';

/**
 * The Firehose transform: each record becomes a row with its partition key, or fails with its reason. The reason travels in
 * `metadata.partitionKeys`, the one place of the response that may carry words; Firehose does not use it for failed records.
 * The answer is never larger than Firehose takes: see {@link fitResponse}.
 */
export function createTransform(contract: Contract, { onAmbiguous }: TransformEffects = {}) {
  return async (event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> => {
    let ambiguous = 0;
    const records = event.records.map(({ recordId, data, approximateArrivalTimestamp }) => {
      const bytes = Buffer.from(data, 'base64');
      const outcome = cleanRecord(contract, bytes, approximateArrivalTimestamp);
      if (outcome.repeated?.decidedBy === 'nothing') ambiguous++;
      return resultOf(recordId, bytes, outcome);
    });
    if (ambiguous > 0) onAmbiguous?.(ambiguous);
    return { records: fitResponse(records) };
  };
}

export interface TransformEffects {
  /** Told of each batch with readings whose local time occurs twice, and which nothing tells apart: how many. */
  onAmbiguous?: (readings: number) => void;
}

function resultOf(recordId: string, data: Buffer, { reading, rejection }: Outcome): FirehoseTransformationResultRecord {
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
