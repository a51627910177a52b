import { UserError } from '../../../contract/user-error.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import type { Command, Effects } from '../../command.ts';
import { parseCommand } from '../../parse.ts';
import { dataFolder, refuseMixedTargets, type TargetOptions } from '../../target.ts';
import { declaration } from './env-declaration.ts';

async function run(args: string[], effects: Effects): Promise<0> {
  const { values } = await parseCommand(declaration, args, effects);
  refuseMixedTargets(values);
  const variables = values.aws ? await deployedVariables(values, effects) : await localVariables(values, effects);
  for (const [name, value] of Object.entries(variables)) effects.stdout(`export ${name}=${quoted(value)}\n`);
  return 0;
}

async function localVariables({ data }: TargetOptions, { cwd }: Effects): Promise<Record<string, string>> {
  const stack = await readRunFile(dataFolder({ data, cwd }));
  if (stack === undefined)
    throw new UserError('No stack is running for this data folder.', { todo: 'Start one: sluice up' });
  return {
    AWS_ENDPOINT_URL: stack.endpoint,
    AWS_REGION: stack.region,
    AWS_DEFAULT_REGION: stack.region,
    AWS_ACCESS_KEY_ID: stack.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stack.secretAccessKey,
  };
}

/** `AWS_ATHENA_WORK_GROUP` is PyAthena's. If no tool has a variable, the name is that of Sluice's functions. */
async function deployedVariables(options: TargetOptions, { cwd }: Effects): Promise<Record<string, string>> {
  // Loaded only here: a laptop needs no SSM.
  const { findDeployment } = await import('../../find-deployment.ts');
  const { aws, deployment } = await findDeployment({ ...options, cwd });
  const { names, stage, apiUrl } = deployment;
  return {
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    AWS_ATHENA_WORK_GROUP: names.workGroup,
    SLUICE_STAGE: stage,
    SLUICE_BUCKET: names.bucket,
    SLUICE_DATABASE: names.database,
    SLUICE_WORK_GROUP: names.workGroup,
    SLUICE_RESULTS_LOCATION: names.resultsLocation,
    SLUICE_HOT_TABLE: names.hotTable,
    SLUICE_STREAM: names.stream,
    SLUICE_DELIVERY_STREAM: names.deliveryStream,
    SLUICE_API_URL: apiUrl,
  };
}

/** For `eval` in a POSIX shell, whatever the value contains. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

export const command: Command = { run };
