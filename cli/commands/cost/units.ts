/**
 * What the estimate is based on besides prices: measurements, settings of the stacks (tests compare these with the
 * synthesized templates), and assumptions about what only an account can tell.
 */

/** AWS's month. */
export const HOURS = 730;
export const SECONDS = HOURS * 3_600;
export const DAYS = HOURS / 24;

export const KIB = 1_024;
export const MIB = KIB ** 2;
export const GIB = KIB ** 3;
export const TIB = KIB ** 4;

/**
 * From the simulation of docs/scale.md (a test compares the sizes), over the default contract's five columns; each
 * column more or less changes it by a fifth.
 */
export const MEASURED = {
  columns: 5,
  /**
   * As delivered, because nothing compacts automatically. Objects of a few rows take more, mostly for their footers.
   */
  parquetRowBytes: 14.7,
  /** A row as the transform hands it to Firehose: a line of JSON. */
  jsonRowBytes: 136,
  /** The share of the envelopes that remains after gzip. Sensors with more noise compress less. */
  rawRatio: 0.102,
  /** CPU time of the transform for one record, on a whole core. */
  transformMicroseconds: 8,
} as const;

/** What the stacks set. */
export const DEPLOYED = {
  /** The rule hands each message to the stream and to the delivery stream. */
  ruleActions: 2,
  /** Retention of the stream; the first day is in its price. */
  streamDays: 3,
  logDays: 90,
  deliveryBuffer: { seconds: 300, bytes: 128 * MIB },
  rawBuffer: { seconds: 300, bytes: 128 * MIB },
  transformBuffer: { seconds: 60, bytes: 1 * MIB },
  /** `perShard` is the number of batches that a shard has in flight. */
  consumerBatch: { records: 500, seconds: 1, perShard: 2 },
  /**
   * Metrics that the alarms evaluate; an alarm is billed for each of its metrics, and one with a query for each metric
   * that the query finds.
   */
  alarms: 39,
  dashboards: 1,
  /** Accepted and rejected records. */
  metrics: 2,
  webAclRules: 1,
} as const;

/** What only an account can tell. */
export const ASSUMED = {
  /** `device-001` */
  deviceIdBytes: 10,
  /**
   * An on-demand stream starts with four shards, of 1 MB and 1,000 records a second each, and keeps capacity for twice
   * its load.
   */
  shards: { least: 4, bytesPerSecond: MIB, recordsPerSecond: 1_000, room: 2 },
  /** Lambda gives a function one core at this memory, and less in proportion. */
  mibOfOneCore: 1_769,
  /** CPU time of the consumer for one record, on a whole core: most of it goes to the requests to DynamoDB. */
  consumerMicroseconds: 40,
  /** What an invocation takes besides its records: waiting for DynamoDB, S3 or Athena. */
  overhead: {
    transform: { seconds: 0.005, gib: 0.5 },
    consume: { seconds: 0.02, gib: 0.5 },
    api: { seconds: 0.02, gib: 0.5 },
    report: { seconds: 20, gib: 1 },
  },
  /** Log lines of an invocation, with Lambda's own, and of an API request with the access log. */
  logBytes: { invocation: 800, apiRequest: 1_200 },
  /** CloudWatch keeps logs packed, and bills what is left. */
  logRatio: 0.15,
  /** X-Ray records the first request of each second, and this share of the others. */
  tracedShare: 0.05,
  /** A query reads objects twice: footer and data. */
  readsOfObject: 2,
  /** Share of objects written or read for which S3 calls KMS; AWS states that a bucket key saves up to 99 %. */
  keyRequestsOfObject: 0.03,
  /** Services that request a data key every five minutes. */
  keyUsers: 6,
  /** Requests of one key user. */
  keyRequestsPerHour: 12,
  catalogObjects: 4,
  catalogRequestsOfQuery: 3,
  /** A device's newest 30 items in the API are one read of 4 KB, eventually consistent. */
  readUnitsOfApiRequest: 0.5,
  alarmEmails: 30,
} as const;
