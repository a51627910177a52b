/** StartQueryExecution and StopQueryExecution. */
import { randomUUID } from 'node:crypto';
import type { JsonService } from '../../wire/json-service.ts';
import { resultName, statementKind } from '../language/statement-kind.ts';
import type { Execution, Executions } from './executions.ts';
import type { Queue } from './queue.ts';
import { uuidOf } from './request-id.ts';
import { type Input, integer, invalid, structure, text, texts } from './request-input.ts';
import { outputLocationOf, resultFile } from './result-location.ts';
import { MAX_REUSE_MINUTES, type ResultReuse } from './result-reuse.ts';
import type { WorkGroups } from './work-groups.ts';

export interface ExecutionContext {
  /** Tells this process from an earlier one with its pid. */
  run: string;
  now: () => number;
  queue: Queue;
  executions: Executions;
  reuse: ResultReuse;
  workGroups: WorkGroups;
  s3Root: string;
  /** A query by its id, running here or kept. */
  find(id: string): Promise<Execution | undefined>;
}

export function executionOperations(context: ExecutionContext): JsonService['operations'] {
  const { queue, find } = context;
  return {
    StartQueryExecution: async (input: Input) => {
      const execution = await read(input, context);
      const earlier = await find(execution.id);
      if (earlier === undefined && (await begin(execution, context))) return { QueryExecutionId: execution.id };
      // Another request with the same token, now or before: it must ask for the same.
      if (!isSame(earlier ?? (await find(execution.id)), execution))
        throw invalid('Idempotent parameters do not match');
      return { QueryExecutionId: execution.id };
    },
    StopQueryExecution: async (input: Input) => {
      const id = text(input, 'QueryExecutionId');
      const execution = await find(id);
      if (execution === undefined) throw invalid(`QueryExecution ${id} was not found`);
      queue.stop(id, 'Query cancelled by user');
      if (queue.active(id) === undefined && execution.state === 'RUNNING' && execution.owner.run !== context.run)
        throw invalid(`QueryExecution ${id} runs in another process (${execution.owner.pid}): stop it there.`);
      return {};
    },
  };
}

/** Athena's limit for a query's text, in bytes of UTF-8. */
const MAX_SQL_BYTES = 262_144;

async function read(input: Input, { run, now, workGroups, s3Root }: ExecutionContext): Promise<Execution> {
  const sql = text(input, 'QueryString');
  if (Buffer.byteLength(sql) > MAX_SQL_BYTES)
    throw invalid(`Query string is over the maximum length of ${MAX_SQL_BYTES} bytes`);
  const context = structure(input, 'QueryExecutionContext');
  if (String(context.Catalog ?? 'AwsDataCatalog').toLowerCase() !== 'awsdatacatalog')
    throw invalid(`Catalog ${String(context.Catalog)} was not found`);
  const id = input.ClientRequestToken === undefined ? randomUUID() : uuidOf(text(input, 'ClientRequestToken'));
  const kind = statementKind(sql);
  const workGroup = await workGroups.enabled(input);
  const outputLocation = `${outputLocationOf(input, workGroup)}${resultName(kind, id)}`;
  resultFile(outputLocation, s3Root);
  const reuseMinutes = reuseOf(input);
  return {
    id,
    sql,
    parameters: texts(input, 'ExecutionParameters'),
    database: context.Database === undefined ? 'default' : text(context, 'Database').toLowerCase(),
    workGroup: workGroup.name,
    outputLocation,
    kind,
    ...(reuseMinutes !== undefined && { reuseMinutes }),
    ...(workGroup.cutoffBytes !== undefined && { cutoffBytes: workGroup.cutoffBytes }),
    owner: { pid: process.pid, run },
    state: 'QUEUED',
    submittedAt: now(),
  };
}

const DEFAULT_REUSE_MINUTES = 60;

function reuseOf(input: Input): number | undefined {
  const byAge = structure(structure(input, 'ResultReuseConfiguration'), 'ResultReuseByAgeConfiguration');
  const minutes = integer(byAge, 'MaxAgeInMinutes', { min: 0, max: MAX_REUSE_MINUTES, absent: DEFAULT_REUSE_MINUTES });
  return byAge.Enabled === true ? minutes : undefined;
}

/** Answers a query by an earlier result where it may, or queues it. False where its id is taken. */
async function begin(execution: Execution, { queue, executions, reuse, now }: ExecutionContext): Promise<boolean> {
  const earlier = await reuse.find(execution);
  if (earlier === undefined) return queue.add(execution);
  const { outputLocation, columns = [], rows = 0 } = earlier;
  const at = now();
  const times = { startedAt: at, plannedAt: at, completedAt: at };
  const answer = { isReused: true, scannedBytes: 0, outputLocation, columns, rows };
  return executions.create({ ...execution, ...times, ...answer, state: 'SUCCEEDED' });
}

function isSame(earlier: Execution | undefined, { sql, parameters, database, workGroup }: Execution): boolean {
  if (earlier === undefined) return false;
  const members = (of: Pick<Execution, 'sql' | 'parameters' | 'database' | 'workGroup'>) =>
    JSON.stringify([of.sql, of.parameters, of.database, of.workGroup]);
  return members(earlier) === members({ sql, parameters, database, workGroup });
}
