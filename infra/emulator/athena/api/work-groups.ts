/** The work groups: `sluice`, which the deployed stack has too, `primary`, which every account has, and those that are made. */
import path from 'node:path';
import { LOCAL_NAMES } from '../../../../contract/lake.ts';
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
  /** The two that are always there first, then by name. */
  list(): Promise<WorkGroup[]>;
  /** False where there is one of that name. */
  create(workGroup: WorkGroup): Promise<boolean>;
  put(workGroup: WorkGroup): Promise<void>;
  delete(name: string): Promise<void>;
}

/** Work groups that cannot be deleted. */
export const LASTING_WORK_GROUPS: readonly string[] = [LOCAL_NAMES.workGroup, 'primary'];

const NAME = /^[a-zA-Z0-9._-]{1,128}$/;
const WORK_GROUP: RecordKind = { members: ['name'], todo: 'Delete it, and create or set up the work group again.' };

/** Opens the work groups in `folder`, which need not exist yet. `outputLocation` is that of the two lasting ones, until it is changed. */
export function openWorkGroups(folder: string, outputLocation: string): WorkGroups {
  const file = (name: string) => path.join(folder, `${fileName(name)}.json`);
  const find = async (name: string): Promise<WorkGroup | undefined> => {
    const kept = NAME.test(name) ? await readJson<WorkGroup>(file(name), WORK_GROUP) : undefined;
    return kept ?? (LASTING_WORK_GROUPS.includes(name) ? lasting(name, outputLocation) : undefined);
  };
  const named = async (input: Input): Promise<WorkGroup> => {
    const name = workGroupName(input);
    const found = await find(name);
    if (found === undefined) throw invalid(`WorkGroup ${name} is not found.`);
    return found;
  };
  return {
    named,
    enabled: async input => {
      const workGroup = await named(input);
      if (workGroup.isDisabled) throw invalid(`WorkGroup ${workGroup.name} is disabled.`);
      return workGroup;
    },
    list: async () => {
      const kept = await readAllJson<WorkGroup>(folder, WORK_GROUP);
      const names = new Set([...LASTING_WORK_GROUPS, ...kept.map(({ name }) => name).sort()]);
      return [...names].map(name => kept.find(group => group.name === name) ?? lasting(name, outputLocation));
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
