/** Named queries as one JSON file each, and the deployed ones among them, which are written when the first is asked for. */
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
  /** Whether it was deployed, and goes when the deployment has none of its name. */
  isDeployed?: boolean;
}

/** A query to deploy; `sql` has `?` for its parameters. */
export interface DeployedQuery {
  name: string;
  description: string;
  sql: string;
}

/** A work group that is always there, and the named queries that belong to it. */
export interface Deployed {
  workGroup: string;
  /** In which the queries run. */
  database: string;
  queries: () => Promise<DeployedQuery[]>;
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
  deployed?: Deployed;
}

const NOTHING: Deployed = { workGroup: '', database: '', queries: async () => [] };

const ID = /^[0-9a-f-]{36}$/;
const NAMED_QUERY: RecordKind = {
  members: ['id', 'name', 'sql', 'workGroup'],
  todo: 'Delete it. A deployed query is written again by itself; create any other with CreateNamedQuery.',
};

/**
 * Opens the named queries in `folder`, which need not exist yet. The first use in a process brings the deployed ones to what
 * `deployed` says, as a deployment does on AWS; until then they cost a start nothing.
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

async function deploy({ folder, deployed }: NamedQueriesOptions, file: (id: string) => string) {
  const { workGroup, database, queries } = deployed ?? NOTHING;
  const wanted = (await queries()).map(
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
