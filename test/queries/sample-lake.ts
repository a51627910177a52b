import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Contract } from '../../contract/contract.ts';
import { LOCAL_NAMES } from '../../infra/local/local-names.ts';
import { parquetByColumns } from '../../lake/parquet-by-columns.ts';

/** A row of readings_log as a test writes it: device, event time, temperature, humidity, arrival (times in UTC). */
export type LogRow = [
  deviceid: string,
  ts: string,
  temperature: number | null,
  humidity: number | null,
  received: string,
];

/**
 * Rows at the edges of local days. 27 October 2024 has 25 hours in Berlin, from 22:00Z on the 26th to 23:00Z. 26
 * April 2024 begins in Cairo at 01:00 (22:00Z), because the clocks skip its midnight.
 */
export const LOG: LogRow[] = [
  ['a', '2024-10-26T21:59:59.999Z', 99, 99, '2024-10-26T22:00:00.999Z'],
  ['a', '2024-10-26T22:00:00.000Z', 11, 51, '2024-10-26T22:00:01.000Z'],
  ['a', '2024-10-26T22:00:00.000Z', 10, 50, '2024-10-26T22:00:02.000Z'],
  ['a', '2024-10-27T00:30:00.000Z', 20, 60, '2024-10-27T00:35:00.000Z'],
  ['a', '2024-10-27T01:30:00.000Z', 30, null, '2024-10-27T01:35:00.001Z'],
  ['a', '2024-10-27T22:59:59.999Z', 12, 70, '2024-10-28T09:00:00.000Z'],
  ['a', '2024-10-27T23:00:00.000Z', -99, 1, '2024-10-27T23:00:00.000Z'],
  ['b', '2024-10-27T12:15:00.000Z', 21.5, 41, '2024-10-27T12:15:00.250Z'],
  ['c', '2024-04-25T21:59:59.999Z', 1, 1, '2024-04-25T22:00:00.000Z'],
  ['c', '2024-04-25T22:00:00.000Z', 2, 2, '2024-04-25T22:00:00.000Z'],
  ['c', '2024-04-26T20:59:59.999Z', 3, 3, '2024-04-26T22:00:00.000Z'],
  ['c', '2024-04-26T21:00:00.000Z', 4, 4, '2024-04-26T22:00:00.000Z'],
];

/** Writes rows as Parquet files into the lake of a data folder: one file per event date. */
export async function writeLog(data: string, contract: Contract, rows: readonly LogRow[]): Promise<void> {
  const dates = new Set(rows.map(([, ts]) => ts.slice(0, 10)));
  for (const dt of dates) {
    const readings = rows
      .filter(([, ts]) => ts.startsWith(dt))
      .map(([deviceid, ts, temperature, humidity, received]) => ({
        deviceid,
        ts: Date.parse(ts),
        receivedAt: Date.parse(received),
        measures: { temperature, humidity },
      }));
    const folder = path.join(data, 's3', LOCAL_NAMES.bucket, 'readings', `dt=${dt}`);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'sample.parquet'), parquetByColumns(contract, readings));
  }
}
