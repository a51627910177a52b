import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent, KinesisStreamEvent } from 'aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import { wrapMessage } from '../../contract/envelope.ts';
import { createApi } from '../../hotpath/api.ts';
import { createConsumer } from '../../hotpath/consume.ts';
import { startDynamoDb } from '../../infra/emulator/services/dynamodb.ts';
import { startEndpoint } from '../../infra/emulator/services/endpoint.ts';
import { createHotTable } from '../../infra/local/hot-table.ts';
import { rejections } from '../fixtures/rejections.ts';
import config from '../fixtures/workshop.config.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { contract as workshop } from '../workshop-contract.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const TABLE = 'hot';

async function hotPath(contract = workshop) {
  const local = await startDynamoDb(await temporaryFolder());
  const endpoint = await startEndpoint({
    port: 0,
    accessKeyId: 'LOCAL',
    services: [],
    dynamodb: local.handle,
    s3: async (_, response) => void response.writeHead(501).end(),
  });
  const credentials = { accessKeyId: 'LOCAL', secretAccessKey: 'secret' };
  const dynamodb = new DynamoDBClient({ endpoint: endpoint.url, region: 'eu-central-1', credentials });
  onTestFinished(async () => {
    dynamodb.destroy();
    await endpoint.close();
    await local.close();
  });
  await createHotTable(dynamodb, TABLE);
  const consume = createConsumer({ contract, dynamodb, table: TABLE, wait: async () => {} });
  const api = createApi({ contract, dynamodb, table: TABLE, page: '<p>live</p>', now: () => NOW });
  const ask = async (deviceid: string, query: Record<string, string> | null = null) => {
    const { statusCode, body } = await api({
      resource: '/datas/{deviceid}',
      pathParameters: { deviceid },
      queryStringParameters: query,
    } as unknown as APIGatewayProxyEvent); // The members that the handler reads.
    return { statusCode, body: JSON.parse(body) as Record<string, { timestamp: string }[]> };
  };
  return { consume, api, ask, dynamodb };
}

function message(time: string, temperature: number | string, device = 'device-001'): Buffer {
  return Buffer.from(JSON.stringify({ DEVICE_NAME: device, TIMESTAMP: time, TEMPERATURE: temperature, HUMIDITY: 40 }));
}

function kinesisEvent(
  payloads: Buffer[],
  receivedAt = NOW,
  topic = 'data/device-001',
  arrivedAt = receivedAt,
): KinesisStreamEvent {
  return {
    Records: payloads.map((payload, index) => ({
      kinesis: {
        data: Buffer.from(wrapMessage(topic, payload, receivedAt)).toString('base64'),
        approximateArrivalTimestamp: arrivedAt / 1000,
        partitionKey: topic,
        sequenceNumber: String(index),
        kinesisSchemaVersion: '1.0',
      },
    })),
  } as KinesisStreamEvent; // The members that the handler reads.
}

test('readings come back newest first, 30 by default', async () => {
  const { consume, ask } = await hotPath();
  const minutes = Array.from({ length: 60 }, (_, minute) => `2026-11-21T11:${String(minute).padStart(2, '0')}:00`);
  expect(await consume(kinesisEvent(minutes.map((time, index) => message(time, index))))).toEqual({
    batchItemFailures: [],
  });
  const { body } = await ask('device-001');
  expect(body['device-001']).toHaveLength(30);
  expect(body['device-001']?.[0]).toEqual({
    timestamp: '2026-11-21T11:59:00.000Z',
    value: 59,
    temperature: 59,
    humidity: 40,
  });
  const timestamps = body['device-001']?.map(({ timestamp }) => timestamp) ?? [];
  expect(timestamps).toEqual([...timestamps].sort().reverse());
});

test('limit and before choose the readings', async () => {
  const { consume, ask } = await hotPath();
  await consume(
    kinesisEvent(['00', '01', '02', '03'].map((minute, index) => message(`2026-11-21T11:${minute}:00`, index))),
  );
  const { body } = await ask('device-001', { limit: '2', before: '2026-11-21T12:03:00+01:00' });
  expect(body['device-001']?.map(({ timestamp }) => timestamp.slice(14, 16))).toEqual(['02', '01']);
});

test('copies of one reading are one item, the last received', async () => {
  const { consume, ask } = await hotPath();
  await consume(kinesisEvent([message('2026-11-21T11:00:00', 1), message('2026-11-21T11:00:00', 2)], NOW - 10));
  await consume(kinesisEvent([message('2026-11-21T11:00:00', 3)], NOW));
  const { body } = await ask('device-001');
  expect(body['device-001']).toMatchObject([{ value: 3 }]);
});

test('expired items are not returned, even before they are removed', async () => {
  const { consume, ask } = await hotPath();
  const longAgo = NOW - 31 * 86_400_000;
  await consume(kinesisEvent([message(new Date(longAgo).toISOString(), 1)], longAgo));
  await consume(kinesisEvent([message('2026-11-21T11:00:00', 2)]));
  const { body } = await ask('device-001');
  expect(body['device-001']).toMatchObject([{ value: 2 }]);
});

test('an unknown device has an empty list', async () => {
  const { ask } = await hotPath();
  expect(await ask('nobody')).toEqual({ statusCode: 200, body: { nobody: [] } });
});

test('a device id arrives percent-encoded, as API Gateway leaves it in the path', async () => {
  const { consume, ask } = await hotPath();
  await consume(kinesisEvent([message('2026-11-21T11:00:00', 1, 'hall:1')], NOW, 'data/hall:1'));
  expect((await ask('hall%3A1')).body['hall:1']).toMatchObject([{ value: 1 }]);
});

test.each([
  ['%zz', null, 'device id'],
  ['a b', null, 'device id'],
  ['device-001', { limit: '0' }, 'limit'],
  ['device-001', { limit: '1001' }, 'limit'],
  ['device-001', { limit: '3.5' }, 'limit'],
  ['device-001', { before: 'yesterday' }, 'before'],
  ['device-001', { before: '2026-02-30T00:00:00' }, 'before'],
])('a bad request (%s, %o) is a 400 that names the %s', async (device, query, word) => {
  const { ask } = await hotPath();
  const { statusCode, body } = await ask(device, query);
  expect(statusCode).toBe(400);
  expect(body.error).toContain(word);
});

test('messages that the contract rejects do not hold up their neighbours', async () => {
  const { consume, ask } = await hotPath();
  const bad = rejections(NOW).map(({ payload }) => payload);
  const event = kinesisEvent([message('2026-11-21T11:00:00', 1), ...bad, message('2026-11-21T11:01:00', 2)]);
  expect(await consume(event)).toEqual({ batchItemFailures: [] });
  expect((await ask('device-001')).body['device-001']).toHaveLength(2);
});

test('a measure beyond the range of DynamoDB numbers is kept, and does not hold up its neighbours', async () => {
  const wide = defineContract({ ...config, columns: [{ name: 'temperature', from: 'TEMPERATURE', type: 'double' }] });
  const { consume, ask } = await hotPath(wide);
  const readings = [1e200, 20, -1e-200].map((value, minute) => message(`2026-11-21T11:0${minute}:00`, value));
  expect(await consume(kinesisEvent(readings))).toEqual({ batchItemFailures: [] });
  const { body } = await ask('device-001');
  expect(body['device-001']).toMatchObject([{ value: -1e-200 }, { value: 20 }, { value: 1e200 }]);
});

test('a table that does not respond fails the batch rather than losing it', async () => {
  const { dynamodb } = await hotPath();
  const consume = createConsumer({ contract: workshop, dynamodb, table: 'no-such-table', wait: async () => {} });
  await expect(consume(kinesisEvent([message('2026-11-21T11:00:00', 1)]))).rejects.toThrow();
});

test('GET / is the live page', async () => {
  const { api } = await hotPath();
  const { statusCode, headers, body } = await api({ resource: '/' } as APIGatewayProxyEvent);
  expect([statusCode, headers?.['content-type'], body]).toEqual([200, 'text/html; charset=utf-8', '<p>live</p>']);
});

test('a response too large for Lambda is a 400 that asks for fewer readings', async () => {
  const columns = [{ name: 'picture', from: 'TEMPERATURE', type: 'string' as const }];
  const { consume, ask } = await hotPath(defineContract({ ...config, columns, maxMessageBytes: 131_072 }));
  // Quotes, which are two bytes each in JSON, and four in JSON within JSON.
  const picture = '"'.repeat(60_000);
  const minutes = Array.from({ length: 15 }, (_, index) => `2026-11-21T11:${String(10 + index)}:00`);
  await consume(kinesisEvent(minutes.map(time => message(time, picture))));
  const { statusCode, body } = await ask('device-001');
  expect([statusCode, body.error]).toEqual([400, expect.stringContaining('ask for fewer readings')]);
  expect((await ask('device-001', { limit: '10' })).statusCode).toBe(200);
});

test('only pages on the configured origins may read the responses', async () => {
  const { dynamodb } = await hotPath();
  const origins = ['https://a.example', 'https://b.example'];
  const api = createApi({ contract: workshop, dynamodb, table: TABLE, page: '', origins, now: () => NOW });
  const headersFor = async (headers: Record<string, string> | null) => {
    const answer = await api({
      resource: '/datas/{deviceid}',
      pathParameters: { deviceid: 'device-001' },
      headers,
    } as unknown as APIGatewayProxyEvent); // The members that the handler reads.
    return [answer.headers?.['access-control-allow-origin'], answer.headers?.vary];
  };
  expect(await headersFor({ Origin: 'https://b.example' })).toEqual(['https://b.example', 'origin']);
  expect(await headersFor({ origin: 'https://c.example' })).toEqual([undefined, 'origin']);
  expect(await headersFor(null)).toEqual([undefined, 'origin']);
});

test('a record that is put again fills a gap, and never replaces a reading received after it', async () => {
  const { consume, ask } = await hotPath();
  const [early, late] = ['2026-11-21T11:00:00', '2026-11-21T11:01:00'];
  await consume(kinesisEvent([message(late, 2)], NOW - 1_000));
  // Both were received an hour ago; a corrected reading of the second has arrived since.
  const putAgain = kinesisEvent([message(early, 1), message(late, 99)], NOW - 3_600_000, 'data/device-001', NOW);
  expect(await consume(putAgain)).toEqual({ batchItemFailures: [] });
  expect(await consume(putAgain)).toEqual({ batchItemFailures: [] });
  expect((await ask('device-001')).body['device-001']).toMatchObject([{ value: 2 }, { value: 1 }]);
});
