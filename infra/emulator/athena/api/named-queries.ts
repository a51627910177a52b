/** Named queries as one JSON file each, and the saved queries among them, which are deployed when the first is asked for. */
import path from 'node:path';
import { createJson, type RecordKind, readAllJson, readJson, removeFile, writeJson } from '../../disk/json-files.ts';
import { uuidOf } from './request-id.ts';

/** A named query (Athena API, `NamedQuery`). */
export interface NamedQuery {
  id: string;
  name: string;
  description?: string;
  database: string;
  sql: string;
  workGroup: string;
  /** Whether it is deployed from Sluice's saved queries, and goes when there is none of its name. */
  isDeployed?: boolean;
}

/** A saved query to deploy; `sql` has `?` for its parameters. */
export interface DeployedQuery {
  name: string;
  description: string;
  sql: string;
}

export interface NamedQueries {
  get(id: string): Promise<NamedQuery | undefined>;
  /** A work group's. */
  list(workGroup: string): Promise<NamedQuery[]>;
  /** False where the id is taken. */
  create(query: NamedQuery): Promise<boolean>;
  put(query: NamedQuery): Promise<void>;
  /** False where there was none. */
  delete(id: string): Promise<boolean>;
}

export interface NamedQueriesOptions {
  folder: string;
  /** Where the deployed ones belong. */
  workGroup: string;
  database: string;
  /** What is to be deployed. */
  saved: () => Promise<DeployedQuery[]>;
}

const ID = /^[0-9a-f-]{36}$/;
const NAMED_QUERY: RecordKind = {
  members: ['id', 'name', 'sql', 'workGroup'],
  todo: 'Delete it: a saved query of the lake is made again by itself, any other by CreateNamedQuery.',
};

/**
 * Opens the named queries in `folder`, which need not exist yet. The first use in a process brings the deployed ones to what
 * `saved` says, as a deployment does on AWS; until then the saved queries cost a start nothing.
 */
export function openNamedQueries(options: NamedQueriesOptions): NamedQueries {
  const { folder } = options;
  const file = (id: string) => path.join(folder, `${id}.json`);
  let deployment: Promise<void> | undefined;
  const deployed = () => {
    deployment ??= deploy(options, file).catch((error: unknown) => {
      deployment = undefined;
      throw error;
    });
    return deployment;
  };
  return {
    get: async id => {
      await deployed();
      return ID.test(id) ? readJson<NamedQuery>(file(id), NAMED_QUERY) : undefined;
    },
    list: async workGroup => {
      await deployed();
      return (await readAllJson<NamedQuery>(folder, NAMED_QUERY)).filter(query => query.workGroup === workGroup);
    },
    create: async query => {
      await deployed();
      return createJson(file(query.id), query);
    },
    put: query => writeJson(file(query.id), query),
    delete: async id => ID.test(id) && removeFile(file(id)),
  };
}

async function deploy({ folder, workGroup, database, saved }: NamedQueriesOptions, file: (id: string) => string) {
  const wanted = (await saved()).map(
    ({ name, description, sql }): NamedQuery => ({
      id: uuidOf(`saved query ${workGroup}/${name}`),
      name,
      description,
      database,
      sql,
      workGroup,
      isDeployed: true,
    }),
  );
  const there = await readAllJson<NamedQuery>(folder, NAMED_QUERY);
  for (const query of wanted) {
    const old = there.find(({ id }) => id === query.id);
    if (old === undefined || JSON.stringify(old) !== JSON.stringify(query)) await writeJson(file(query.id), query);
  }
  for (const { id, isDeployed } of there)
    if (isDeployed === true && !wanted.some(query => query.id === id)) await removeFile(file(id));
}
