import type { FirehoseTransformationResultRecord } from 'aws-lambda';

/** The reason counted for a failed record without one: the response had no room for it (see `fitResponse`). */
const NO_ROOM = 'no-room';

/**
 * The log line of a batch, from which CloudWatch derives the metrics `Accepted` and `Rejected` of the namespace
 * `Sluice`, by `Stage`. The count of each reason is a property, for searching the log: as a dimension, each reason
 * would be a metric of its own. The same holds for the count of `ambiguous` readings, whose local time occurs twice.
 * Specification: CloudWatch embedded metric format. `now` is ms since the epoch.
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
