/** What the stacks are made from: the contract, the saved queries, and the settings of one stage. */
import { RemovalPolicy, type StackProps } from 'aws-cdk-lib';
import type { Contract } from '../../contract/contract.ts';
import { DEFAULT_STAGE, isStage } from '../../contract/deployment.ts';
import { loadContract } from '../../contract/load.ts';
import type { HandlerName } from '../../contract/settings.ts';
import { nearest } from '../../contract/spelling.ts';
import { isTimeZone } from '../../contract/time.ts';
import { UserError } from '../../contract/user-error.ts';
import { loadCatalog, type NamedQuery, namedQueries } from '../../queries/catalog.ts';
import { bundleHandler } from './bundle.ts';

/** One deployment of Sluice; several stages may share an account and a region. */
export interface Deployment {
  stage: string;
  contract: Contract;
  /** Bundles a handler with the contract into a folder of its own below `parent`; gives that folder. */
  bundle: (handler: HandlerName, parent: string) => string;
  queries: NamedQuery[];
  settings: DeploymentSettings;
  names: DeploymentNames;
}

/** What the context (`-c key=value`, or `context` in cdk.json) decides. */
export interface DeploymentSettings {
  /** IANA zone of the daily report's days. */
  timezone: string;
  /** Where alarms are sent; without it the topic has no subscription. */
  alarmEmail: string | undefined;
  /** Origins that a browser may call the API from, such as `https://example.com`. */
  corsOrigins: string[];
  /** What one Athena query may scan, in GB (10^9 bytes). */
  scanLimitGb: number;
  /** Buckets, beside the lake's own, that a backfill on AWS may read. */
  backfillSources: string[];
  /** How many batches a backfill reads at a time, each by a function of its own. */
  backfillWorkers: number;
  /** Whether destroying the stacks removes the data too. */
  removeData: boolean;
  /** Without it the stacks go to the account and region of whoever deploys. */
  env: { account: string; region: string } | undefined;
}

/** Names that are known before the deployment; buckets get theirs from CloudFormation. */
export interface DeploymentNames {
  database: string;
  workGroup: string;
  stream: string;
  deliveryStream: string;
  hotTable: string;
  topicRule: string;
  devicePolicy: string;
  provisioningTemplate: string;
  backfill: string;
}

/** The names are in a policy of the functions, of which IAM takes 6,144 characters: more fail in the middle of a deployment. */
const MOST_SOURCES = 20;

type Context = Readonly<Record<string, unknown>>;

/** The keys of the context that are ours. */
export const CONTEXT_KEYS = [
  ...['stage', 'config', 'timezone', 'alarmEmail', 'corsOrigins', 'scanLimitGb', 'removeData'],
  ...['backfillSources', 'backfillWorkers', 'account', 'region'],
] as const;

/**
 * Reads the context of the CDK app. Throws a `UserError` for a value that makes no sense, for a key that is a misspelt one
 * of ours, and for a contract that cannot be loaded.
 */
export async function readDeployment(context: Context): Promise<Deployment> {
  checkKeys(context);
  const stage = text(context, 'stage') ?? DEFAULT_STAGE;
  if (!isStage(stage)) throw wrong('stage', stage, 'must be 1 to 16 lower-case letters and digits, a letter first');
  const settings: DeploymentSettings = {
    timezone: readTimezone(context),
    alarmEmail: readEmail(context),
    corsOrigins: readOrigins(context),
    scanLimitGb: readScanLimit(context),
    backfillSources: readBuckets(context),
    backfillWorkers: readWorkers(context),
    removeData: readSwitch(context, 'removeData'),
    env: readEnv(context),
  };
  const { contract, file } = await loadContract(text(context, 'config'));
  return {
    stage,
    contract,
    bundle: (handler, parent) => bundleHandler(handler, file, parent).folder,
    queries: namedQueries(await loadCatalog()),
    settings,
    names: namesOf(stage),
  };
}

/** The options that every stack of a deployment shares. */
export function stackProps({ stage, settings }: Deployment, room: string, description: string): StackProps {
  return {
    stackName: `sluice-${stage}-${room}`,
    description: `Sluice (${stage}): ${description}`,
    ...(settings.env === undefined ? {} : { env: settings.env }),
  };
}

/**
 * What happens to data when its resource leaves the stacks. It stays, unless `removeData` says otherwise; but a resource whose
 * very first deployment fails is rolled back with it, since it holds nothing yet and its name would be taken.
 */
export function removalPolicy({ settings }: Deployment): RemovalPolicy {
  return settings.removeData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}

/** Glue and IoT rules take `_` and no `-`; everything else is read more easily with `-`. */
function namesOf(stage: string): DeploymentNames {
  return {
    database: `sluice_${stage}`,
    workGroup: `sluice-${stage}`,
    stream: `sluice-${stage}-readings`,
    deliveryStream: `sluice-${stage}-delivery`,
    hotTable: `sluice-${stage}-hot`,
    topicRule: `sluice_${stage}_readings`,
    devicePolicy: `sluice-${stage}-device`,
    provisioningTemplate: `sluice-${stage}-devices`,
    backfill: `sluice-${stage}-backfill`,
  };
}

/** Other keys belong to the CDK, so that only one that looks like ours is a mistake. */
function checkKeys(context: Context): void {
  for (const key of Object.keys(context)) {
    if ((CONTEXT_KEYS as readonly string[]).includes(key) || /[@:/-]/.test(key)) continue;
    const meant = nearest(key, CONTEXT_KEYS);
    if (meant === undefined) continue;
    throw new UserError(`The context '${key}' is not known.`, { todo: `Did you mean ${meant}?`, exitCode: 2 });
  }
}

function readTimezone(context: Context): string {
  const timezone = text(context, 'timezone') ?? 'UTC';
  if (!isTimeZone(timezone)) throw wrong('timezone', timezone, 'must be an IANA time zone, such as Europe/Berlin');
  return timezone;
}

function readEmail(context: Context): string | undefined {
  const email = text(context, 'alarmEmail');
  if (email !== undefined && !/^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(email))
    throw wrong('alarmEmail', email, 'must be one e-mail address');
  return email;
}

function readOrigins(context: Context): string[] {
  const origins = (text(context, 'corsOrigins') ?? '').split(',').filter(origin => origin !== '');
  for (const origin of origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw wrong(
        'corsOrigins',
        origin,
        'must be origins such as https://example.com, with commas between; no * either',
      );
  return origins;
}

/** Athena takes no limit below 10 MB, which is also the least that it charges a query. */
function readScanLimit(context: Context): number {
  const written = text(context, 'scanLimitGb') ?? '100';
  const limit = Number(written);
  if (!(limit >= 0.01 && limit <= 1_000_000))
    throw wrong('scanLimitGb', written, 'must be a number of GB from 0.01 on');
  return limit;
}

function readBuckets(context: Context): string[] {
  const buckets = (text(context, 'backfillSources') ?? '').split(',').filter(bucket => bucket !== '');
  for (const bucket of buckets)
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
      throw wrong('backfillSources', bucket, 'must be names of buckets, with commas between');
  if (buckets.length > MOST_SOURCES)
    throw wrong(
      'backfillSources',
      `${buckets.length} buckets`,
      `must be at most ${MOST_SOURCES} buckets; deploy again for others`,
    );
  return buckets;
}

/**
 * The live path's functions share the account's concurrent executions with a backfill, and accounts start with 10: half of
 * those is the default.
 */
function readWorkers(context: Context): number {
  const written = text(context, 'backfillWorkers') ?? '5';
  const workers = Number(written);
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= 1_000))
    throw wrong('backfillWorkers', written, 'must be a whole number from 1 to 1000');
  return workers;
}

function readSwitch(context: Context, key: 'removeData'): boolean {
  const written = text(context, key) ?? 'false';
  if (written !== 'true' && written !== 'false') throw wrong(key, written, 'must be true or false');
  return written === 'true';
}

function readEnv(context: Context): DeploymentSettings['env'] {
  const [account, region] = [text(context, 'account'), text(context, 'region')];
  if (account === undefined && region === undefined) return undefined;
  if (account === undefined || !/^\d{12}$/.test(account))
    throw wrong('account', account ?? '', 'must be the 12 digits of an account, beside a region');
  if (region === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw wrong('region', region ?? '', 'must be a region such as eu-central-1, beside an account');
  return { account, region };
}

/** A value from the command line is a text; one from cdk.json may be a number or a boolean. An empty one is none. */
function text(context: Context, key: (typeof CONTEXT_KEYS)[number]): string | undefined {
  const value = context[key];
  if (value === undefined || value === '') return undefined;
  if (!['string', 'number', 'boolean'].includes(typeof value))
    throw wrong(key, JSON.stringify(value), 'must be one value');
  return String(value);
}

function wrong(key: (typeof CONTEXT_KEYS)[number], value: string, rule: string): UserError {
  return new UserError(`The context ${key} is '${value}'; it ${rule}.`, {
    todo: `Give it as -c ${key}=VALUE, or in cdk.json.`,
    exitCode: 2,
  });
}
