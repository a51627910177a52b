import type { CommandDeclaration } from '../../declaration.ts';

export const declaration = {
  name: 'env',
  description: [
    'Print the environment variables that point other AWS tools (the AWS CLI, SDKs, PyAthena) at the running stack. With --aws, print the region, the Athena work group and the names of the deployed lake, without credentials.',
  ],
  options: {},
  shared: ['data', 'aws', 'stage', 'help'],
  examples: [
    'eval "$(sluice env)" && aws s3 ls s3://sluice-lake/readings/',
    'eval "$(sluice env --aws)" && aws s3 ls "s3://$SLUICE_BUCKET/readings/"',
  ],
} as const satisfies CommandDeclaration;
