/**
 * `npm run bench -- scale`: a million devices with a message a minute, as far as one machine can show: sizes, the
 * transform, the files, a batch of the backfill, its planner. Seeded, and without a network. docs/scale.md draws the
 * conclusions.
 */
import { gzipSync } from 'node:zlib';
import { defineContract } from '../contract/contract.ts';
import { type Reading, readMessage, sinceMs } from '../contract/reading.ts';
import { toItem } from '../hotpath/items.ts';
import { parquetByColumns } from '../lake/parquet-by-columns.ts';
import config from '../test/fixtures/workshop.config.ts';
import { toRow } from '../transform/clean.ts';
import { timeBatch } from './scale/batch.ts';
import { DEVICES, hourOfFewDevices, type Message, messages, PER_SECOND } from './scale/fleet-readings.ts';
import { packObjects, timeDoneIndex } from './scale/planner.ts';
import { count, millions, say, table } from './scale/print.ts';
import { timeTransform } from './scale/time-transform.ts';

const DAY_SECONDS = 86_400;
const MIB = 1024 * 1024;
/** The limits at which the delivery stream delivers (infra/aws/delivery-stream.ts). */
const DELIVERY_BYTES = 128 * MIB;

const contract = defineContract(config);

/** Runs and prints everything; `share` is the fraction of the load, 1 for all. */
export async function benchScale(share: number): Promise<void> {
  say(`${count(DEVICES)} devices, a message a minute: ${count(PER_SECOND)} messages/s. Node ${process.versions.node}.`);
  const sample = messages(contract, Math.round(200_000 * share));
  const sizes = measureSizes(sample);
  printSizes(sizes, sample);
  await printTransform(sample);
  printFiles(sizes);
  await printBatch(share, sizes);
  await printPlanner(share, sizes);
}

interface Sizes {
  /**
   * Mean bytes of a message: on the topic, in the envelope, as a JSON row, in a gzipped raw object, in Parquet as
   * delivered, and in Parquet with an hour of its devices, as after compaction.
   */
  payload: number;
  envelope: number;
  row: number;
  raw: number;
  parquet: number;
  merged: number;
}

/** The sizes of a message of the fleet, as the mean over a sample. */
export function measureSizes(sample: readonly Message[]): Sizes {
  const readings = sample.map(read);
  const hour = hourOfFewDevices(contract, sample.length).map(read);
  const mean = (bytes: number) => bytes / sample.length;
  const total = (lengths: number[]) => mean(lengths.reduce((sum, length) => sum + length, 0));
  return {
    payload: total(sample.map(({ payload }) => payload.length)),
    envelope: total(sample.map(({ record }) => record.length)),
    row: total(readings.map(reading => JSON.stringify(toRow(reading)).length + 1)),
    raw: mean(gzipSync(Buffer.concat(sample.map(({ record }) => record))).length),
    parquet: mean(parquetByColumns(contract, readings).length),
    merged: parquetByColumns(contract, hour).length / hour.length,
  };
}

function printSizes(sizes: Sizes, [first]: readonly Message[]): void {
  const item = first === undefined ? 0 : JSON.stringify(toItem(contract, read(first))).length;
  table('bytes of a message, and of all', [
    ['where', 'bytes', 'MB/s', 'GB/day'],
    ...rates('on the topic', sizes.payload),
    ...rates('in the envelope (Kinesis, Firehose)', sizes.envelope),
    ...rates('as a row of JSON (after the transform)', sizes.row),
    ...rates('in a raw object, gzipped', sizes.raw),
    ...rates('in Parquet, as it is delivered', sizes.parquet),
    ...rates('in Parquet, an hour of its devices together', sizes.merged),
  ]);
  say(
    `an item of the hot table: ${item} bytes on the wire, so 1 write unit; ${millions(PER_SECOND * DAY_SECONDS)} items/day`,
  );
}

function rates(what: string, bytes: number): string[][] {
  const perSecond = bytes * PER_SECOND;
  return [[what, bytes.toFixed(1), (perSecond / 1e6).toFixed(2), ((perSecond * DAY_SECONDS) / 1e9).toFixed(1)]];
}

function read({ payload, topic, receivedAt }: Message): Reading {
  const window = { fromMs: sinceMs(contract), toMs: receivedAt + 1 };
  const { reading } = readMessage(contract, payload, { receivedAt, topic }, window);
  if (reading === undefined) throw new Error('a simulated message was rejected');
  return reading;
}

/** Little's law: calls per second times seconds per call. */
async function printTransform(sample: readonly Message[]): Promise<void> {
  const rows: string[][] = [
    ['buffer', 'records', 'answer, MB', 'CPU ms a call', 'records/s of a core', 'calls/s', 'cores'],
  ];
  for (const megabytes of [0.2, 1, 3]) {
    const { records, answerBytes, ms } = await timeTransform(contract, sample, megabytes * 1e6);
    const calls = PER_SECOND / records;
    rows.push([
      `${megabytes} MB`,
      count(records),
      (answerBytes / 1e6).toFixed(2),
      ms.toFixed(1),
      count((records * 1000) / ms),
      calls.toFixed(1),
      ((calls * ms) / 1000).toFixed(2),
    ]);
  }
  table('the transform, with its event and its answer as JSON', rows);
}

function printFiles({ envelope, row, raw, parquet, merged }: Sizes): void {
  const day = PER_SECOND * DAY_SECONDS;
  const files = (bytes: number) => Math.ceil((bytes * day) / DELIVERY_BYTES);
  const kept = (bytes: number, each: number) => ((bytes * day) / files(each) / 1e6).toFixed(1);
  table('files of a day, if Firehose fills 128 MiB before it delivers', [
    ['what', 'files', 'MB each', 'seconds between'],
    ['Parquet', count(files(row)), kept(parquet, row), (DAY_SECONDS / files(row)).toFixed(0)],
    ['raw objects', count(files(envelope)), kept(raw, envelope), (DAY_SECONDS / files(envelope)).toFixed(0)],
    [
      'Parquet, compacted 256 MiB at a time',
      count((parquet * day) / (256 * MIB)),
      ((256 * 1.048_576 * merged) / parquet).toFixed(0),
      '',
    ],
  ]);
  const scanned = parquet * day;
  say(
    `a query over all columns of a day scans ${(scanned / 1e9).toFixed(1)} GB: $${((scanned / 1e12) * 5).toFixed(2)} on Athena at $5/TB`,
  );
}

async function printBatch(share: number, { raw }: Sizes): Promise<void> {
  const { objects, bytes, records, seconds, peakMb } = await timeBatch(contract, 64 * MIB * share);
  const rate = records / seconds;
  const day = PER_SECOND * DAY_SECONDS;
  say('');
  say(`a batch of the backfill: ${objects} raw objects, ${(bytes / MIB).toFixed(0)} MiB, ${count(records)} records`);
  say(`  ${seconds.toFixed(1)} s of CPU time, ${count(rate)} records/s per core, at most ${count(peakMb)} MB resident`);
  const batches = Math.ceil((raw * day) / (64 * MIB));
  say(
    `  a day is ${count(batches)} batches; with 5 workers ${(day / rate / 5 / 3600).toFixed(1)} h, with 100 ${(day / rate / 100 / 60).toFixed(0)} min`,
  );
}

async function printPlanner(share: number, { raw, envelope }: Sizes): Promise<void> {
  const day = PER_SECOND * DAY_SECONDS;
  const objectsOfADay = Math.ceil((envelope * day) / DELIVERY_BYTES);
  const mean = (raw * day) / objectsOfADay;
  const rows: string[][] = [['objects', 'stored', 'batches', 'seconds', 'MB of heap', 'pages to list']];
  for (const [objects, bytes] of [
    [objectsOfADay, mean],
    [objectsOfADay * 365, mean],
    [Math.round(10_000_000 * share), 20_000],
  ] as const) {
    const { batches, seconds, heapMb, total } = await packObjects(objects, bytes);
    const pages = Math.ceil(objects / 1000);
    rows.push([
      count(objects),
      `${(total / 1e9).toFixed(0)} GB`,
      count(batches),
      seconds.toFixed(2),
      heapMb.toFixed(0),
      count(pages),
    ]);
  }
  table('the planner: a day, a year, and ten million small objects', rows);
  const done = timeDoneIndex(Math.round(1_000_000 * share));
  say(
    `index of ${count(done.objects)} finished objects: ${(done.bytes / 1e6).toFixed(0)} MB, built in ${done.makeSeconds.toFixed(1)} s; ${done.findMicros.toFixed(1)} µs per lookup`,
  );
}
