/** What a fleet makes AWS do in a month, service by service. Pure: no prices. */
import { wrapMessage } from '../../../contract/envelope.ts';
import { billedBytes } from './athena-cost.ts';
import { consumerInvocations, invocations, lambdaSeconds, objects, traces } from './invocations.ts';
import type { PriceName } from './prices.ts';
import { ASSUMED, DAYS, DEPLOYED, GIB, HOURS, KIB, MEASURED, SECONDS, TIB } from './units.ts';

/** The inputs of the estimate. */
export interface Workload {
  devices: number;
  /** Seconds between two readings of a device. */
  intervalSeconds: number;
  /** Bytes of a message with one reading. */
  messageBytes: number;
  /** Days that raw objects and Parquet are kept, all of which are stored in the month. */
  retentionDays: number;
  /** Athena queries, each of one day's readings. */
  queriesPerDay: number;
  apiRequestsPerDay: number;
  /** Whether the stage file turns X-Ray on. */
  tracing?: boolean;
}

/** What the contract contributes to the cost. */
export interface LakeShape {
  topic: string;
  /** Names of the measures. */
  measures: readonly string[];
  hotDays: number;
}

/** How the fleet runs: as deployed, unless a saving is estimated. */
export interface Plan {
  basicIngest?: boolean;
  readingsPerMessage?: number;
  withoutHotPath?: boolean;
}

/** Units of everything that is billed. */
export type Month = Record<PriceName, number>;

/** The sizes of one message on its way, in bytes, and the number of messages in a month. */
interface Traffic {
  readings: number;
  messages: number;
  message: number;
  /** The record of the stream; that of the delivery stream has an additional line feed. */
  record: number;
}

/** Counts a month. Quantities are in the units of `PRICES`. */
export function countMonth(workload: Workload, shape: LakeShape, plan: Plan = {}): Month {
  const traffic = countTraffic(workload, shape, plan);
  return {
    ...countIngest(workload, traffic, plan),
    ...countDelivery(workload, traffic, shape),
    ...countHotPath(workload, traffic, shape, plan),
    ...countQueries(workload, shape),
    ...countRest(workload, traffic, shape, plan),
  };
}

function countTraffic(workload: Workload, shape: LakeShape, { readingsPerMessage = 1 }: Plan): Traffic {
  const topic = shape.topic.replace('{deviceid}', 'x'.repeat(ASSUMED.deviceIdBytes));
  const payloadBytes = workload.messageBytes * readingsPerMessage;
  const readings = (workload.devices * SECONDS) / workload.intervalSeconds;
  return {
    readings,
    messages: readings / readingsPerMessage,
    message: payloadBytes + Buffer.byteLength(topic),
    // The time of arrival has 13 digits until the year 2286.
    record: Buffer.byteLength(wrapMessage(topic, Buffer.alloc(payloadBytes), 1e12)),
  };
}

function countIngest({ devices }: Workload, { messages, message, record }: Traffic, plan: Plan) {
  const metered = (messages * started(message, 5 * KIB)) / 1e6;
  const actions = DEPLOYED.ruleActions - (plan.withoutHotPath === true ? 1 : 0);
  const stream = plan.withoutHotPath === true ? 0 : (messages * started(record, KIB) * KIB) / GIB;
  return {
    connection: (devices * HOURS * 60) / 1e6,
    message: plan.basicIngest === true ? 0 : metered,
    rule: metered,
    action: (messages * started(record, 5 * KIB) * actions) / 1e6,
    streamHour: plan.withoutHotPath === true ? 0 : HOURS,
    streamIn: stream,
    // A single consumer reads the incoming records.
    streamOut: stream,
    streamStored: (stream / DAYS) * (DEPLOYED.streamDays - 1),
  };
}

function countDelivery(workload: Workload, traffic: Traffic, shape: LakeShape) {
  const { readings, messages, record } = traffic;
  const delivered = (messages * started(record + 1, 5 * KIB) * 5 * KIB) / GIB;
  const { parquet, raw } = writtenObjects(traffic, shape);
  const dailyReadings = (workload.devices * 86_400) / workload.intervalSeconds;
  const stored = dailyReadings * workload.retentionDays;
  const rawBytes = ((record + 1) * MEASURED.rawRatio * messages) / readings;
  return {
    deliveryIn: delivered,
    conversion: delivered,
    partitioning: (readings * scaled(MEASURED.jsonRowBytes, shape)) / GIB,
    partitionObjects: parquet / 1_000,
    rawStorage: (stored * rawBytes) / GIB,
    parquetStorage: (stored * scaled(MEASURED.parquetRowBytes, shape)) / GIB,
    rawPut: raw / 1_000,
    parquetPut: parquet / 1_000,
  };
}

function writtenObjects({ readings, messages, record }: Traffic, shape: LakeShape) {
  const rows = readings * scaled(MEASURED.jsonRowBytes, shape);
  return {
    parquet: objects(DEPLOYED.deliveryBuffer, { records: messages, bytes: rows }),
    raw: objects(DEPLOYED.rawBuffer, { records: messages, bytes: messages * (record + 1) }),
  };
}

function countHotPath(workload: Workload, { readings }: Traffic, shape: LakeShape, plan: Plan) {
  const apiRequests = workload.apiRequestsPerDay * DAYS;
  if (plan.withoutHotPath === true) return NO_HOT_PATH;
  const item = itemBytes(shape);
  const items = (workload.devices * 86_400 * shape.hotDays) / workload.intervalSeconds;
  // DynamoDB adds 100 bytes to each item.
  const storedGib = (items * (item + 100)) / GIB;
  return {
    hotWrite: (readings * started(item, KIB)) / 1e6,
    hotRead: (apiRequests * ASSUMED.readUnitsOfApiRequest) / 1e6,
    hotStorage: storedGib,
    hotRecovery: storedGib,
    apiRequest: apiRequests / 1e6,
    webAcl: 1,
    webAclRule: DEPLOYED.webAclRules,
    webAclRequest: apiRequests / 1e6,
  };
}

const NO_HOT_PATH = {
  ...{ hotWrite: 0, hotRead: 0, hotStorage: 0, hotRecovery: 0 },
  ...{ apiRequest: 0, webAcl: 0, webAclRule: 0, webAclRequest: 0 },
};

/** DynamoDB counts names and values; a number takes a byte for two digits, plus one. */
function itemBytes({ measures }: LakeShape): number {
  const times = 'timestamp'.length + 24 + 'received_at'.length + 8 + 'expires_at'.length + 6;
  const device = 'deviceid'.length + ASSUMED.deviceIdBytes;
  return device + times + measures.reduce((sum, name) => sum + Buffer.byteLength(name) + 3, 0);
}

function countQueries(workload: Workload, shape: LakeShape) {
  const queries = workload.queriesPerDay * DAYS;
  const dayBytes = ((workload.devices * 86_400) / workload.intervalSeconds) * scaled(MEASURED.parquetRowBytes, shape);
  return {
    scan: (queries * billedBytes(dayBytes)) / TIB,
    catalogObject: ASSUMED.catalogObjects / 100_000,
    catalogRequest: (queries * ASSUMED.catalogRequestsOfQuery) / 1e6,
  };
}

function countRest(workload: Workload, traffic: Traffic, shape: LakeShape, plan: Plan) {
  const { parquet, raw } = writtenObjects(traffic, shape);
  const { record, messages, readings } = traffic;
  const calls = {
    transform: invocations(DEPLOYED.transformBuffer, { records: messages, bytes: messages * record }),
    consume: plan.withoutHotPath === true ? 0 : consumerInvocations(messages, record),
    api: plan.withoutHotPath === true ? 0 : workload.apiRequestsPerDay * DAYS,
    report: DAYS,
  };
  const all = calls.transform + calls.consume + calls.api + calls.report;
  const queries = workload.queriesPerDay * DAYS;
  const reads = queries * (parquet / DAYS) * ASSUMED.readsOfObject;
  const logBytes = (all - calls.api) * ASSUMED.logBytes.invocation + calls.api * ASSUMED.logBytes.apiRequest;
  const keyRequests =
    (parquet + raw + reads) * ASSUMED.keyRequestsOfObject + ASSUMED.keyUsers * ASSUMED.keyRequestsPerHour * HOURS;
  return {
    request: all / 1e6,
    duration: lambdaSeconds(calls, { transformed: readings, consumed: plan.withoutHotPath === true ? 0 : readings }),
    get: reads / 1_000,
    key: 1,
    keyRequest: keyRequests / 10_000,
    log: logBytes / GIB,
    logStored: (logBytes / GIB / DAYS) * DEPLOYED.logDays * ASSUMED.logRatio,
    metric: DEPLOYED.metrics,
    alarm: DEPLOYED.alarms,
    dashboard: DEPLOYED.dashboards,
    trace: workload.tracing === true ? traces(calls) / 1e6 : 0,
    schedule: DAYS / 1e6,
    transition: 0,
    email: ASSUMED.alarmEmails / 100_000,
  };
}

function started(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit);
}

/** Every lake has the device and two times besides its measures. */
function scaled(bytes: number, { measures }: LakeShape): number {
  return (bytes * (3 + measures.length)) / MEASURED.columns;
}
