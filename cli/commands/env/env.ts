import { UserError } from '../../../contract/user-error.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import { type Command, type Effects, parseOptions, refuseWords } from '../../command.ts';
import { dataFolder, type PlaceOptions, refuseMixedPlaces } from '../../target.ts';

const help = `Usage: sluice env [options]

Prints the environment variables that point other AWS tools (the AWS CLI, SDKs, PyAthena) at the running stack. With --aws
they are the region, the Athena work group, and the names of the deployed lake; credentials stay where the tools find them.

  --data DIR     the data folder of the stack (default .sluice)
  --aws          the deployed lake, with the credentials and region of the AWS SDK
  --stage NAME   which deployment, with --aws (default main)

Example: eval "$(sluice env)" && aws s3 ls s3://sluice-lake/readings/
         eval "$(sluice env --aws)" && aws s3 ls "s3://$SLUICE_BUCKET/readings/"
`;

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, {});
  refuseWords('env', positionals, 'eval "$(sluice env)"');
  refuseMixedPlaces(values);
  const variables =
    values.aws === true ? await deployedVariables(values, effects) : await localVariables(values, effects);
  for (const [name, value] of Object.entries(variables)) effects.stdout(`export ${name}=${quoted(value)}\n`);
  return 0;
}

async function localVariables({ data }: PlaceOptions, { cwd }: Effects): Promise<Record<string, string>> {
  const stack = await readRunFile(dataFolder({ data, cwd }));
  if (stack === undefined)
    throw new UserError('No stack runs over this data folder.', { todo: 'Start it with: sluice up' });
  return {
    AWS_ENDPOINT_URL: stack.endpoint,
    AWS_REGION: stack.region,
    AWS_DEFAULT_REGION: stack.region,
    AWS_ACCESS_KEY_ID: stack.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stack.secretAccessKey,
  };
}

/** `AWS_ATHENA_WORK_GROUP` is PyAthena's; what no tool has a variable for is named as Sluice's functions know it. */
async function deployedVariables(options: PlaceOptions, { cwd }: Effects): Promise<Record<string, string>> {
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

/** For `eval` in a POSIX shell, whatever the value holds. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

export const command: Command = { help, run };
