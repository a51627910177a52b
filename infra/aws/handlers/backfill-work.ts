import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import config from 'sluice-config';
import { defineContract } from '../../../contract/contract.ts';
import { toldWhole } from '../../../contract/user-error.ts';
import { createBackfillWorker } from '../../../lake/backfill-worker.ts';
import { workerEvent } from '../../../lake/step-events.ts';
import { handlerSettings } from '../../settings.ts';

const { region, bucket } = handlerSettings('backfill-work');
// A source bucket may be in another region; S3 redirects the request there.
const s3 = new S3Client({ region, followRegionRedirects: true });
const read = createBackfillWorker({ s3, bucket, contract: defineContract(config) });

/**
 * One batch of a backfill: takes its key in the lake's bucket, writes its rows to the lake, and returns the batch's
 * result.
 */
export async function handler(event: unknown, context: Context) {
  return toldWhole(work(event, () => context.getRemainingTimeInMillis()));
}

async function work(event: unknown, remainingMs: () => number) {
  return read(workerEvent(event), { remainingMs });
}
