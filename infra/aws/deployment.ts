/** The inputs of the stacks: the contract, the saved queries, and the stage file. */
import path from 'node:path';
import { RemovalPolicy, type StackProps } from 'aws-cdk-lib';
import type { Contract } from '../../contract/contract.ts';
import { loadContract } from '../../contract/load.ts';
import { packageFile } from '../../contract/package-root.ts';
import { nearest } from '../../contract/spelling.ts';
import { UserError } from '../../contract/user-error.ts';
import { loadCatalog, type NamedQuery, namedQueries } from '../../queries/saved-queries.ts';
import type { HandlerName } from '../settings.ts';
import { bundleHandler } from './bundle.ts';
import { type PublishedContract, parseConfirmations, publishedContract } from './published-contract.ts';
import { DEFAULT_STAGE, isStage } from './published-deployment.ts';
import { readStageFile, STAGE_SETTINGS, type StageFile } from './stage-file.ts';

/** One deployment of Sluice; several stages may share an account and a region. */
export interface Deployment {
  stage: string;
  contract: Contract;
  /** What the fleet and the readers depend on; the guard stack refuses to remove it. */
  published: PublishedContract;
  /** Names of the losses that this deployment may cause anyway. */
  confirmed: string[];
  /** Bundles a handler with the contract into its own folder below `parent`, and returns that folder. */
  bundle: (handler: HandlerName, parent: string) => string;
  queries: NamedQuery[];
  settings: DeploymentSettings;
  names: DeploymentNames;
}

/** The settings of the stage file, besides the contract. */
export interface DeploymentSettings extends Omit<StageFile, 'contract' | 'account' | 'region'> {
  /** If undefined, the stacks use the account and region of the deployer. */
  env: { account: string; region: string } | undefined;
}

/** Names known before the deployment; CloudFormation names the buckets. */
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

type Context = Readonly<Record<string, unknown>>;

/** Sluice's context keys (`-c key=value`); everything else is in the stage file. */
export const CONTEXT_KEYS = ['stage', 'stages', 'confirm'] as const;

/** Folder of the stage files, relative to the root of the checkout. */
export const STAGES_FOLDER = 'infra/stages';

/**
 * Reads the context of the CDK app, and the stage file that it names. Throws a `UserError` for a stage without a file,
 * for a setting that belongs in the file, for a misspelt context key, and for a contract that cannot be loaded.
 */
export async function readDeployment(context: Context): Promise<Deployment> {
  const stage = text(context, 'stage') ?? DEFAULT_STAGE;
  if (!isStage(stage))
    throw new UserError(
      `Invalid stage name '${stage}': use 1-16 lowercase letters or digits, starting with a letter.`,
      {
        todo: 'Name a stage with -c stage=NAME.',
        exitCode: 2,
      },
    );
  const folder = text(context, 'stages') ?? STAGES_FOLDER;
  checkKeys(context, `${folder}/${stage}.json`);
  const confirmed = parseConfirmations(text(context, 'confirm') ?? '');
  return deploymentOf(stage, readStageFile(stage, folder), confirmed);
}

/** The deployment of a stage from its settings. Throws a `UserError` for a contract that cannot be loaded. */
export async function deploymentOf(
  stage: string,
  { contract: config, account, region, ...settings }: StageFile,
  confirmed: string[] = [],
): Promise<Deployment> {
  const { contract, file } = await loadContract(path.resolve(packageFile(), config));
  return {
    stage,
    contract,
    published: publishedContract(contract, settings.alarmEmail),
    confirmed,
    bundle: (handler, parent) => bundleHandler(handler, file, parent).folder,
    queries: namedQueries(await loadCatalog()),
    // The stage file has both or neither.
    settings: { ...settings, env: account === undefined || region === undefined ? undefined : { account, region } },
    names: namesOf(stage),
  };
}

/** The options shared by all stacks of a deployment. */
export function stackProps({ stage, settings }: Deployment, room: string, description: string): StackProps {
  return {
    stackName: `sluice-${stage}-${room}`,
    description: `Sluice (${stage}): ${description}`,
    ...(settings.env === undefined ? {} : { env: settings.env }),
  };
}

/**
 * What happens to data when its resource leaves the stacks. The data stays, unless `removeData` is set. A resource
 * whose first deployment fails is rolled back with it: it holds nothing yet, and its name would stay taken.
 */
export function removalPolicy({ settings }: Deployment): RemovalPolicy {
  return settings.removeData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}

/** Glue and IoT rules allow `_` but not `-`; `-` is more readable everywhere else. */
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

/** Other keys belong to the CDK, so only a key that resembles ours is a mistake. */
function checkKeys(context: Context, file: string): void {
  for (const key of Object.keys(context)) {
    if ((CONTEXT_KEYS as readonly string[]).includes(key)) continue;
    const ours = [...CONTEXT_KEYS, ...STAGE_SETTINGS];
    const respelt = ours.find(known => plain(known) === plain(key));
    if (respelt === undefined && /[@:/-]/.test(key)) continue;
    const setting = key === 'config' ? 'contract' : key;
    if ((STAGE_SETTINGS as readonly string[]).includes(setting))
      throw new UserError(`-c ${key} is refused: ${setting} is a setting of the stage, not of one deployment.`, {
        todo: `Write "${setting}" in ${file}.`,
        exitCode: 2,
      });
    const meant = respelt ?? nearest(key, ours);
    if (meant === undefined) continue;
    throw new UserError(`Unknown context key '${key}'.`, { todo: `Did you mean ${meant}?`, exitCode: 2 });
  }
}

/** A key without case and hyphens. */
function plain(key: string): string {
  return key.replace(/[-_]/g, '').toLowerCase();
}

/** A value from the command line is a string; an empty one comes from an unset variable. */
function text(context: Context, key: (typeof CONTEXT_KEYS)[number]): string | undefined {
  const value = context[key];
  if (value === undefined || (key === 'confirm' && value === '')) return undefined;
  if (value === '')
    throw new UserError(`Empty context value: -c ${key}=.`, {
      todo: 'Give it a value, or leave it out.',
      exitCode: 2,
    });
  if (typeof value === 'string') return value;
  throw new UserError(`Invalid context value for ${key}: ${JSON.stringify(value)} is not a string.`, {
    todo: `Give it as -c ${key}=VALUE.`,
    exitCode: 2,
  });
}
