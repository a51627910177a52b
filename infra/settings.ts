/** The only file that reads the environment. Each reader reports everything that is missing at once. */

import type { LakeNames } from '../contract/lake.ts';
import { UserError } from '../contract/user-error.ts';
import { DEFAULT_STAGE } from './aws/published-deployment.ts';

type Environment = Record<string, string | undefined>;

/** The variables by which a stack passes names to its functions. */
const VARIABLES = {
  stage: 'SLUICE_STAGE',
  timezone: 'SLUICE_TIMEZONE',
  corsOrigins: 'SLUICE_CORS_ORIGINS',
  bucket: 'SLUICE_BUCKET',
  database: 'SLUICE_DATABASE',
  workGroup: 'SLUICE_WORK_GROUP',
  resultsLocation: 'SLUICE_RESULTS_LOCATION',
  hotTable: 'SLUICE_HOT_TABLE',
  stream: 'SLUICE_STREAM',
  deliveryStream: 'SLUICE_DELIVERY_STREAM',
} as const satisfies Record<keyof LakeNames | 'stage' | 'timezone' | 'corsOrigins', string>;

/** Settings of functions: the lake's names, the stage, the reports' IANA zone, the CORS origins (comma-separated). */
export type Setting = keyof typeof VARIABLES;

/** The settings that each function on AWS Lambda needs, by its file name in `infra/aws/handlers/`. */
export const HANDLER_SETTINGS = {
  guard: ['stage'],
  transform: ['stage'],
  consume: ['hotTable'],
  api: ['hotTable', 'corsOrigins'],
  report: ['bucket', 'database', 'workGroup', 'resultsLocation', 'timezone'],
  'backfill-plan': ['bucket'],
  'backfill-work': ['bucket'],
  'backfill-publish': ['bucket'],
} as const satisfies Record<string, readonly Setting[]>;

/** A function of Sluice on AWS Lambda. */
export type HandlerName = keyof typeof HANDLER_SETTINGS;

/** The settings of one function, and the region that it runs in. */
export type HandlerSettings<Name extends HandlerName> = Record<
  (typeof HANDLER_SETTINGS)[Name][number] | 'region',
  string
>;

/** Settings that may be empty: an API that serves no other origin. */
const MAY_BE_EMPTY: readonly Setting[] = ['corsOrigins'];

/** The environment variables of a function, for the stack that creates it. */
export function handlerEnvironment<Name extends HandlerName>(
  handler: Name,
  settings: Omit<HandlerSettings<Name>, 'region'>,
): Record<string, string> {
  const values: Partial<Record<Setting, string>> = settings;
  return Object.fromEntries(HANDLER_SETTINGS[handler].map(name => [VARIABLES[name], values[name] ?? '']));
}

/** Reads the settings of a function on AWS Lambda; throws a `UserError` that names every missing variable. */
export function handlerSettings<Name extends HandlerName>(
  handler: Name,
  env: Environment = process.env,
): HandlerSettings<Name> {
  const wanted: readonly Setting[] = HANDLER_SETTINGS[handler];
  const isMissing = (name: Setting) =>
    MAY_BE_EMPTY.includes(name) ? env[VARIABLES[name]] === undefined : !env[VARIABLES[name]];
  const missing = [...(env.AWS_REGION ? [] : ['AWS_REGION']), ...wanted.filter(isMissing).map(name => VARIABLES[name])];
  if (missing.length > 0)
    throw new UserError(`Missing environment variables: ${missing.join(', ')}.`, { todo: 'Set them on the function.' });
  const settings = { region: env.AWS_REGION, ...Object.fromEntries(wanted.map(name => [name, env[VARIABLES[name]]])) };
  // The check above found every name.
  return settings as HandlerSettings<Name>;
}

/** The command's defaults: `SLUICE_DATA` for --data, `SLUICE_CONFIG` for --config, `SLUICE_STAGE` for --stage. */
export function commandSettings(env: Environment = process.env): {
  data: string;
  config: string | undefined;
  stage: string;
} {
  const { SLUICE_DATA, SLUICE_CONFIG, SLUICE_STAGE } = env;
  return { data: SLUICE_DATA || '.sluice', config: SLUICE_CONFIG || undefined, stage: SLUICE_STAGE || DEFAULT_STAGE };
}

/**
 * Minutes that the local Athena lets a query run: Athena's 30, or `SLUICE_QUERY_MINUTES`, up to the maximum that AWS
 * grants.
 */
export function queryMinutes(env: Environment = process.env): number {
  const text = env.SLUICE_QUERY_MINUTES || '30';
  const minutes = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (minutes >= 1 && minutes <= 240) return minutes;
  throw new UserError(`Invalid SLUICE_QUERY_MINUTES '${text}'.`, { todo: 'Set it to a whole number from 1 to 240.' });
}

/**
 * The endpoint that the environment sets for a service of the SDK (`SSM`), instead of AWS; undefined if there is none.
 */
export function sdkEndpoint(service: string, env: Environment = process.env): string | undefined {
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL || undefined;
}

/**
 * Stops the AWS SDK from announcing, in every command on Node 20, that future versions need Node 22: the versions here
 * are pinned. If the variable is already set, it stays.
 */
export function quietSdkNotice(env: Environment = process.env): void {
  env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}
