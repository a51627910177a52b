import type { FirehoseTransformationEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { wrapMessage } from '../../contract/envelope.ts';
import { createTransform } from '../../transform/firehose.ts';
import { rejections } from '../fixtures/rejections.ts';
import { contract } from '../workshop-contract.ts';

const ARRIVED = Date.parse('2026-11-21T10:15:31.250Z');
const transform = createTransform(contract);

function eventOf(records: Uint8Array[]): FirehoseTransformationEvent {
  return {
    invocationId: 'invocation',
    deliveryStreamArn: 'arn:aws:firehose:eu-central-1:000000000000:deliverystream/sluice-delivery',
    region: 'eu-central-1',
    records: records.map((record, index) => ({
      recordId: `record-${index}`,
      approximateArrivalTimestamp: ARRIVED,
      data: Buffer.from(record).toString('base64'),
    })),
  };
}

function message(members: object): Buffer {
  const workshop = { DEVICE_NAME: 'device-001', TIMESTAMP: '2026-11-21T10:15:30', HUMIDITY: 41, TEMPERATURE: 22.5 };
  return Buffer.from(JSON.stringify({ ...workshop, ...members }));
}

test('a plain message becomes a row in the partition of its event date, received when it arrived', async () => {
  const { records } = await transform(eventOf([message({ TIMESTAMP: '2026-11-20T23:59:59.999' })]));
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    recordId: 'record-0',
    result: 'Ok',
    metadata: { partitionKeys: { dt: '2026-11-20' } },
  });
  const row = Buffer.from(records[0]?.data ?? '', 'base64').toString();
  expect(row.endsWith('\n')).toBe(true);
  expect(JSON.parse(row)).toEqual({
    deviceid: 'device-001',
    ts: '2026-11-20 23:59:59.999',
    temperature: 22.5,
    humidity: 41,
    received_at: '2026-11-21 10:15:31.250',
  });
});

test('a message in the rule’s envelope keeps the time at which the broker accepted it', async () => {
  const record = wrapMessage('data/device-001', message({}), ARRIVED - 5_000);
  const { records } = await transform(eventOf([Buffer.from(`${record}\n`)]));
  expect(JSON.parse(Buffer.from(records[0]?.data ?? '', 'base64').toString())).toMatchObject({
    received_at: '2026-11-21 10:15:26.250',
  });
});

test('a device cannot write another device’s readings', async () => {
  const record = wrapMessage('data/device-002', message({}), ARRIVED);
  const { records } = await transform(eventOf([Buffer.from(record)]));
  expect(records[0]).toMatchObject({
    result: 'ProcessingFailed',
    metadata: { partitionKeys: { reason: 'bad-device-id' } },
  });
});

test.each(rejections(ARRIVED))(
  '$name fails as $reason with its bytes, and its neighbours pass',
  async ({ reason, payload }) => {
    const { records } = await transform(eventOf([message({}), payload, message({})]));
    expect(records.map(({ result }) => result)).toEqual(['Ok', 'ProcessingFailed', 'Ok']);
    expect(records[1]?.metadata?.partitionKeys).toMatchObject({ reason });
    expect(Buffer.from(records[1]?.data ?? '', 'base64').equals(payload)).toBe(true);
  },
);

test('a measure missing in the message is left out of the row', async () => {
  const { records } = await transform(eventOf([message({ HUMIDITY: null })]));
  const row = JSON.parse(Buffer.from(records[0]?.data ?? '', 'base64').toString());
  expect(Object.keys(row)).toEqual(['deviceid', 'ts', 'temperature', 'received_at']);
});

test('if the response is too large, failed records omit their bytes and the rows are delivered', async () => {
  const large = message({ note: 'x'.repeat(60_000), TEMPERATURE: 'hot' });
  const { records } = await transform(eventOf([...Array.from({ length: 80 }, () => large), message({})]));
  expect(records.map(({ result }) => result)).toEqual([...Array(80).fill('ProcessingFailed'), 'Ok']);
  expect(records.at(-2)).toMatchObject({ data: '', metadata: { partitionKeys: { reason: 'wrong-type' } } });
});
