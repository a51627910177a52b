import type { FirehoseTransformationResultRecord as ResultRecord } from 'aws-lambda';

/**
 * AWS Lambda limits a response to 6 MB, including base64 and JSON. Decimal megabytes, because the documentation does
 * not say which. A larger response fails as a whole: Firehose retries three times, then stores the batch under
 * `errors/`, including its good rows.
 */
export const MAX_RESPONSE_BYTES = 6_000_000;

/** The JSON around the records, minus one comma, because the first record has none. */
const FRAME = '{"records":[]}'.length - ','.length;

/**
 * Fits the records into a response of at most `limit` bytes, each record once and in its place. If they are too
 * large, first the failed records lose their `data`, which Firehose does not need: it stores what it sent. Then rows
 * that do not fit fail too, without a reason, and so are stored as they came; the other rows are delivered. Throws if
 * not even that fits, which takes more records than one event can hold.
 */
export function fitResponse(records: ResultRecord[], limit = MAX_RESPONSE_BYTES): ResultRecord[] {
  if (records.reduce((sum, record) => sum + jsonBytes(record), FRAME) <= limit) return records;
  let room = records.reduce((left, record) => left - jsonBytes(withoutRoom(record)), limit - FRAME);
  if (room < 0)
    throw new Error(
      `the response to ${records.length} records exceeds ${limit} bytes; lower the processor's buffer hint`,
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

/** The size of one record in a list, including its comma. Base64 has the same length in JSON. */
function jsonBytes(record: ResultRecord): number {
  const { data = '', ...rest } = record;
  return data.length + Buffer.byteLength(JSON.stringify(rest)) + ',"data":"",'.length;
}
