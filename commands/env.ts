import { UserError } from '../contract/user-error.ts';
import { readRunFile } from '../infra/local/run-file.ts';
import { type Command, type Effects, parseOptions } from './command.ts';
import { dataFolder } from './place.ts';

const help = `Usage: sluice env [options]

Prints the environment variables that point other AWS tools (the AWS CLI, SDKs, PyAthena) at the running stack.

  --data DIR     the data folder of the stack (default .sluice)

Example: eval "$(sluice env)" && aws s3 ls s3://sluice-lake/readings/
`;

async function run(args: string[], effects: Effects): Promise<0> {
  const { values } = parseOptions(args, {});
  const stack = await readRunFile(dataFolder({ data: values.data, cwd: effects.cwd }));
  if (stack === undefined)
    throw new UserError('No stack runs over this data folder.', { todo: 'Start it with: sluice up' });
  const variables = {
    AWS_ENDPOINT_URL: stack.endpoint,
    AWS_REGION: stack.region,
    AWS_DEFAULT_REGION: stack.region,
    AWS_ACCESS_KEY_ID: stack.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stack.secretAccessKey,
  };
  for (const [name, value] of Object.entries(variables)) effects.stdout(`export ${name}='${value}'\n`);
  return 0;
}

export const command: Command = { help, run };
