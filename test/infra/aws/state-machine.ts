/** Runs a state machine definition, in the part of the Amazon States Language that ours uses; refuses the rest. */

import { isDeepStrictEqual } from 'node:util';

/** Reads a whole object. */
export type ReadObject = (bucket: string, key: string) => Promise<Buffer>;
/** A Lambda function, by its ARN in the definition. */
export type Functions = Record<string, (payload: Json) => Promise<unknown>>;

type Json = Record<string, unknown>;

interface State {
  Type: 'Task' | 'Map' | 'Choice' | 'Succeed';
  Next?: string;
  End?: boolean;
  Comment?: string;
  Resource?: string;
  Parameters?: Json;
  Retry?: Retrier[];
  ResultPath?: null;
  Choices?: { Variable: string; NumericEquals: number; Next: string }[];
  Default?: string;
  ItemProcessor?: Definition & { ProcessorConfig: { Mode: 'DISTRIBUTED'; ExecutionType: 'STANDARD' } };
  ItemReader?: { Resource: string; ReaderConfig: { InputType: 'JSONL' }; Parameters: Json };
  MaxConcurrency?: number;
  ToleratedFailurePercentage?: number;
  ResultWriter?: { Resource: string; Parameters: Json };
}

interface Retrier {
  ErrorEquals: string[];
  MaxAttempts: number;
  IntervalSeconds?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'FULL';
}

export interface Definition {
  StartAt: string;
  States: Record<string, State>;
  Comment?: string;
}

export interface Execution {
  status: 'SUCCEEDED' | 'FAILED';
  output: unknown;
  /** The state that failed, and the message of its error. */
  failedIn?: string;
  cause?: string;
  /** Continues with what did not succeed, as RedriveExecution does: in the failed state, with the unfinished items. */
  redrive(): Promise<Execution>;
}

export interface Machine {
  definition: Definition;
  functions: Functions;
  readObject: ReadObject;
  /** Name of the execution. */
  name: string;
}

const KNOWN: Record<State['Type'], string[]> = {
  Task: ['Resource', 'Parameters', 'Retry'],
  Map: ['ItemProcessor', 'ItemReader', 'MaxConcurrency', 'ToleratedFailurePercentage', 'ResultWriter', 'ResultPath'],
  Choice: ['Choices', 'Default'],
  Succeed: [],
};

/** Starts an execution and returns it when it has ended. */
export function execute(machine: Machine, input: Json): Promise<Execution> {
  return go(machine, { state: machine.definition.StartAt, input, done: new Set() });
}

interface Position {
  state: string;
  input: Json;
  /** Items of the Map state that were already done. */
  done: Set<string>;
}

async function go(machine: Machine, { state: start, input, done }: Position): Promise<Execution> {
  let [name, data, doneItems] = [start, input, done];
  for (;;) {
    const state = machine.definition.States[name];
    if (state === undefined) throw new Error(`there is no state ${name}`);
    refuseUnknown(state);
    try {
      const result =
        state.Type === 'Map' ? await runMap(machine, state, data, doneItems) : await run(machine, state, data);
      if (state.Type === 'Succeed') return { status: 'SUCCEEDED', output: data, redrive: refuse };
      if (state.ResultPath !== null && state.Type !== 'Choice') data = result as Json;
      name = state.Type === 'Choice' ? chosen(state, data) : (state.Next ?? '');
      doneItems = new Set();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const at = { state: name, input: data, done: doneItems };
      return { status: 'FAILED', output: null, failedIn: name, cause: error.message, redrive: () => go(machine, at) };
    }
  }
}

async function refuse(): Promise<never> {
  throw new Error('an execution that succeeded cannot be redriven');
}

async function run(machine: Machine, state: State, input: Json): Promise<unknown> {
  if (state.Type !== 'Task') return input;
  const call = machine.functions[state.Resource ?? ''];
  if (call === undefined) throw new Error(`there is no function ${state.Resource}`);
  const used = new Map<Retrier, number>();
  for (;;) {
    try {
      // Data between a state machine and a function is JSON.
      return JSON.parse(JSON.stringify(await call(filled(state.Parameters ?? {}, input, machine.name))));
    } catch (error) {
      const retrier = state.Retry?.find(({ ErrorEquals }) =>
        ErrorEquals.some(known => known === 'States.ALL' || known === (error as Error).name),
      );
      const attempts = retrier === undefined ? 0 : (used.get(retrier) ?? 0);
      if (retrier === undefined || attempts >= retrier.MaxAttempts) throw error;
      used.set(retrier, attempts + 1);
    }
  }
}

async function runMap(machine: Machine, state: State, input: Json, done: Set<string>): Promise<void> {
  const { ItemReader: reader, ItemProcessor: processor, ToleratedFailurePercentage: tolerated = 0 } = state;
  if (reader === undefined || processor === undefined) throw new Error('a Map without a reader or a processor');
  // Each line of JSON Lines is an item, and each item the input of an execution. Other readers, or a limit of items,
  // are not supported.
  if (!isDeepStrictEqual(reader.ReaderConfig, { InputType: 'JSONL' }) || !reader.Resource.endsWith(':s3:getObject'))
    throw new Error(`this reader is not supported: ${JSON.stringify(reader)}; add it here`);
  const place = filled(reader.Parameters, input, machine.name);
  const text = (await machine.readObject(String(place.Bucket), String(place.Key))).toString('utf8');
  const items = text.split('\n').filter(line => line !== '');
  const failures: Error[] = [];
  for (const item of items) {
    if (done.has(item)) continue;
    const child = { ...machine, definition: processor };
    const [task] = Object.values(processor.States);
    if (task?.End !== true || Object.keys(processor.States).length > 1)
      throw new Error('a processor of several states');
    refuseUnknown(task);
    try {
      await run(child, task, JSON.parse(item) as Json);
      done.add(item);
    } catch (error) {
      failures.push(error as Error);
      // Then Step Functions ends the Map Run, and does not start the remaining items.
      if ((failures.length * 100) / items.length > tolerated)
        throw new Error(`The specified tolerated failure threshold was exceeded: ${failures[0]?.message}`);
    }
  }
}

function chosen({ Choices = [], Default = '' }: State, data: Json): string {
  return Choices.find(({ Variable, NumericEquals }) => value(Variable, data, '') === NumericEquals)?.Next ?? Default;
}

function filled(template: Json, data: Json, name: string): Json {
  return Object.fromEntries(
    Object.entries(template).map(([key, member]) =>
      key.endsWith('.$') ? [key.slice(0, -2), value(String(member), data, name)] : [key, member],
    ),
  );
}

function value(path: string, data: Json, name: string): unknown {
  if (path === '$') return data;
  if (path === '$$.Execution.Name') return name;
  const [, member] = /^\$\.(\w+)$/.exec(path) ?? [];
  if (member === undefined || !(member in data)) throw new Error(`States.Runtime: nothing is at ${path}`);
  return data[member];
}

function refuseUnknown(state: State): void {
  const known = ['Type', 'Next', 'End', 'Comment', ...(KNOWN[state.Type] ?? [])];
  const unknown = Object.keys(state).filter(key => !known.includes(key));
  if (!(state.Type in KNOWN) || unknown.length > 0)
    throw new Error(`${state.Type} with ${unknown.join(', ')} is not supported; add it here`);
}
