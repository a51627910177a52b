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
 * The Firehose transform: each record becomes a row with its partition key, or fails with a reason. The reason goes
 * into `metadata.partitionKeys`, the only part of the response that may hold text; Firehose ignores it for failed
 * records. The response never exceeds Firehose's limit: see {@link fitResponse}.
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
  /** Called with the number of a batch's readings whose local time occurs twice with nothing to tell which is meant. */
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
