/** CreateWorkGroup, GetWorkGroup, ListWorkGroups, UpdateWorkGroup, DeleteWorkGroup and ListEngineVersions. */
import type { JsonService } from '../../wire/json-service.ts';
import type { PreparedStatements } from '../catalog/prepared-statements.ts';
import type { Executions } from './executions.ts';
import type { NamedQueries } from './named-queries.ts';
import { flag, type Input, integer, invalid, optionalText, paged, structure } from './request-input.ts';
import { resultConfiguration, resultFile } from './result-location.ts';
import { newWorkGroupName, type WorkGroup, type WorkGroups } from './work-groups.ts';

export interface WorkGroupContext {
  workGroups: WorkGroups;
  executions: Executions;
  namedQueries: NamedQueries;
  prepared: PreparedStatements;
  s3Root: string;
  now: () => number;
}

const ENGINE = 'Athena engine version 3';

/** What a configuration may say here; the rest would have no effect, and is refused by name. */
const KNOWN = ['ResultConfiguration', 'EnforceWorkGroupConfiguration', 'BytesScannedCutoffPerQuery', 'EngineVersion'];
const KNOWN_UPDATES = [
  'ResultConfigurationUpdates',
  'EnforceWorkGroupConfiguration',
  'BytesScannedCutoffPerQuery',
  'RemoveBytesScannedCutoffPerQuery',
  'EngineVersion',
];
/** What may be said of these is that they are off. */
const OFF = ['PublishCloudWatchMetricsEnabled', 'RequesterPaysEnabled'];

export function workGroupOperations(context: WorkGroupContext): JsonService['operations'] {
  const { workGroups, now } = context;
  return {
    CreateWorkGroup: async (input: Input) => {
      const name = newWorkGroupName(input);
      if (Array.isArray(input.Tags) && input.Tags.length > 0) throw invalid("Sluice's local Athena keeps no Tags.");
      const configuration = structure(input, 'Configuration');
      onlyKnown(configuration, KNOWN);
      const created = withConfiguration({ name, isDisabled: false, isEnforced: true, createdAt: now() }, configuration);
      const location = resultConfiguration(structure(configuration, 'ResultConfiguration'));
      const workGroup = { ...withDescription(created, input), ...(location && { outputLocation: location }) };
      checkLocation(workGroup, context);
      const isTaken = workGroups.lasting.includes(name) || !(await workGroups.create(workGroup));
      if (isTaken) throw invalid('WorkGroup is already created');
      return {};
    },
    GetWorkGroup: async (input: Input) => ({ WorkGroup: describe(await workGroups.named(input)) }),
    ListWorkGroups: async (input: Input) => {
      const all = (await workGroups.list()).map((workGroup, index) => ({ workGroup, index }));
      const { page, next } = paged(all, ({ workGroup, index }) => listKey(workGroup, index, workGroups.lasting), input);
      return { WorkGroups: page.map(({ workGroup }) => summary(workGroup)), ...next };
    },
    UpdateWorkGroup: async (input: Input) => {
      const updates = structure(input, 'ConfigurationUpdates');
      onlyKnown(updates, KNOWN_UPDATES);
      const old = await workGroups.named(input);
      const workGroup = withUpdates(withDescription(old, input), updates, input.State);
      checkLocation(workGroup, context);
      await workGroups.put(workGroup);
      return {};
    },
    DeleteWorkGroup: async (input: Input) => {
      const { name } = await workGroups.named(input);
      if (workGroups.lasting.includes(name)) throw invalid(`WorkGroup ${name} cannot be deleted`);
      await removeContent(name, flag(input, 'RecursiveDeleteOption') === true, context);
      await workGroups.delete(name);
      return {};
    },
    ListEngineVersions: async () => ({
      EngineVersions: [
        { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: ENGINE },
        { SelectedEngineVersion: ENGINE, EffectiveEngineVersion: ENGINE },
      ],
    }),
  };
}

/** A key that keeps the list's own order: the lasting ones, then by name. */
function listKey({ name }: WorkGroup, index: number, lasting: readonly string[]): string {
  return lasting.includes(name) ? `0${index}` : `1${name}`;
}

function onlyKnown(configuration: Input, known: readonly string[]): void {
  for (const [member, value] of Object.entries(configuration)) {
    const isOff = OFF.includes(member) && value === false;
    if (value !== undefined && value !== null && !known.includes(member) && !isOff)
      throw invalid(
        `Sluice's local Athena does not apply ${member}${OFF.includes(member) ? '; set it to false' : ''}.`,
      );
  }
  const version = structure(configuration, 'EngineVersion').SelectedEngineVersion ?? 'AUTO';
  if (version !== 'AUTO' && version !== ENGINE)
    throw invalid(`There is no engine ${String(version)} here, only ${ENGINE}`);
}

function withDescription(workGroup: WorkGroup, input: Input): WorkGroup {
  const description = optionalText(input, 'Description', 1_024);
  return { ...workGroup, ...(description !== undefined && { description }) };
}

/** Athena's lowest limit of what a query may read. */
const MIN_CUTOFF_BYTES = 10_000_000;

function withConfiguration(workGroup: WorkGroup, configuration: Input): WorkGroup {
  const isEnforced = flag(configuration, 'EnforceWorkGroupConfiguration') ?? workGroup.isEnforced;
  const bounds = { min: MIN_CUTOFF_BYTES, max: Number.MAX_SAFE_INTEGER, absent: MIN_CUTOFF_BYTES };
  const given = configuration.BytesScannedCutoffPerQuery ?? undefined;
  const cutoff =
    given === undefined ? workGroup.cutoffBytes : integer(configuration, 'BytesScannedCutoffPerQuery', bounds);
  return { ...workGroup, isEnforced, ...(cutoff !== undefined && { cutoffBytes: cutoff }) };
}

function withUpdates(old: WorkGroup, updates: Input, state: unknown): WorkGroup {
  if (state !== undefined && state !== 'ENABLED' && state !== 'DISABLED')
    throw invalid(`State ${String(state)} is not valid`);
  const { RemoveOutputLocation, ...result } = structure(updates, 'ResultConfigurationUpdates');
  const location = resultConfiguration(result);
  const { cutoffBytes, outputLocation, ...rest } = withConfiguration(old, updates);
  const isUnlimited = flag(updates, 'RemoveBytesScannedCutoffPerQuery') === true;
  const kept = RemoveOutputLocation === true ? undefined : (location ?? outputLocation);
  return {
    ...rest,
    isDisabled: state === undefined ? old.isDisabled : state === 'DISABLED',
    ...(cutoffBytes !== undefined && !isUnlimited && { cutoffBytes }),
    ...(kept !== undefined && { outputLocation: kept }),
  };
}

function checkLocation({ outputLocation }: WorkGroup, { s3Root }: WorkGroupContext): void {
  if (outputLocation !== undefined) resultFile(`${outputLocation.replace(/\/?$/, '/')}x`, s3Root);
}

async function removeContent(name: string, isRecursive: boolean, context: WorkGroupContext): Promise<void> {
  const queries = (await context.namedQueries.list(name)).map(({ id }) => id);
  const statements = await context.prepared.list(name);
  const isUsed = queries.length > 0 || statements.length > 0 || (await context.executions.isUsed(name));
  if (isUsed && !isRecursive) throw invalid(`WorkGroup ${name} is not empty`);
  for (const id of queries) await context.namedQueries.delete(id);
  for (const statement of statements) await context.prepared.delete(name, statement.name);
}

function summary({ name, description, isDisabled, createdAt }: WorkGroup) {
  return {
    Name: name,
    State: isDisabled ? 'DISABLED' : 'ENABLED',
    ...(description !== undefined && { Description: description }),
    ...(createdAt !== undefined && { CreationTime: createdAt / 1000 }),
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: ENGINE },
  };
}

function describe(workGroup: WorkGroup) {
  const { EngineVersion, ...rest } = summary(workGroup);
  const { outputLocation, isEnforced, cutoffBytes } = workGroup;
  return {
    ...rest,
    Configuration: {
      ResultConfiguration: { ...(outputLocation !== undefined && { OutputLocation: outputLocation }) },
      EnforceWorkGroupConfiguration: isEnforced,
      PublishCloudWatchMetricsEnabled: false,
      ...(cutoffBytes !== undefined && { BytesScannedCutoffPerQuery: cutoffBytes }),
      RequesterPaysEnabled: false,
      EngineVersion,
    },
  };
}
