/**
 * What a stage has published to its fleet and readers, and what a deployment would remove. The record is the parameter
 * `/sluice/<stage>/contract`; the guard of a deployment (`infra/aws/handlers/guard.ts`) compares with it.
 */
import type { ColumnType } from '../../contract/config.ts';
import type { Contract } from '../../contract/contract.ts';
import { nearest } from '../../contract/spelling.ts';
import { UserError } from '../../contract/user-error.ts';

/** What others depend on: devices on the topic, readers on the columns, operators on the address. */
export interface PublishedContract {
  topic: string;
  /** By name; measures only, because every table has the other columns. */
  columns: Record<string, ColumnType>;
  alarmEmail?: string;
}

/** Something that a deployment would remove, and the name that confirms it. */
export interface Loss {
  name: string;
  what: string;
}

/** Name of the parameter that records what a stage has published. */
export function contractParameter(stage: string): string {
  return `/sluice/${stage}/contract`;
}

/** What a deployment publishes, from its contract and its stage file. */
export function publishedContract({ topic, columns }: Contract, alarmEmail: string | undefined): PublishedContract {
  return {
    topic,
    columns: Object.fromEntries(columns.map(({ name, type }) => [name, type])),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  };
}

/** The text of the parameter. Columns are a list, because Systems Manager gives double braces a special meaning. */
export function publishedText({ columns, ...rest }: PublishedContract): string {
  return JSON.stringify({ ...rest, columns: Object.entries(columns).map(([name, type]) => `${name} ${type}`) });
}

/** Parses the output of `publishedText`. Throws a `UserError` for any other text. */
export function parsePublished(text: string, stage: string): PublishedContract {
  const value = parseJson(text);
  if (!isPublished(value))
    throw new UserError(
      `Invalid parameter ${contractParameter(stage)}: it does not describe what stage ${stage} has published.`,
      {
        todo: 'Restore it from its history (aws ssm get-parameter-history). Only the guard stack should write it.',
      },
    );
  const { topic, columns, alarmEmail } = value;
  // The guard stack wrote types that a contract has.
  const types = columns.map(column => column.split(' ') as [string, ColumnType]);
  return { topic, columns: Object.fromEntries(types), ...(alarmEmail === undefined ? {} : { alarmEmail }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isPublished(value: unknown): value is { topic: string; columns: string[]; alarmEmail?: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { topic, columns, alarmEmail } = value as Record<string, unknown>;
  const isText = (text: unknown) => typeof text === 'string';
  const listed = Array.isArray(columns) && columns.every(column => isText(column) && /^\w+ \w+$/.test(column));
  return isText(topic) && listed && (alarmEmail === undefined || isText(alarmEmail));
}

/**
 * What `after` removes from `before`: the topic, columns, column types, the alarm address. Additions are not losses.
 */
export function lossesOf(before: PublishedContract, after: PublishedContract): Loss[] {
  const columns = Object.entries(before.columns).flatMap(([name, type]): Loss[] => {
    // A column may be named constructor.
    const now = Object.hasOwn(after.columns, name) ? after.columns[name] : undefined;
    if (now === undefined) return [{ name: `drop-column:${name}`, what: `column ${name} is removed` }];
    return now === type ? [] : [{ name: `change-type:${name}`, what: `column ${name} changes from ${type} to ${now}` }];
  });
  const [was, is] = [before, after].map(({ topic }) => topic.replace('{deviceid}', '+'));
  return [
    ...(was === is
      ? []
      : [{ name: `drop-topic:${was}`, what: `topic ${was} becomes ${is}, and devices on the old topic are refused` }]),
    ...columns,
    ...(before.alarmEmail !== undefined && after.alarmEmail === undefined
      ? [{ name: 'drop-alarm-address', what: `alarms no longer reach ${before.alarmEmail}` }]
      : []),
  ];
}

/** The single loss of a stage whose version of Sluice published only a hash of its contract, if the hash differs. */
export function unknownContract(key: string | undefined): Loss {
  const name = `replace-contract:${key ?? 'unknown'}`;
  return {
    name,
    what: 'another contract is deployed, by a version of Sluice that did not record its topic and columns',
  };
}

const CONFIRMATIONS = [
  'drop-topic:',
  'drop-column:',
  'change-type:',
  'drop-alarm-address',
  'replace-contract:',
] as const;

/**
 * Parses the names in `-c confirm=NAME,NAME`. Throws a `UserError` with exit code 2 for a name that no loss can have.
 */
export function parseConfirmations(text: string): string[] {
  // A topic may contain a comma.
  const names = text
    .split(/,\s*(?=drop-|change-|replace-)/)
    .map(name => name.trim())
    .filter(name => name !== '');
  for (const name of names) {
    const kind = CONFIRMATIONS.find(known => (known.endsWith(':') ? name.startsWith(known) : name === known));
    if (kind !== undefined && (name !== kind || !kind.endsWith(':'))) continue;
    const meant = nearest(name.replace(/:.*/s, ':'), CONFIRMATIONS);
    throw new UserError(`Invalid confirmation '${name}' in -c confirm.`, {
      todo:
        meant === undefined
          ? 'Deploy without it: the refusal prints the name of each change.'
          : `Did you mean ${meant}${meant.endsWith(':') ? 'NAME' : ''}?`,
      exitCode: 2,
    });
  }
  return names;
}

/** Throws a `UserError` that names every unconfirmed loss, and how to confirm them all. */
export function refuseLosses(losses: readonly Loss[], confirmed: readonly string[], stage: string): void {
  const refused = losses.filter(({ name }) => !confirmed.includes(name));
  if (refused.length === 0) return;
  const names = losses.map(({ name }) => name).join(',');
  throw new UserError(
    `Refused to change what stage ${stage} has published: ${refused.map(({ what }) => what).join('; ')}.`,
    {
      todo: `Nothing was changed. Deploy the contract and the settings that the stage has (infra/stages/${stage}.json), or confirm each change: npx cdk deploy --all -c stage=${stage} -c 'confirm=${names}'`,
    },
  );
}
