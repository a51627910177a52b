/**
 * Checks the events that a backfill's state machine passes to its functions. A function can be called by hand, and an
 * execution's input is whatever its starter wrote, so nothing about an event is certain. Each function returns the
 * input of its step, or throws a `UserError` that says what is wrong before anything is read or written.
 */
import { nearest } from '../contract/spelling.ts';
import { UserError } from '../contract/user-error.ts';
import type { PlanRequest } from './plan-backfill.ts';
import { isRunName, parseBatchKey } from './run-files.ts';

/** `{"run": …, "request": …}`: the name of an execution and its input. The planner checks the request's content. */
export function plannerEvent(event: unknown): PlanRequest {
  const { run, request } = members(event, '{"run": NAME, "request": {"sources": ["s3://bucket/prefix"]}}');
  const wanted = `an object such as ${EXAMPLE}`;
  if (!isObject(request)) throw wrong('input of the backfill', request, wanted, `Start it with ${EXAMPLE}.`);
  const unknown = Object.keys(request).find(name => !REQUEST.includes(name) && !isOfStarter(name));
  if (unknown === undefined) return { ...(request as unknown as PlanRequest), run: runOf(run) };
  const near = nearest(unknown.toLowerCase(), REQUEST);
  throw new UserError(`Unknown member ${shown(unknown)} in the input of the backfill.`, {
    todo: near === undefined ? `Known members: ${REQUEST.join(', ')}.` : `Did you mean ${near}?`,
  });
}

/** `{"batch": …}`, from a line in the list of batches: the key of a planned batch in the lake's bucket. */
export function workerEvent(event: unknown): string {
  const { batch } = members(event, BATCH);
  if (typeof batch === 'string' && parseBatchKey(batch) !== undefined) return batch;
  throw wrong("event's batch", batch, 'the key of a planned batch', `Send ${BATCH}.`);
}

/** `{"run": …}`: the name of the run. */
export function publisherEvent(event: unknown): string {
  return runOf(members(event, '{"run": NAME}').run);
}

const REQUEST = ['sources', 'from', 'to', 'dryRun', 'contract'];
const EXAMPLE = '{"sources": ["s3://bucket/prefix"], "from": "2026-01-01"}';
const BATCH = '{"batch": "backfill/plans/RUN/batches/00000001.json"}';

/** The Step Functions console puts a comment into its default input, and a parent execution adds its name. */
function isOfStarter(name: string): boolean {
  return name === 'Comment' || name.startsWith('AWS_STEP_FUNCTIONS_');
}

function runOf(run: unknown): string {
  if (isRunName(run)) return run;
  const todo = 'Use up to 100 letters, digits, `.`, `_` and `-`; the state machine sends the name of its execution.';
  throw wrong("event's run", run, 'the name of a run', todo);
}

function members(event: unknown, example: string): Record<string, unknown> {
  if (isObject(event)) return event;
  throw wrong('event', event, `an object such as ${example}`, 'Start the state machine; it calls its functions.');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(what: string, value: unknown, wanted: string, todo: string): UserError {
  return new UserError(`The ${what} is ${shown(value)}; it must be ${wanted}.`, { todo });
}

const SHOWN_CHARACTERS = 200;

/** As JSON, truncated: an event may be 256 KiB, and an error also shows its beginning. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
