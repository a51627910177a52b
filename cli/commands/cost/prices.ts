/**
 * AWS's list prices for the estimate, in USD, of us-east-1, gathered on 2026-11-26. AWS's own pages fill in most
 * figures by script, so stored copies of them have none: `seen` says where each figure was read instead. A test checks
 * docs/cost.md against this file.
 */

/** The price of a unit from the end of the previous tier to `upTo` units of a month; the last tier has no end. */
export interface Tier {
  upTo?: number;
  usd: number;
}

/** One thing that AWS bills. Quantities are in `unit`s, and so are the tiers. */
export interface ListPrice {
  service: string;
  item: string;
  unit: string;
  tiers: readonly [Tier, ...Tier[]];
  /** AWS's page that states the price. */
  page: string;
  /** Where the figure was read, and its date. */
  seen: string;
  /** What could not be verified about it. */
  unverified?: string;
  /** The item whose quantity fills the first tiers: both are counted together. */
  after?: string;
}

export const PRICED_REGION = 'us-east-1';
export const PRICES_GATHERED = '2026-11-26';

const INFRACOST = "recorded results of Infracost's tests, us-east-1, 2024-07";
const TRANSCRIPT = "API Evangelist's transcript of the page, us-east-1, 2026-05";
const COST_TABLES = 'several public cost tables, 2026';
const PRICE_LIST = "AWS's Price List of us-east-1, 2026-09, as a public note quotes it";
const page = (path: string) => `https://aws.amazon.com/${path}/`;

const IOT = { service: 'IoT Core', page: page('iot-core/pricing'), seen: COST_TABLES };
const STREAMS = { service: 'Kinesis Data Streams', page: page('kinesis/data-streams/pricing'), seen: TRANSCRIPT };
const FIREHOSE = { service: 'Data Firehose', page: page('firehose/pricing'), seen: TRANSCRIPT };
const LAMBDA = { service: 'Lambda', page: page('lambda/pricing'), seen: INFRACOST };
const DYNAMODB = {
  service: 'DynamoDB',
  page: page('dynamodb/pricing/on-demand'),
  seen: "recorded results of Infracost's tests, us-east-2, which costs the same, 2024-11",
};
const S3 = { service: 'S3', page: page('s3/pricing'), seen: INFRACOST };
const GLUE = { service: 'Glue', page: page('glue/pricing'), seen: INFRACOST };
const KMS = { service: 'KMS', page: page('kms/pricing'), seen: INFRACOST };
const WAF = { service: 'WAF', page: page('waf/pricing'), seen: INFRACOST };
const CLOUDWATCH = { service: 'CloudWatch', page: page('cloudwatch/pricing'), seen: INFRACOST };

/** S3's tiers count all that is stored in a region. */
const S3_STORAGE: ListPrice['tiers'] = [{ upTo: 51_200, usd: 0.023 }, { upTo: 512_000, usd: 0.022 }, { usd: 0.021 }];

export const PRICES = {
  connection: { ...IOT, item: 'connection', unit: 'million minutes', tiers: [{ usd: 0.08 }], seen: PRICE_LIST },
  message: {
    ...IOT,
    item: 'messages',
    unit: 'million of 5 KB',
    tiers: [{ upTo: 1_000, usd: 1 }, { upTo: 5_000, usd: 0.8 }, { usd: 0.7 }],
    seen: PRICE_LIST,
  },
  rule: { ...IOT, item: 'rules triggered', unit: 'million of 5 KB', tiers: [{ usd: 0.15 }] },
  action: { ...IOT, item: 'rule actions', unit: 'million of 5 KB', tiers: [{ usd: 0.15 }] },
  streamHour: { ...STREAMS, item: 'on-demand stream', unit: 'hour', tiers: [{ usd: 0.04 }] },
  streamIn: { ...STREAMS, item: 'records in, each rounded up to 1 KB', unit: 'GB', tiers: [{ usd: 0.08 }] },
  streamOut: {
    ...STREAMS,
    item: 'records out',
    unit: 'GB',
    tiers: [{ usd: 0.04 }],
    unverified: 'whether records out are rounded up to 1 KB each, as here, or counted by their bytes',
  },
  streamStored: {
    ...STREAMS,
    item: 'records kept after the first day',
    unit: 'GB-month',
    tiers: [{ usd: 0.1 }],
    seen: INFRACOST,
    unverified: 'whether records that are kept are rounded up to 1 KB each, as here, or counted by their bytes',
  },
  deliveryIn: {
    ...FIREHOSE,
    item: 'records in, each rounded up to 5 KB',
    unit: 'GB',
    tiers: [{ upTo: 512_000, usd: 0.029 }, { upTo: 2_048_000, usd: 0.025 }, { usd: 0.02 }],
  },
  conversion: { ...FIREHOSE, item: 'conversion to Parquet, of the same data', unit: 'GB', tiers: [{ usd: 0.018 }] },
  partitioning: { ...FIREHOSE, item: 'dynamic partitioning', unit: 'GB', tiers: [{ usd: 0.02 }] },
  partitionObjects: { ...FIREHOSE, item: 'objects, per partition', unit: 'thousand', tiers: [{ usd: 0.005 }] },
  request: { ...LAMBDA, item: 'requests', unit: 'million', tiers: [{ usd: 0.2 }] },
  duration: {
    ...LAMBDA,
    item: 'duration (Arm)',
    unit: 'GB-second',
    tiers: [
      { upTo: 7_500_000_000, usd: 0.0000133334 },
      { upTo: 18_750_000_000, usd: 0.0000120001 },
      { usd: 0.0000106667 },
    ],
  },
  hotWrite: {
    ...DYNAMODB,
    item: 'writes, each rounded up to 1 KB',
    unit: 'million',
    tiers: [{ usd: 0.625 }],
    seen: PRICE_LIST,
  },
  hotRead: { ...DYNAMODB, item: 'reads', unit: 'million of 4 KB', tiers: [{ usd: 0.125 }], seen: PRICE_LIST },
  hotStorage: { ...DYNAMODB, item: 'hot table', unit: 'GB-month', tiers: [{ usd: 0.25 }] },
  hotRecovery: { ...DYNAMODB, item: 'point-in-time recovery', unit: 'GB-month', tiers: [{ usd: 0.2 }] },
  rawStorage: { ...S3, item: 'raw objects stored', unit: 'GB-month', tiers: S3_STORAGE },
  parquetStorage: { ...S3, item: 'Parquet stored', unit: 'GB-month', tiers: S3_STORAGE, after: 'rawStorage' },
  rawPut: { ...S3, item: 'PUT requests of raw objects', unit: 'thousand', tiers: [{ usd: 0.005 }] },
  parquetPut: { ...S3, item: 'PUT requests of Parquet', unit: 'thousand', tiers: [{ usd: 0.005 }] },
  get: { ...S3, item: 'GET requests of queries', unit: 'thousand', tiers: [{ usd: 0.0004 }] },
  scan: {
    service: 'Athena',
    item: 'bytes scanned',
    unit: 'TB',
    tiers: [{ usd: 5 }],
    page: page('athena/pricing'),
    seen: COST_TABLES,
  },
  catalogObject: { ...GLUE, item: 'catalog objects', unit: '100,000', tiers: [{ usd: 1 }] },
  catalogRequest: { ...GLUE, item: 'catalog requests', unit: 'million', tiers: [{ usd: 1 }] },
  key: { ...KMS, item: 'key', unit: 'month', tiers: [{ usd: 1 }], seen: PRICE_LIST },
  keyRequest: { ...KMS, item: 'requests', unit: '10,000', tiers: [{ usd: 0.03 }] },
  log: { ...CLOUDWATCH, item: 'logs in', unit: 'GB', tiers: [{ usd: 0.5 }], seen: PRICE_LIST },
  logStored: { ...CLOUDWATCH, item: 'logs kept', unit: 'GB-month', tiers: [{ usd: 0.03 }], seen: PRICE_LIST },
  metric: {
    ...CLOUDWATCH,
    item: 'custom metrics',
    unit: 'metric-month',
    tiers: [{ usd: 0.3 }],
    seen: 'a guide of 2026-02 that quotes the page, us-east-1',
  },
  alarm: { ...CLOUDWATCH, item: 'alarms', unit: 'metric-month', tiers: [{ usd: 0.1 }] },
  dashboard: { ...CLOUDWATCH, item: 'dashboard', unit: 'month', tiers: [{ usd: 3 }] },
  trace: {
    service: 'X-Ray',
    item: 'traces recorded (with --tracing)',
    unit: 'million',
    tiers: [{ usd: 5 }],
    page: page('xray/pricing'),
    seen: 'the page itself, in a stored copy',
  },
  apiRequest: {
    service: 'API Gateway',
    item: 'REST requests',
    unit: 'million',
    tiers: [{ upTo: 333, usd: 3.5 }, { upTo: 1_000, usd: 2.8 }, { upTo: 20_000, usd: 2.38 }, { usd: 1.51 }],
    page: page('api-gateway/pricing'),
    seen: INFRACOST,
  },
  webAcl: { ...WAF, item: 'web ACL', unit: 'month', tiers: [{ usd: 5 }], seen: PRICE_LIST },
  webAclRule: { ...WAF, item: 'rules', unit: 'month', tiers: [{ usd: 1 }], seen: PRICE_LIST },
  webAclRequest: { ...WAF, item: 'requests', unit: 'million', tiers: [{ usd: 0.6 }] },
  schedule: {
    service: 'EventBridge Scheduler',
    item: 'invocations',
    unit: 'million',
    tiers: [{ usd: 1 }],
    page: page('eventbridge/pricing'),
    seen: 'a guide of 2026-03 that quotes the page, us-east-1',
  },
  transition: {
    service: 'Step Functions',
    item: 'transitions (a month without a backfill)',
    unit: 'thousand',
    tiers: [{ usd: 0.025 }],
    page: page('step-functions/pricing'),
    seen: INFRACOST,
  },
  email: {
    service: 'SNS',
    item: 'e-mails of alarms',
    unit: '100,000',
    tiers: [{ usd: 2 }],
    page: page('sns/pricing'),
    seen: INFRACOST,
  },
} as const satisfies Record<string, ListPrice>;

export type PriceName = keyof typeof PRICES;
