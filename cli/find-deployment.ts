/**
 * Finds the deployment that `--aws` and `--stage` name by its parameter, with the AWS SDK's own credentials and region.
 */
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import type { AwsConnection } from '../contract/lake.ts';
import { UserError } from '../contract/user-error.ts';
import { deploymentParameter, type PublishedDeployment, parseDeployment } from '../infra/aws/published-deployment.ts';
import { readRunFile } from '../infra/local/run-file.ts';
import { sdkEndpoint } from '../infra/settings.ts';
import { awsFailure } from './aws-failure.ts';
import { dataFolder, stageOf } from './target.ts';

/** A deployment, and how to call AWS there. Credentials are the SDK's; each client finds them itself. */
export interface Deployed {
  aws: AwsConnection;
  deployment: PublishedDeployment;
}

/** The command's `--stage` and `--data`, and its working directory. */
export interface StageOptions {
  stage?: string | undefined;
  data?: string | undefined;
  cwd: string;
}

const UNSET =
  'Leave out --aws, or run: unset AWS_ENDPOINT_URL AWS_REGION AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY';

/**
 * Finds the deployment of a stage. Throws a `UserError` for an invalid stage name, if no region or credentials are set,
 * if the stage is not deployed, and if the SDK is pointed at the local stack.
 */
export async function findDeployment(options: StageOptions): Promise<Deployed> {
  const stage = stageOf(options.stage);
  await refuseLocalEndpoint(options);
  const ssm = new SSMClient({});
  try {
    const region = await ssm.config.region();
    const name = deploymentParameter(stage);
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name })).catch((error: unknown) => {
      throw error instanceof ParameterNotFound ? notDeployed(stage, region, error) : error;
    });
    return { aws: { region }, deployment: parseDeployment(Parameter?.Value ?? '', stage) };
  } catch (error) {
    const endpoint = sdkEndpoint('SSM');
    throw endpoint !== undefined && isWithoutSsm(error) ? notAws(endpoint, error) : awsFailure(error);
  } finally {
    ssm.destroy();
  }
}

function notDeployed(stage: string, region: string, cause: unknown): UserError {
  return new UserError(
    `Stage ${stage} is not deployed in ${region}: the parameter ${deploymentParameter(stage)} does not exist.`,
    {
      todo: 'Deploy it (docs/aws.md), or choose another stage with --stage or another region with AWS_REGION.',
      cause,
    },
  );
}

/** `sluice env` sets the SDK's endpoint for a shell. If that is forgotten, nothing seems to be deployed. */
async function refuseLocalEndpoint(options: StageOptions): Promise<void> {
  const endpoint = sdkEndpoint('SSM');
  if (endpoint === undefined) return;
  const running = await readRunFile(dataFolder(options));
  if (running === undefined || new URL(running.endpoint).origin !== originOf(endpoint)) return;
  throw new UserError(`AWS_ENDPOINT_URL points at the local stack (${endpoint}), so --aws would not reach AWS.`, {
    exitCode: 2,
    todo: UNSET,
  });
}

/** The answer of a local stack, which may be that of another data folder. */
function isWithoutSsm(error: unknown): boolean {
  return error instanceof Error && error.name === 'UnknownOperationException';
}

function notAws(endpoint: string, cause: unknown): UserError {
  const message = `AWS_ENDPOINT_URL points at ${endpoint}, which has no AWS Systems Manager.`;
  return new UserError(message, { todo: UNSET, cause });
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
