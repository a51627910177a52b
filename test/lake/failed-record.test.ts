import { expect, it } from 'vitest';
import { failedRecordKey, failedRecordLine, parseFailedRecord } from '../../lake/failed-record.ts';

const arrivalMs = Date.UTC(2026, 10, 21, 23, 59, 59, 999);
const rawData = Buffer.from([0x7b, 0xff, 0x00, 0x0a, 0x7d]);

it('writes one line in Firehose’s format', () => {
  const line = failedRecordLine({
    rawData,
    arrivalMs,
    errorCode: 'Lambda.ProcessingFailedStatus',
    errorMessage: 'not-utf8: the message is "x"\n',
  });
  expect(line).toBe(
    '{"attemptsMade":1,"arrivalTimestamp":1795305599999,"errorCode":"Lambda.ProcessingFailedStatus",' +
      '"errorMessage":"not-utf8: the message is \\"x\\"\\n","attemptEndingTimestamp":1795305599999,"rawData":"e/8ACn0="}\n',
  );
});

it('reads back what it wrote, byte for byte', () => {
  const record = {
    rawData,
    arrivalMs,
    errorCode: 'c',
    errorMessage: 'm',
    attemptsMade: 4,
    attemptEndingMs: arrivalMs + 1,
  };
  expect(parseFailedRecord(failedRecordLine({ ...record, lambdaArn: 'arn:aws:lambda:x' }))).toEqual(record);
});

it('reads the spelling of format conversion, and numbers written as strings', () => {
  expect(
    parseFailedRecord(
      '{"attemptsMade":"2","arrivalTimestamp":"1000","lastErrorCode":"DataFormatConversion.X","lastErrorMessage":"m","rawData":"e30="}',
    ),
  ).toMatchObject({ attemptsMade: 2, arrivalMs: 1000, errorCode: 'DataFormatConversion.X', errorMessage: 'm' });
});

it.each(['', '{', '[]', 'null', '{"rawData":"e30="}', '{"arrivalTimestamp":1,"rawData":"not base64!"}'])(
  'does not accept %s as a failed record',
  line => expect(parseFailedRecord(line)).toBeUndefined(),
);

it('files failed records by their arrival date in UTC', () => {
  expect(failedRecordKey({ arrivalMs, name: 'a-1' })).toBe('errors/processing-failed/dt=2026-11-21/a-1.gz');
  expect(failedRecordKey({ arrivalMs: arrivalMs + 1, name: 'a-1', type: 'format-conversion-failed' })).toBe(
    'errors/format-conversion-failed/dt=2026-11-22/a-1.gz',
  );
});
