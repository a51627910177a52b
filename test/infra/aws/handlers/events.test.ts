import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyResult, FirehoseTransformationResult } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AwsConnection } from '../../../../contract/lake.ts';
import { packageFile } from '../../../../contract/package-root.ts';
import { livePage } from '../../../../hotpath/live-page.ts';
import { startDynamoDb } from '../../../../infra/emulator/services/dynamodb.ts';
import { createHotTable } from '../../../../infra/local/hot-table.ts';
import { startLakeEndpoint } from '../../../../infra/local/lake-endpoint.ts';
import { LOCAL_NAMES } from '../../../../infra/local/local-names.ts';
import { type HandlerName, handlerEnvironment } from '../../../../infra/settings.ts';
import { requestedDay } from '../../../../reports/request.ts';
import { LOG, writeLog } from '../../../queries/sample-lake.ts';
import { contract } from '../../../workshop-contract.ts';
import { bundled, emptyFolder, HANDLERS } from './bundled.ts';
import { FUNCTIONS } from './functions.ts';
import { type Answer, callHandler } from './lambda.ts';

const bundles = bundled(HANDLERS);
const data = emptyFolder();
const settings = { ...LOCAL_NAMES, stage: 'main', timezone: 'Europe/Berlin', corsOrigins: 'https://a.example' };
let connection: AwsConnection;

/** All AWS services that the handlers call, in this process; the handlers find it through the SDK's own variables. */
beforeAll(async () => {
  await writeLog(data, contract, LOG);
  const dynamodb = await startDynamoDb(path.join(data, 'hot'));
  const endpoint = await startLakeEndpoint({
    data,
    contract,
    port: 0,
    live: { services: [], dynamodb: dynamodb.handle },
  });
  connection = endpoint.lake.aws;
  const client = new DynamoDBClient(connection);
  await createHotTable(client, LOCAL_NAMES.hotTable);
  client.destroy();
  afterAll(async () => {
    await endpoint.close();
    await dynamodb.close();
  });
});

function event(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`events/${name}.json`, import.meta.url), 'utf8'));
}

async function call(handler: HandlerName, ...events: string[]) {
  return callWith(handler, events.map(event));
}

async function callWith(handler: HandlerName, events: unknown[]) {
  const { region, endpoint = '', credentials } = connection;
  const env = {
    ...handlerEnvironment(handler, settings),
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials?.accessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: credentials?.secretAccessKey ?? '',
  };
  return callHandler(bundles.get(handler)?.folder ?? '', events, env);
}

function rowsOf(answer: Answer | undefined) {
  const { records } = (answer?.result ?? { records: [] }) as FirehoseTransformationResult;
  return records.map(({ recordId, result, data: row = '', metadata }) => [
    recordId.slice(-3),
    result,
    metadata?.partitionKeys.dt ?? metadata?.partitionKeys.reason,
    result === 'Ok' ? JSON.parse(Buffer.from(row, 'base64').toString()) : undefined,
  ]);
}

test('the transform answers Firehose’s events, put directly or from a Kinesis stream, and logs one metric line for each', async () => {
  const { answers, log } = await call('transform', 'firehose-direct-put', 'firehose-kinesis-source', 'firehose-empty');
  const arrived = '2026-11-21 10:15:31.250';
  expect(answers.map(rowsOf)).toEqual([
    [
      [
        '000',
        'Ok',
        '2026-11-21',
        {
          deviceid: 'device-001',
          ts: '2026-11-21 10:15:30.000',
          temperature: 22.5,
          humidity: 41,
          received_at: '2026-11-21 10:15:30.250',
        },
      ],
      [
        '001',
        'Ok',
        '2026-11-20',
        {
          deviceid: 'device-002',
          ts: '2026-11-20 23:59:59.999',
          temperature: -3,
          humidity: 80,
          received_at: '2026-11-21 10:15:31.255',
        },
      ],
      ['002', 'ProcessingFailed', 'not-json', undefined],
      ['003', 'ProcessingFailed', 'bad-device-id', undefined],
    ],
    [
      [
        '000',
        'Ok',
        '2026-11-21',
        {
          deviceid: 'device-001',
          ts: '2026-11-21 10:15:30.000',
          temperature: 22.5,
          humidity: 41,
          received_at: arrived,
        },
      ],
      [
        '001',
        'Ok',
        '2026-11-21',
        { deviceid: 'device-001', ts: '2026-11-21 10:15:31.000', temperature: 23, received_at: arrived },
      ],
    ],
    [],
  ]);
  const metrics = log
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(metrics).toMatchObject([
    { Stage: 'main', Accepted: 2, Rejected: 2, Reasons: { 'not-json': 1, 'bad-device-id': 1 } },
    { Stage: 'main', Accepted: 2, Rejected: 0, Reasons: {} },
    { Stage: 'main', Accepted: 0, Rejected: 0, Reasons: {} },
  ]);
});

// These events are from the year 2099, so the readings are always within their time to live.
test('the API answers API Gateway’s events with what the consumer stored from a Kinesis event', async () => {
  const consumed = await call('consume', 'kinesis', 'kinesis-none-accepted');
  expect(consumed.answers).toEqual([{ result: { batchItemFailures: [] } }, { result: { batchItemFailures: [] } }]);
  const { answers } = await call(
    'api',
    ...['api-recent', 'api-console-test', 'api-encoded-device', 'api-bad-limit', 'api-page'],
  );
  const results = answers.map(({ result }) => result as APIGatewayProxyResult);
  expect(results.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 400, 200]);
  const [recent, all, encoded, bad] = results.slice(0, 4).map(({ body }) => JSON.parse(body));
  const newest = { timestamp: '2099-11-21T10:15:31.000Z', value: 23, temperature: 23, humidity: null };
  expect(recent).toEqual({ 'device-001': [newest] });
  expect(all['device-001'].map(({ value }: { value: number }) => value)).toEqual([23, 22.5]);
  expect(encoded).toEqual({
    'hall:1': [{ timestamp: '2099-11-21T10:15:30.500Z', value: -3, temperature: -3, humidity: 80 }],
  });
  expect(bad.error).toContain('limit');
  expect(results[4]?.body).toBe(livePage(readFileSync(packageFile('hotpath', 'live.html'), 'utf8'), contract));
  expect(results[4]?.body).toContain('&quot;temperature&quot;:&quot;°C&quot;');
});

test('the report covers the day before it was due, or the day in the event, and is then in the lake', async () => {
  const { answers } = await call('report', 'scheduler', 'scheduler-date');
  const report = `s3://${LOCAL_NAMES.bucket}/reports/daily`;
  expect(answers.map(({ result }) => result)).toEqual([
    {
      date: '2024-10-27',
      timezone: 'Europe/Berlin',
      devices: 2,
      readings: 5,
      report: `${report}/2024-10-27.Europe.Berlin.html`,
    },
    {
      date: '2024-04-26',
      timezone: 'Europe/Berlin',
      devices: 1,
      readings: 3,
      report: `${report}/2024-04-26.Europe.Berlin.html`,
    },
  ]);
  const folder = path.join(data, 's3', LOCAL_NAMES.bucket, 'reports');
  expect(await readFile(path.join(folder, 'daily', '2024-10-27.Europe.Berlin.html'), 'utf8')).toContain('<svg');
  expect(await readFile(path.join(folder, 'index.html'), 'utf8')).toMatch(/2024-10-27[\s\S]*2024-04-26/);
});

test('a report that cannot be made fails with a message that says what to do', async () => {
  const { answers } = await call('report', 'scheduler-bad-date', 'scheduler-unfilled');
  expect(answers.map(({ error }) => error?.message)).toEqual([
    expect.stringMatching(/date .*'2026-02-30'/),
    expect.stringMatching(/scheduledTime .*"<aws\.scheduler\.scheduled-time>".*\{"date":"2020-07-13"\}/),
  ]);
});

test('a function with missing settings reports all of them at once', async () => {
  const { answers } = await callHandler(bundles.get('report')?.folder ?? '', [{}], { AWS_REGION: 'eu-central-1' });
  expect(answers.map(({ error }) => error?.message)).toEqual([
    expect.stringContaining(
      'SLUICE_BUCKET, SLUICE_DATABASE, SLUICE_WORK_GROUP, SLUICE_RESULTS_LOCATION, SLUICE_TIMEZONE',
    ),
  ]);
});

test.each(HANDLERS)('%s is called with its events, as a bundle', async handler => {
  const { events } = FUNCTIONS[handler];
  if (typeof events === 'string') {
    expect(readFileSync(packageFile(events), 'utf8')).toContain(`'${handler}'`);
    return;
  }
  const { answers } = await callWith(
    handler,
    events.map(({ event: given }) => given),
  );
  expect(answers).toEqual(events.map(({ result }) => ({ result })));
});

const NOW = Date.parse('2026-11-21T12:00:00Z');

test('a schedule without a date means yesterday', () => {
  expect(requestedDay(event('scheduler-default'), NOW)).toEqual({ date: 'yesterday', now: NOW });
  expect(requestedDay(null, NOW)).toEqual({ date: 'yesterday', now: NOW });
});

test('a date that is not a string is refused', () => {
  expect(() => requestedDay({ date: 20201121 }, NOW)).toThrow(
    `The event's date is 20201121; it must be a date such as "2020-07-13".`,
  );
});
