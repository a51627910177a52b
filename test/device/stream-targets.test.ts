import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { expect, onTestFinished, test } from 'vitest';
import { putRecords } from '../../device/put-records.ts';
import { hotTarget, lakeTarget, type StreamTarget } from '../../device/stream-targets.ts';
import { type Answer, scriptedAws } from '../cli/scripted-aws.ts';

const HOT = 'Kinesis_20131202.PutRecords';
const LAKE = 'Firehose_20150804.PutRecordBatch';
const record = (text: string) => ({ envelope: Buffer.from(text), partitionKey: `data/${text}` });

/** The two targets over services that give these answers in turn. */
async function services(hot: Answer[], lake: Answer[] = []) {
  const { url, calls } = await scriptedAws({
    [HOT]: () => hot.shift() ?? { error: 'ResourceNotFoundException' },
    [LAKE]: () => lake.shift() ?? { error: 'ResourceNotFoundException' },
  });
  const options = {
    region: 'eu-central-1',
    endpoint: url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    // Otherwise the client would wait between its own attempts.
    maxAttempts: 1,
  };
  const kinesis = new KinesisClient(options);
  const firehose = new FirehoseClient(options);
  onTestFinished(() => {
    kinesis.destroy();
    firehose.destroy();
  });
  const inputs = () => calls.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  return { hot: hotTarget(kinesis, 'readings'), lake: lakeTarget(firehose, 'delivery'), inputs };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** PutRecords' response as in its API reference: for each record, in order, its position or an error. */
const PARTLY_HOT: Answer = {
  body: {
    FailedRecordCount: 2,
    Records: [
      { SequenceNumber: '49543463076548007577105092703039560359975228518395012686', ShardId: 'shardId-000000000000' },
      {
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage: 'Rate exceeded for shard shardId-000000000001 in stream readings under account 111111111111.',
      },
      { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' },
    ],
  },
};

/** PutRecordBatch's response, likewise. */
const PARTLY_LAKE: Answer = {
  body: {
    FailedPutCount: 1,
    Encrypted: true,
    RequestResponses: [
      { RecordId: 'QK8mQ3a1' },
      { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' },
      { RecordId: 'QK8mQ3a2' },
    ],
  },
};

test('a Kinesis call has each envelope with its key, and refused records keep their position', async () => {
  const { hot, inputs } = await services([PARTLY_HOT]);
  expect(await hot.send([record('a'), record('b'), record('c')])).toEqual([
    undefined,
    'ProvisionedThroughputExceededException',
    'InternalFailure',
  ]);
  expect(inputs()).toEqual([
    {
      StreamName: 'readings',
      Records: ['a', 'b', 'c'].map(text => ({ Data: base64(text), PartitionKey: `data/${text}` })),
    },
  ]);
});

test('a Firehose call has each envelope with a newline, and refused records keep their position', async () => {
  const { lake, inputs } = await services([], [PARTLY_LAKE]);
  expect(await lake.send([record('a'), record('b'), record('c')])).toEqual([
    undefined,
    'ServiceUnavailableException',
    undefined,
  ]);
  expect(inputs()).toEqual([
    { DeliveryStreamName: 'delivery', Records: ['a\n', 'b\n', 'c\n'].map(text => ({ Data: base64(text) })) },
  ]);
});

const putAll = (target: StreamTarget) =>
  putRecords([record('a'), record('b'), record('c')], target, { wait: async () => {} });

test.each([
  ['Kinesis', 'ProvisionedThroughputExceededException'],
  ['Kinesis', 'KMSThrottlingException'],
  ['Firehose', 'ServiceUnavailableException'],
])('%s that throttles a whole call (%s) gets the whole call again', async (service, error) => {
  const taken = { body: { Records: [{}, {}, {}], RequestResponses: [{}, {}, {}] } };
  const script = [{ error, status: error === 'ServiceUnavailableException' ? 503 : 400 }, taken];
  const isHot = service === 'Kinesis';
  const { hot, lake, inputs } = await services(isHot ? script : [], isHot ? [] : script);
  expect(await putAll(isHot ? hot : lake)).toEqual({ left: [] });
  expect(inputs().map(input => (input.Records as unknown[]).length)).toEqual([3, 3]);
});

test('after a partial response, the next call has only the refused records', async () => {
  const { hot, inputs } = await services([PARTLY_HOT, { body: { FailedRecordCount: 0, Records: [{}, {}] } }]);
  expect(await putAll(hot)).toEqual({ left: [] });
  expect(inputs()[1]?.Records).toEqual(['b', 'c'].map(text => ({ Data: base64(text), PartitionKey: `data/${text}` })));
});

test('a denied call is not retried, and everything left comes back', async () => {
  const { lake, inputs } = await services([], [{ error: 'AccessDeniedException' }]);
  const { left, failure } = await putAll(lake);
  expect(left.map(({ envelope }) => envelope.toString())).toEqual(['a', 'b', 'c']);
  expect(failure?.name).toBe('AccessDeniedException');
  expect(inputs().length).toBe(1);
});
