/** Runs statements through the AWS SDK and returns what a client sees of them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GetQueryResultsCommand, type QueryExecution } from '@aws-sdk/client-athena';
import type { LakeFixture } from '../lake-fixture.ts';

export interface StatementAnswer {
  /** `StatementType SubstatementType`. */
  kind: string;
  /** `name type` of each column. */
  columns: string[];
  /** All rows as the API returns them, including a query's header. */
  rows: (string | null)[][];
  updateCount: number | undefined;
  execution: QueryExecution;
}

/** A statement's answer; a failed statement throws its reason. */
export async function runStatement(lake: LakeFixture, sql: string, parameters?: string[]): Promise<StatementAnswer> {
  const id = await lake.start(sql, parameters === undefined ? {} : { ExecutionParameters: parameters });
  const execution = await lake.finished(id);
  if (execution.Status?.State !== 'SUCCEEDED')
    throw new Error(`${execution.Status?.State}: ${execution.Status?.StateChangeReason}\n${sql}`);
  const { ResultSet, UpdateCount } = await lake.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
  return {
    kind: `${execution.StatementType} ${execution.SubstatementType}`,
    columns: (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => `${Name} ${Type}`),
    rows: (ResultSet?.Rows ?? []).map(({ Data }) => (Data ?? []).map(({ VarCharValue }) => VarCharValue ?? null)),
    updateCount: UpdateCount,
    execution,
  };
}

/** The values of a statement's single column, line by line. */
export async function lines(lake: LakeFixture, sql: string): Promise<(string | null)[]> {
  return (await runStatement(lake, sql)).rows.map(([value = null]) => value);
}

/** The object at an `s3://` location, as text. */
export async function objectText(lake: LakeFixture, location: string | undefined): Promise<string> {
  return readFile(path.join(lake.s3Root, (location ?? '').slice('s3://'.length)), 'utf8');
}

/** Puts an object into the lake's bucket. */
export async function putObject(lake: LakeFixture, key: string, content: string | Uint8Array): Promise<void> {
  const file = path.join(lake.s3Root, 'sluice-lake', key);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}
