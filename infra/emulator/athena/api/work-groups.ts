/** The work groups: `primary`, which every account has, those that are deployed with the catalog, and those that are created. */
import path from 'node:path';
import { createJson, type RecordKind, readAllJson, readJson, removeFile, writeJson } from '../../disk/json-files.ts';
import { type Input, invalid, text } from './request-input.ts';

/** A work group, in the part of its configuration that has an effect here. */
export interface WorkGroup {
  name: string;
  description?: string;
  isDisabled: boolean;
  /** Where results go that name no place of their own, `s3://bucket/prefix`. */
  outputLocation?: string;
  /** Whether queries may not name a place of their own. */
  isEnforced: boolean;
  /** What one query may read, in bytes. */
  cutoffBytes?: number;
  /** Ms since the epoch. */
  createdAt?: number;
}

export interface WorkGroups {
  /** The work group that a request names, `primary` where it names none. Throws where there is none of that name. */
  named(input: Input): Promise<WorkGroup>;
  /** As `named`, for a new query: throws where the work group is disabled. */
  enabled(input: Input): Promise<WorkGroup>;
  /** Names of the work groups that are always there and cannot be deleted. */
  lasting: readonly string[];
  /** The lasting ones first, then by name. */
  list(): Promise<WorkGroup[]>;
  /** False where there is one of that name. */
  create(workGroup: WorkGroup): Promise<boolean>;
  put(workGroup: WorkGroup): Promise<void>;
  delete(name: string): Promise<void>;
}

const NAME = /^[a-zA-Z0-9._-]{1,128}$/;
const WORK_GROUP: RecordKind = { members: ['name'], todo: 'Delete it, and create or set up the work group again.' };

export interface WorkGroupsOptions {
  /** Need not exist yet. */
  folder: string;
  /** Where results of the lasting work groups go, until that is changed. */
  outputLocation: string;
  /** A work group that is always there beside `primary`. */
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

/** The name of the work group that a request names. */
export function workGroupName(input: Input): string {
  return input.WorkGroup === undefined ? 'primary' : text(input, 'WorkGroup');
}

/** A name for a new work group. */
export function newWorkGroupName(input: Input): string {
  const name = text(input, 'Name');
  if (!NAME.test(name)) throw invalid(`WorkGroup name ${name} is not valid`);
  return name;
}

function lasting(name: string, outputLocation: string): WorkGroup {
  return { name, isDisabled: false, outputLocation, isEnforced: false };
}

/** Names count with their case, on file systems too on which that of files does not; none begins with a dot. */
function fileName(name: string): string {
  return name.replaceAll('.', '%2E').replace(/[A-Z]/g, letter => `+${letter.toLowerCase()}`);
}
