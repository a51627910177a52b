/**
 * The work groups: `primary`, which every account has, the one deployed with the catalog, and those created by clients.
 */
import path from 'node:path';
import { createJson, type RecordKind, readAllJson, readJson, removeFile, writeJson } from '../../disk/json-files.ts';
import { type Input, invalid, text } from './request-input.ts';

/** A work group, with the settings that take effect locally. */
export interface WorkGroup {
  name: string;
  description?: string;
  isDisabled: boolean;
  /** Default location of results, `s3://bucket/prefix`. */
  outputLocation?: string;
  /** Whether `outputLocation` overrides the location in a query. */
  isEnforced: boolean;
  /** Limit on the bytes that one query may scan. */
  cutoffBytes?: number;
  /** Ms since the epoch. */
  createdAt?: number;
}

export interface WorkGroups {
  /** The work group that a request names, by default `primary`. Throws if it does not exist. */
  named(input: Input): Promise<WorkGroup>;
  /** Like `named`, for a new query: also throws if the work group is disabled. */
  enabled(input: Input): Promise<WorkGroup>;
  /** Names of the permanent work groups, which always exist and cannot be deleted. */
  lasting: readonly string[];
  /** Permanent work groups first, then the others by name. */
  list(): Promise<WorkGroup[]>;
  /** False if the name is taken. */
  create(workGroup: WorkGroup): Promise<boolean>;
  put(workGroup: WorkGroup): Promise<void>;
  delete(name: string): Promise<void>;
}

const NAME = /^[a-zA-Z0-9._-]{1,128}$/;
const WORK_GROUP: RecordKind = { members: ['name'], todo: 'Delete it, then create or configure the work group again.' };

export interface WorkGroupsOptions {
  /** Need not exist yet. */
  folder: string;
  /** Initial result location of the permanent work groups. */
  outputLocation: string;
  /** A permanent work group in addition to `primary`. */
  deployed: string | undefined;
}

/** Opens the work groups in a folder. */
export function openWorkGroups({ folder, outputLocation, deployed }: WorkGroupsOptions): WorkGroups {
  const names = deployed === undefined ? ['primary'] : [deployed, 'primary'];
  const file = (name: string) => path.join(folder, `${fileName(name)}.json`);
  const find = async (name: string): Promise<WorkGroup | undefined> => {
    const kept = NAME.test(name) ? await readJson<WorkGroup>(file(name), WORK_GROUP) : undefined;
    return kept ?? (names.includes(name) ? lasting(name, outputLocation) : undefined);
  };
  const named = async (input: Input): Promise<WorkGroup> => {
    const name = workGroupName(input);
    const found = await find(name);
    if (found === undefined) throw invalid(`WorkGroup ${name} is not found.`);
    return found;
  };
  return {
    lasting: names,
    named,
    enabled: async input => {
      const workGroup = await named(input);
      if (workGroup.isDisabled) throw invalid(`WorkGroup ${workGroup.name} is disabled.`);
      return workGroup;
    },
    list: async () => {
      const kept = await readAllJson<WorkGroup>(folder, WORK_GROUP);
      const all = new Set([...names, ...kept.map(({ name }) => name).sort()]);
      return [...all].map(name => kept.find(group => group.name === name) ?? lasting(name, outputLocation));
    },
    create: workGroup => createJson(file(workGroup.name), workGroup),
    put: workGroup => writeJson(file(workGroup.name), workGroup),
    delete: async name => void (await removeFile(file(name))),
  };
}

/** The work group name in a request, by default `primary`. */
export function workGroupName(input: Input): string {
  return input.WorkGroup === undefined ? 'primary' : text(input, 'WorkGroup');
}

/** The name in a request to create a work group. Throws if it is invalid. */
export function newWorkGroupName(input: Input): string {
  const name = text(input, 'Name');
  if (!NAME.test(name)) throw invalid(`WorkGroup name ${name} is not valid`);
  return name;
}

function lasting(name: string, outputLocation: string): WorkGroup {
  return { name, isDisabled: false, outputLocation, isEnforced: false };
}

/** A file name for a case-sensitive name, safe on case-insensitive file systems. Never starts with a dot. */
function fileName(name: string): string {
  return name.replaceAll('.', '%2E').replace(/[A-Z]/g, letter => `+${letter.toLowerCase()}`);
}
