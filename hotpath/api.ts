import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Contract } from '../contract/contract.ts';
import { isDeviceId } from '../contract/reading.ts';
import { parseIsoTime } from '../contract/time.ts';
import { type RecentReading, toRecent } from './items.ts';
import { livePage } from './live-page.ts';

/** What the API needs. `page` is the HTML of `live.html`; pages on `origins` may also read the responses (CORS). */
export interface ApiOptions {
  contract: Contract;
  dynamodb: DynamoDBClient;
  table: string;
  page: string;
  origins?: readonly string[];
  now?: () => number;
}

export const DEFAULT_LIMIT = 30;
export const MAX_LIMIT = 1_000;

/**
 * AWS Lambda limits a response to 6 MB, counting the body as a JSON string; the rest of the response fits easily in
 * the remainder.
 */
const MAX_BODY_BYTES = 5_900_000;
const TOO_LARGE = JSON.stringify({ error: 'the response would exceed 6 MB; ask for fewer readings with limit' });

/**
 * The REST API (API Gateway REST, Lambda proxy v1). `GET /datas/{deviceid}?limit=&before=` returns `{"<deviceid>":
 * [{timestamp, value, <measures…>}, …]}`, newest first; `GET /` returns the live page. An unknown device gives an
 * empty list. An invalid id, limit or time, or a response over Lambda's 6 MB, gives a 400 with `{"error": …}`.
 */
export function createApi(options: ApiOptions) {
  const page = livePage(options.page, options.contract);
  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const shared = corsHeaders(options.origins ?? [], event);
    if (event.resource === '/') return answer(200, page, { 'content-type': 'text/html; charset=utf-8' });
    const question = readQuestion(event);
    if ('error' in question) return answer(400, JSON.stringify(question), shared);
    const readings = await recentReadings(options, question);
    const body = JSON.stringify({ [question.deviceid]: readings });
    if (Buffer.byteLength(JSON.stringify(body)) > MAX_BODY_BYTES) return answer(400, TOO_LARGE, shared);
    return answer(200, body, shared);
  };
}

interface Question {
  deviceid: string;
  limit: number;
  /** Only readings before this time, ISO 8601 UTC with ms. */
  before: string | undefined;
}

function readQuestion(event: APIGatewayProxyEvent): Question | { error: string } {
  const deviceid = decodeLevel(event.pathParameters?.deviceid ?? '');
  const { limit = String(DEFAULT_LIMIT), before } = event.queryStringParameters ?? {};
  if (!isDeviceId(deviceid)) return { error: 'a device id is 1 to 128 of a-z A-Z 0-9 : _ -' };
  const rows = /^\d{1,4}$/.test(limit) ? Number(limit) : 0;
  if (rows < 1 || rows > MAX_LIMIT) return { error: `limit is a whole number from 1 to ${MAX_LIMIT}` };
  if (before === undefined) return { deviceid, limit: rows, before };
  const ms = parseIsoTime(before);
  if (ms === undefined) return { error: 'before is an ISO 8601 date and time, such as 2026-11-21T10:15:30Z' };
  return { deviceid, limit: rows, before: new Date(ms).toISOString() };
}

/**
 * API Gateway decodes the query but not the path: `a:b` arrives as `a%3Ab`. Invalid percent-encoding is not a device
 * id either.
 */
function decodeLevel(level: string): string {
  try {
    return decodeURIComponent(level);
  } catch {
    return level;
  }
}

async function recentReadings(options: ApiOptions, { deviceid, limit, before }: Question): Promise<RecentReading[]> {
  const { contract, dynamodb, table, now = Date.now } = options;
  const pages = paginateQuery(
    { client: dynamodb, pageSize: limit },
    {
      TableName: table,
      KeyConditionExpression:
        before === undefined ? 'deviceid = :device' : 'deviceid = :device AND #timestamp < :before',
      // DynamoDB returns items with an expired TTL until it removes them.
      FilterExpression: 'expires_at > :now',
      ...(before === undefined ? {} : { ExpressionAttributeNames: { '#timestamp': 'timestamp' } }),
      ExpressionAttributeValues: {
        ':device': { S: deviceid },
        ':now': { N: String(Math.floor(now() / 1000)) },
        ...(before === undefined ? {} : { ':before': { S: before } }),
      },
      ScanIndexForward: false,
    },
  );
  const readings: RecentReading[] = [];
  for await (const { Items = [] } of pages) {
    for (const item of Items) readings.push(toRecent(contract, item));
    if (readings.length >= limit) break;
  }
  return readings.slice(0, limit);
}

/** Returns only the requesting origin: a browser accepts one origin, not a list. API Gateway answers the preflight. */
function corsHeaders(origins: readonly string[], { headers }: APIGatewayProxyEvent): Record<string, string> {
  if (origins.length === 0) return {};
  const [, origin = ''] = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'origin') ?? [];
  return { vary: 'origin', ...(origins.includes(origin) ? { 'access-control-allow-origin': origin } : {}) };
}

function answer(statusCode: number, body: string, headers: Record<string, string>): APIGatewayProxyResult {
  return { statusCode, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }, body };
}
