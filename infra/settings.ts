/** The one place that reads the environment. Each reader reports everything that is missing at once. */

import type { LakeNames } from '../contract/lake.ts';
import { UserError } from '../contract/user-error.ts';
import { DEFAULT_STAGE } from './aws/published-deployment.ts';

type Environment = Record<string, string | undefined>;

/** The variables by which a stack tells its functions what things are called. */
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

/** What a function may be told: the lake's names, the stage, the reports' IANA zone, the origins of CORS (comma between). */
export type Setting = keyof typeof VARIABLES;

/** What each function on AWS Lambda has to be told, by the name of its file in `infra/aws/handlers/`. */
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

/** The environment variables of a function, for the stack that makes it. */
export function handlerEnvironment<Name extends HandlerName>(
  handler: Name,
  settings: Omit<HandlerSettings<Name>, 'region'>,
): Record<string, string> {
  const values: Partial<Record<Setting, string>> = settings;
  return Object.fromEntries(HANDLER_SETTINGS[handler].map(name => [VARIABLES[name], values[name] ?? '']));
}

/** What a function on AWS Lambda was told; throws a `UserError` that names every variable that is missing. */
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
  // Each wanted name was just found.
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

/** How many minutes the local Athena lets a query run: Athena's 30, or `SLUICE_QUERY_MINUTES`, up to what AWS raises them to. */
export function queryMinutes(env: Environment = process.env): number {
  const text = env.SLUICE_QUERY_MINUTES || '30';
  const minutes = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (minutes >= 1 && minutes <= 240) return minutes;
  throw new UserError(`Invalid SLUICE_QUERY_MINUTES '${text}'.`, { todo: 'Set it to a whole number from 1 to 240.' });
}

/** Where the environment sends the SDK's calls of a service (`SSM`), instead of to AWS; undefined where it says nothing. */
export function sdkEndpoint(service: string, env: Environment = process.env): string | undefined {
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL || undefined;
}

/**
 * Keeps the AWS SDK from announcing, at every command on Node 20, that its future versions will need Node 22: the versions
 * here are pinned. Who sets the variable decides.
 */
export function quietSdkNotice(env: Environment = process.env): void {
  env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}
