/** The one place that reads the environment. Each reader reports everything that is missing at once. */
import { DEFAULT_STAGE } from './deployment.ts';
import { UserError } from './user-error.ts';

type Environment = Record<string, string | undefined>;

/** What the hot-path and API handlers need on AWS Lambda. */
export function handlerSettings(env: Environment = process.env): { region: string; hotTable: string } {
  const { AWS_REGION, SLUICE_HOT_TABLE } = required(env, ['AWS_REGION', 'SLUICE_HOT_TABLE']);
  return { region: AWS_REGION, hotTable: SLUICE_HOT_TABLE };
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

function required<Name extends string>(env: Environment, names: readonly Name[]): Record<Name, string> {
  const missing = names.filter(name => !env[name]);
  if (missing.length > 0)
    throw new UserError(`The environment lacks ${missing.join(', ')}.`, { todo: 'Set them on the function.' });
  return Object.fromEntries(names.map(name => [name, env[name]])) as Record<Name, string>;
}
