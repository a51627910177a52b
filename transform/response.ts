import type { FirehoseTransformationResultRecord as ResultRecord } from 'aws-lambda';

/**
 * AWS Lambda answers at most 6 MB, base64 and JSON counted. Decimal megabytes, since the documentation does not say which.
 * An answer over it fails whole: Firehose asks three times more, then files the batch under `errors/`, good rows and all.
 */
export const MAX_RESPONSE_BYTES = 6_000_000;

/** Around the records, and less the comma that the first of them has none of. */
const FRAME = '{"records":[]}'.length - ','.length;

/**
 * The records as an answer of at most `limit` bytes: every one of them once, in its place. Where they are too large, first
 * the failed ones lose their `data`, which Firehose does not ask for: it files what it was sent. Then rows that there
 * is no room for fail too, without a reason, and so are filed as they came; the other rows are delivered. Throws where not
 * even that fits, which takes more records than one event can hold.
 */
export function fitResponse(records: ResultRecord[], limit = MAX_RESPONSE_BYTES): ResultRecord[] {
  if (records.reduce((sum, record) => sum + jsonBytes(record), FRAME) <= limit) return records;
  let room = records.reduce((left, record) => left - jsonBytes(withoutRoom(record)), limit - FRAME);
  if (room < 0)
    throw new Error(
      `the answer to ${records.length} records is over ${limit} bytes; lower the processor's buffer hint`,
    );
  return records.map(record => {
    const lean = record.result === 'ProcessingFailed' ? { ...record, data: '' } : record;
    const more = jsonBytes(lean) - jsonBytes(withoutRoom(record));
    if (more > room) return withoutRoom(record);
    room -= more;
    return lean;
  });
}

function withoutRoom({ recordId }: ResultRecord): ResultRecord {
  return { recordId, result: 'ProcessingFailed', data: '' };
}

/** Of one record in a list, its comma counted. Base64 is as long in JSON as it is. */
function jsonBytes(record: ResultRecord): number {
  const { data = '', ...rest } = record;
  return data.length + Buffer.byteLength(JSON.stringify(rest)) + ',"data":"",'.length;
}
