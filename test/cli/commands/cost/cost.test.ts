import { expect, test } from 'vitest';
import { command } from '../../../../cli/commands/cost/cost.ts';
import { consumerInvocations, invocations, lambdaSeconds, traces } from '../../../../cli/commands/cost/invocations.ts';
import { countMonth, type LakeShape, type Month, type Workload } from '../../../../cli/commands/cost/month.ts';
import { bill, type CostLine, estimateCost } from '../../../../cli/commands/cost/monthly-bill.ts';
import { type ListPrice, PRICES, type PriceName } from '../../../../cli/commands/cost/prices.ts';
import { savings, shares } from '../../../../cli/commands/cost/savings.ts';
import { GIB, HOURS, MIB, TIB } from '../../../../cli/commands/cost/units.ts';
import { wrapMessage } from '../../../../contract/envelope.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { wrongUsage } from '../../wrong-usage.ts';

const SHAPE: LakeShape = { topic: 'data/{deviceid}', measures: ['temperature', 'humidity'], hotDays: 30 };

/** One message a minute from 1,000 devices: 43.8 million messages in 730 hours. */
const THOUSAND: Workload = {
  ...{ devices: 1_000, intervalSeconds: 60, messageBytes: 100 },
  ...{ retentionDays: 365, queriesPerDay: 100, apiRequestsPerDay: 1_800 },
};

function month(changed: Partial<Month> = {}): Month {
  const nothing = Object.fromEntries(Object.keys(PRICES).map(name => [name, 0])) as Month;
  return { ...nothing, ...changed };
}

function used(changed: Partial<Month>): CostLine[] {
  return bill(month(changed)).lines.filter(({ quantity }) => quantity > 0);
}

test('a quantity costs its list price', () => {
  // 43.8 million minutes at $0.08 a million
  expect(used({ connection: 43.8 })).toEqual([
    {
      ...{ service: 'IoT Core', item: 'connection', quantity: 43.8, unit: 'million minutes' },
      ...{ unitPriceUsd: 0.08, monthlyUsd: 43.8 * 0.08 },
    },
  ]);
  expect(bill(month({ connection: 43.8, streamHour: 730 })).totalUsd).toBeCloseTo(3.504 + 29.2, 12);
});

test('each tier is a line: 43,800 million messages are 1,000 at $1, 4,000 at $0.80, and the rest at $0.70', () => {
  const lines = used({ message: 43_800 });
  expect(lines.map(({ quantity, monthlyUsd }) => [quantity, monthlyUsd])).toEqual([
    [1_000, 1_000],
    [4_000, 3_200],
    [38_800, 38_800 * 0.7],
  ]);
  expect(lines.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0)).toBeCloseTo(31_360, 8);
});

test('a quantity at the end of a tier is wholly in it', () => {
  expect(used({ deliveryIn: 512_000 }).map(({ quantity }) => quantity)).toEqual([512_000]);
  expect(used({ deliveryIn: 512_001 }).map(({ quantity }) => quantity)).toEqual([512_000, 1]);
});

test('what is stored raw fills the tiers of S3 before the Parquet does', () => {
  const lines = used({ rawStorage: 51_000, parquetStorage: 400 });
  expect(lines.map(({ item, quantity, unitPriceUsd }) => [item, quantity, unitPriceUsd])).toEqual([
    ['raw objects stored', 51_000, 0.023],
    ['Parquet stored', 200, 0.023],
    ['Parquet stored, above 51,200', 200, 0.022],
  ]);
});

test('every price has a unit, its page and where it was read; tiers rise, and the last has no end', () => {
  const names = Object.keys(PRICES);
  for (const [name, price] of Object.entries(PRICES) as [string, ListPrice][]) {
    expect(price.page, name).toMatch(/^https:\/\/aws\.amazon\.com\/[\w/-]+\/$/);
    expect(price.seen.length, name).toBeGreaterThan(10);
    expect(price.unit, name).not.toBe('');
    const ends = price.tiers.map(({ upTo }) => upTo ?? Number.POSITIVE_INFINITY);
    expect(ends, name).toEqual([...ends].sort((a, b) => a - b));
    expect(ends.at(-1), name).toBe(Number.POSITIVE_INFINITY);
    if (price.after !== undefined) expect(names.slice(0, names.indexOf(name)), name).toContain(price.after);
  }
});

test('a thousand devices at a message a minute are billed as worked out by hand', () => {
  const counted = countMonth(THOUSAND, SHAPE);
  const messages = 1_000 * 60 * 730;
  // {"payload_base64":"<136>","received_at":<13>,"mqtt_topic":"data/device-001"} is 216 bytes: 1 KB for Kinesis, 5 KB for Firehose.
  expect(wrapMessage('data/device-001', Buffer.alloc(100), 1_795_256_130_123)).toHaveLength(216);
  expect(counted.connection).toBeCloseTo(43.8, 10);
  expect(counted.message).toBeCloseTo(43.8, 10);
  expect(counted.rule).toBeCloseTo(43.8, 10);
  expect(counted.action).toBeCloseTo(87.6, 10);
  expect(counted.streamHour).toBe(730);
  expect(counted.streamIn).toBeCloseTo((messages * 1_024) / GIB, 8);
  expect(counted.streamOut).toBe(counted.streamIn);
  expect(counted.deliveryIn).toBeCloseTo((messages * 5_120) / GIB, 8);
  expect(counted.conversion).toBe(counted.deliveryIn);
  expect(counted.partitioning).toBeCloseTo((messages * 136) / GIB, 8);
  expect(counted.hotWrite).toBeCloseTo(43.8, 10);
  // deviceid 8+10, timestamp 9+24, received_at 11+8, expires_at 10+6, temperature 11+3, humidity 8+3, and 100 beside
  expect(counted.hotStorage).toBeCloseTo((1_000 * 1_440 * 30 * 211) / GIB, 8);
  expect(counted.hotRecovery).toBe(counted.hotStorage);
  expect(counted.parquetStorage).toBeCloseTo((1_000 * 1_440 * 365 * 14.7) / GIB, 8);
  // {"payload_base64":… and a line feed, of which gzip leaves a tenth
  expect(counted.rawStorage).toBeCloseTo((1_000 * 1_440 * 365 * 217 * 0.102) / GIB, 8);
  // 1.44 million rows of 14.7 bytes are 20.2 MB: 21 started megabytes for each of 100 queries on 730 / 24 days
  expect(counted.scan).toBeCloseTo((21 * MIB * 100 * (730 / 24)) / TIB, 12);
  const bytes = estimateCost(THOUSAND, SHAPE).lines.find(({ item }) => item === 'messages');
  expect(bytes?.monthlyUsd).toBeCloseTo(43.8, 10);
});

test('sizes count by what has begun: 5 KB for a message with its topic, 1 KB in the stream', () => {
  const topicBytes = 'data/device-001'.length;
  const metered = (messageBytes: number) => countMonth({ ...THOUSAND, messageBytes }, SHAPE).message;
  expect(metered(5_120 - topicBytes)).toBeCloseTo(43.8, 10);
  expect(metered(5_121 - topicBytes)).toBeCloseTo(87.6, 10);
  const stream = (messageBytes: number) => countMonth({ ...THOUSAND, messageBytes }, SHAPE).streamIn;
  // 708 bytes are 944 in base64, and the envelope has 80 more; with another byte it is 948
  expect(stream(708) / stream(700)).toBe(1);
  expect(stream(709) / stream(708)).toBe(2);
});

test('a column more makes rows larger by a fifth', () => {
  const wider = { ...SHAPE, measures: [...SHAPE.measures, 'pressure'] };
  const [two, three] = [countMonth(THOUSAND, SHAPE), countMonth(THOUSAND, wider)];
  expect(three.parquetStorage / two.parquetStorage).toBeCloseTo(6 / 5, 10);
  expect(three.partitioning / two.partitioning).toBeCloseTo(6 / 5, 10);
});

test('a buffer sends on when it is full or its time is over, and never without a record', () => {
  const buffer = { seconds: 900, bytes: 1_000 };
  // 2,628,000 seconds in 730 hours
  expect(invocations(buffer, { records: 1e9, bytes: 1 })).toBe(2_920);
  expect(invocations(buffer, { records: 1e9, bytes: 5_000_000 })).toBe(5_000);
  expect(invocations(buffer, { records: 7, bytes: 700 })).toBe(7);
});

test('X-Ray records the first request of a second, and a twentieth of the others', () => {
  expect(traces({ transform: 2_628_000, consume: 0, api: 0, report: 30 })).toBe(2_628_030);
  expect(traces({ transform: 2_628_000 + 100, consume: 0, api: 0, report: 0 })).toBe(2_628_005);
});

test('traces cost nothing unless the stage file switches them on', () => {
  const traced = (tracing: boolean) =>
    estimateCost({ ...THOUSAND, tracing }, SHAPE).lines.find(line => line.service === 'X-Ray');
  expect(traced(false)?.monthlyUsd).toBe(0);
  expect(traced(true)?.monthlyUsd).toBeGreaterThan(10);
});

test('the consumer runs for each shard, and no more often than there are records', () => {
  expect(consumerInvocations(100, 200)).toBe(100);
  // Two batches a second of each of an on-demand stream's four shards
  expect(consumerInvocations(2_628_000 * 900, 200)).toBe(4 * 2 * 2_628_000);
  // 4,500 records a second are 4.5 shards of 1,000, and on demand there is room for twice that: nine; 4.5 KB records are 39.6 of 1 MB
  expect(consumerInvocations(2_628_000 * 4_500, 100)).toBe(9 * 2 * 2_628_000);
  expect(consumerInvocations(2_628_000 * 4_500, 4_608)).toBe(40 * 2 * 2_628_000);
});

test('what the stream keeps beyond the first day is billed: two days of three', () => {
  const { streamIn, streamStored } = countMonth(THOUSAND, SHAPE);
  expect(streamStored).toBeCloseTo((streamIn / (HOURS / 24)) * 2, 10);
  // 1.44 million records of a started KB a day
  expect(streamStored).toBeCloseTo((1_440_000 * 1_024 * 2) / GIB, 8);
});

test('logs are billed when they come, and as long as they are kept: 90 days, packed to 15 %', () => {
  const { log, logStored } = countMonth(THOUSAND, SHAPE);
  expect(logStored).toBeCloseTo((log / (HOURS / 24)) * 90 * 0.15, 10);
});

test('the buckets have keys of their own, so that few objects take a request of KMS', () => {
  const none = countMonth({ ...THOUSAND, queriesPerDay: 0 }, SHAPE).keyRequest;
  const some = countMonth(THOUSAND, SHAPE);
  expect((some.keyRequest - none) * 10_000).toBeCloseTo(some.get * 1_000 * 0.03, 6);
});

test('the consumer takes more of a processor for a record than the transform: it speaks to DynamoDB', () => {
  const nothing = { transform: 0, consume: 0, api: 0, report: 0 };
  const transformed = lambdaSeconds(nothing, { transformed: 1e6, consumed: 0 });
  // 8 µs of a core, which a function has at 1,769 MB
  expect(transformed).toBeCloseTo((8 * 1_769) / 1_024, 10);
  expect(lambdaSeconds(nothing, { transformed: 0, consumed: 1e6 }) / transformed).toBeCloseTo(5, 10);
});

test('a saving is what the month costs less with it', () => {
  const found = savings(THOUSAND, SHAPE);
  const saving = (what: string) => found.find(entry => entry.what === what);
  // Basic Ingest has no messages: 43.8 million at $1
  expect(saving('Basic Ingest')?.monthlyUsd).toBeCloseTo(43.8, 8);
  const { totalUsd } = estimateCost(THOUSAND, SHAPE);
  const longer = estimateCost({ ...THOUSAND, intervalSeconds: 300 }, SHAPE).totalUsd;
  expect(saving('A reading every 300 s')).toEqual({ what: 'A reading every 300 s', monthlyUsd: totalUsd - longer });
  expect(found.map(({ monthlyUsd }) => monthlyUsd)).toEqual(
    found.map(({ monthlyUsd }) => monthlyUsd).sort((a, b) => b - a),
  );
  expect(savings(THOUSAND, { ...SHAPE, hotDays: 7 }).map(({ what }) => what)).not.toContain(
    'hotDays: 7 in the contract',
  );
  expect(savings({ ...THOUSAND, messageBytes: 20_000 }, SHAPE).map(({ what }) => what)).not.toContain(
    '10 readings in a message',
  );
});

test('without the hot path nothing of it is billed', () => {
  const counted = countMonth(THOUSAND, SHAPE, { withoutHotPath: true });
  const gone: PriceName[] = [
    'streamHour',
    'streamIn',
    'streamOut',
    'streamStored',
    'hotWrite',
    'hotRead',
    'hotStorage',
    'hotRecovery',
    'apiRequest',
  ];
  expect(gone.filter(name => counted[name] !== 0)).toEqual([]);
  expect(counted.action).toBeCloseTo(43.8, 10);
});

test('the shares of the services make the whole', () => {
  const parts = shares(estimateCost(THOUSAND, SHAPE));
  expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
  expect(parts[0]?.service).toBe('IoT Core');
});

async function run(...args: string[]) {
  const effects = recordedEffects();
  expect(await command.run(args, effects)).toBe(0);
  return effects;
}

test('json holds every line, and the total is their sum', async () => {
  const effects = await run('--devices', '1000', '--format', 'json');
  const answer = JSON.parse(effects.out()) as ReturnType<typeof estimateCost> & { workload: Workload };
  expect(answer.workload).toEqual({ ...THOUSAND, tracing: false });
  expect(answer.lines).toEqual(estimateCost(THOUSAND, SHAPE).lines);
  expect(answer.totalUsd).toBeCloseTo(
    answer.lines.reduce((sum, { quantity, unitPriceUsd }) => sum + quantity * unitPriceUsd, 0),
    8,
  );
  expect(effects.err()).toBe('');
});

test('a table ends with the total; notes on stderr say what dominates, what would lower it, and what is not verified', async () => {
  const effects = await run();
  const total = estimateCost(THOUSAND, SHAPE).totalUsd.toFixed(2);
  expect(effects.out().trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^total +${total.replace('.', '\\.')}$`));
  expect(effects.out()).toContain('0.0000133334');
  expect(effects.err()).toMatch(/: IoT Core \d+ %/);
  expect(effects.err()).toContain('Basic Ingest: $43.80 less (needs ');
  expect(effects.err()).toContain('Not verified: Kinesis Data Streams, ');
});

test('csv has plain numbers, and no total', async () => {
  const lines = (await run('--format', 'csv')).out().trimEnd().split('\r\n');
  expect(lines[0]).toBe('service,item,quantity,unit,usd_per_unit,usd_per_month');
  expect(lines[1]).toBe(`IoT Core,connection,43.8,million minutes,0.08,${43.8 * 0.08}`);
  expect(lines).toHaveLength(1 + estimateCost(THOUSAND, SHAPE).lines.length);
});

test.each<[string[], RegExp]>([
  [['--region', 'eu-west-1'], /eu-west-1[\s\S]*us-east-1/],
  [['--devices', '0'], /--devices '0'.*1 to 1000000000/],
  [['--interval', '1m'], /--interval '1m'.*1 to 2678400/],
  [['--message-bytes', '200000'], /--message-bytes '200000'.*2 to 131072/],
  [['--device', '5'], /'--device'[\s\S]*--devices\?/],
  [['--aws'], /sluice cost[\s\S]*--aws/],
  [['ten'], /sluice cost .*'ten'/],
])('%j is wrong usage', async (args, part) => {
  expect(await wrongUsage(command.run(args, recordedEffects()))).toMatch(part);
});
