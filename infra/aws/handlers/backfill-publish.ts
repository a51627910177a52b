import { S3Client } from '@aws-sdk/client-s3';
import { toldWhole } from '../../../contract/user-error.ts';
import { publishRun } from '../../../lake/publish-run.ts';
import { publisherEvent } from '../../../lake/step-events.ts';
import { handlerSettings } from '../../settings.ts';

const { region, bucket } = handlerSettings('backfill-publish');
const s3 = new S3Client({ region });

/** Last step of a backfill: summarizes the results of its batches in the run report. */
export async function handler(event: unknown) {
  return toldWhole(publish(event));
}

async function publish(event: unknown) {
  return publishRun(s3, bucket, publisherEvent(event));
}
