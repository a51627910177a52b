/**
 * A column that is added to a project's own contract works everywhere, from the message to the report, without any
 * other change.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Column, Contract } from '../../contract/contract.ts';
import { topicOf, wrapMessage } from '../../contract/envelope.ts';
import { loadContract } from '../../contract/load.ts';
import { packageFile } from '../../contract/package-root.ts';
import type { Measure } from '../../contract/reading.ts';
import { sinceMs } from '../../contract/reading.ts';
import { writeMessage } from '../../device/message.ts';
import { startLakeEndpoint } from '../../infra/local/lake-endpoint.ts';
import { LOCAL_NAMES } from '../../infra/local/local-names.ts';
import { convertRecord } from '../../lake/delivered-row.ts';
import { parquetByRows } from '../../lake/parquet-by-rows.ts';
import { collectRows, runQuery } from '../../queries/run-query.ts';
import { makeDailyReport } from '../../reports/daily.ts';
import { createTransform } from '../../transform/firehose.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ADDED = "{ name: 'drilled', from: 'DRILLED', type: 'double', unit: 'mm' }";

/** The project's own contract, and contracts of other forms. */
const CONFIGS = ['lake.config.ts', 'examples/nested.config.ts', 'examples/old-messages.config.ts'];

/** A config of the project, with one column added to its contract. */
async function widened(config: string): Promise<Contract> {
  const file = path.join(await temporaryFolder(), 'lake.config.ts');
  await writeFile(
    file,
    `import config from ${JSON.stringify(packageFile(...config.split('/')))};
export default { ...config, columns: [...config.columns, ${ADDED}] };
`,
  );
  return (await loadContract(file)).contract;
}

function plausible({ name, type, range = [0, 100] }: Column): Measure {
  const middle = (range[0] + range[1]) / 2;
  if (name === 'drilled') return 12.5;
  return { double: middle, bigint: Math.floor(middle), boolean: true, string: 'x' }[type];
}

test.each(CONFIGS)('%s with an added column: message, table, transform, Parquet, query, report', async config => {
  const contract = await widened(config);
  const data = await temporaryFolder();
  const ts = Math.max(Date.UTC(2024, 9, 21), sinceMs(contract)) + 12 * 3_600_000;
  const date = new Date(ts).toISOString().slice(0, 10);

  const measures = Object.fromEntries(contract.columns.map(column => [column.name, plausible(column)]));
  const message = writeMessage(contract, { deviceid: 'drill-1', ts, measures });
  const envelope = wrapMessage(topicOf(contract, 'drill-1'), message, ts + 1_000);
  const { records } = await createTransform(contract)({
    ...{ invocationId: 'i', deliveryStreamArn: 'arn', region: 'eu-central-1' },
    records: [
      { recordId: '1', approximateArrivalTimestamp: ts + 1_000, data: Buffer.from(envelope).toString('base64') },
    ],
  });
  const [delivered] = records;
  expect(delivered).toMatchObject({ result: 'Ok', metadata: { partitionKeys: { dt: date } } });
  const { reading } = convertRecord(contract, Buffer.from(delivered?.data ?? '', 'base64'));
  expect(reading).toMatchObject({ deviceid: 'drill-1', measures: { drilled: 12.5 } });

  const folder = path.join(data, 's3', LOCAL_NAMES.bucket, 'readings', `dt=${date}`);
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'one.parquet'),
    await parquetByRows(contract, reading === undefined ? [] : [reading]),
  );
  const { lake, close } = await startLakeEndpoint({ data, contract, port: 0 });
  try {
    const sql = `SELECT deviceid, drilled FROM readings WHERE dt = '${date}'`;
    expect(await collectRows(await runQuery(lake, { sql }))).toEqual([{ deviceid: 'drill-1', drilled: 12.5 }]);
    const signal = new AbortController().signal;
    const day = { date, timezone: 'UTC' };
    const { report } = await makeDailyReport(lake, day, { now: () => ts + 86_400_000, signal });
    expect(report.readings).toBe(1);
    expect([...report.measures.map(({ name }) => name), ...report.leftOut]).toContain('drilled');
  } finally {
    await close();
  }
});
