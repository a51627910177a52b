/** moto's server: a substitute for AWS's control planes, in Python. */
import { type Emulator, startServer } from './server.ts';

export const REGION = 'eu-central-1';
/** moto's own account. */
export const ACCOUNT = '123456789012';
export const CREDENTIALS = { accessKeyId: 'AKIAEMULATED', secretAccessKey: 'emulated' };

/** Starts moto from the virtual environment of `python`. */
export function startMoto(python: string, work: string): Promise<Emulator> {
  return startServer({
    ...{ command: 'moto_server', python, work, ready: '/moto-api/' },
    args: port => ['-H', '127.0.0.1', '-p', String(port)],
  });
}

/** Puts a result into moto's queue: the next query whose result is read returns it, whatever the query. */
export async function queueAthenaResult(
  { url }: Emulator,
  columns: readonly [name: string, type: string][],
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  const data = (values: readonly (string | null)[]) => ({
    Data: values.map(value => (value === null ? {} : { VarCharValue: value })),
  });
  const column_info = columns.map(([name, type]) => ({
    ...{ CatalogName: 'hive', SchemaName: '', TableName: '', Name: name, Label: name, Type: type },
    ...{ Precision: 0, Scale: 0, Nullable: 'UNKNOWN', CaseSensitive: type === 'varchar' },
  }));
  // The first row of a SELECT repeats the names, on AWS too.
  const results = [{ rows: [data(columns.map(([name]) => name)), ...rows.map(data)], column_info }];
  const response = await fetch(`${url}/moto-api/static/athena/query-results`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account_id: ACCOUNT, region: REGION, results }),
  });
  if (response.status !== 201) throw new Error(`moto refused the result: ${response.status} ${await response.text()}`);
}
