/** The one place that reads the environment. Each reader reports everything that is missing at once. */
import { UserError } from './user-error.ts';

type Environment = Record<string, string | undefined>;

/** What the hot-path and API handlers need on AWS Lambda. */
export function handlerSettings(env: Environment = process.env): { region: string; hotTable: string } {
  const { AWS_REGION, SLUICE_HOT_TABLE } = required(env, ['AWS_REGION', 'SLUICE_HOT_TABLE']);
  return { region: AWS_REGION, hotTable: SLUICE_HOT_TABLE };
}

/** The command's defaults: `SLUICE_DATA` for --data, `SLUICE_CONFIG` for --config. */
export function commandSettings(env: Environment = process.env): { data: string; config: string | undefined } {
  return { data: env.SLUICE_DATA || '.sluice', config: env.SLUICE_CONFIG || undefined };
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
