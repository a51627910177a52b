import type { FirehoseTransformationResultRecord } from 'aws-lambda';

/** What a failed record without a reason is counted as: the answer had no room for it (see `fitResponse`). */
const NO_ROOM = 'no-room';

/**
 * The line that a batch adds to the function's log: CloudWatch makes the metrics `Accepted` and `Rejected` of the namespace
 * `Sluice` from it, by `Stage`. The count of each reason is a property, for a search in the log: reasons as dimensions would be
 * a metric each. So is the count of `ambiguous` readings, whose local time occurs twice. Specification: CloudWatch embedded metric format. `now` is ms since the epoch.
 */
export function batchMetric(
  records: readonly FirehoseTransformationResultRecord[],
  stage: string,
  now: number,
  ambiguous = 0,
): string {
  const reasons: Record<string, number> = {};
  let accepted = 0;
  for (const { result, metadata } of records) {
    if (result === 'Ok') accepted++;
    else {
      const reason = metadata?.partitionKeys?.reason ?? NO_ROOM;
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
  }
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: 'Sluice',
          Dimensions: [['Stage']],
          Metrics: [
            { Name: 'Accepted', Unit: 'Count' },
            { Name: 'Rejected', Unit: 'Count' },
          ],
        },
      ],
    },
    Stage: stage,
    Accepted: accepted,
    Rejected: records.length - accepted,
    Reasons: reasons,
    ...(ambiguous === 0 ? {} : { Ambiguous: ambiguous }),
  });
}
