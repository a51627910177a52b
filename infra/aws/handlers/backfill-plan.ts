import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import config from 'sluice-config';
import { defineContract } from '../../../contract/contract.ts';
import { toldWhole } from '../../../contract/user-error.ts';
import { planBackfill } from '../../../lake/plan-backfill.ts';
import { plannerEvent } from '../../../lake/step-events.ts';
import { handlerSettings } from '../../settings.ts';

const { region, bucket } = handlerSettings('backfill-plan');
// A source bucket may be in another region; S3 redirects the request there.
const place = { s3: new S3Client({ region, followRegionRedirects: true }), bucket, contract: defineContract(config) };

/** First step of a backfill: turns the execution's name and input into a plan in the lake's bucket. */
export async function handler(event: unknown, context: Context) {
  return toldWhole(plan(event, () => context.getRemainingTimeInMillis()));
}

async function plan(event: unknown, remainingMs: () => number) {
  return planBackfill(plannerEvent(event), place, { now: Date.now, remainingMs });
}
