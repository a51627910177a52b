/** The deployment on AWS that `--aws` and `--stage` name: found by its parameter, with the AWS SDK's own credentials and region. */
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { deploymentParameter, type PublishedDeployment, parseDeployment } from '../contract/deployment.ts';
import type { AwsConnection } from '../contract/lake.ts';
import { sdkEndpoint } from '../contract/settings.ts';
import { UserError } from '../contract/user-error.ts';
import { readRunFile } from '../infra/local/run-file.ts';
import { awsFailure } from './aws-failure.ts';
import { dataFolder, stageOf } from './target.ts';

/** A deployment, and how to call AWS where it is. Credentials are the SDK's, taken anew by each client. */
export interface Deployed {
  aws: AwsConnection;
  deployment: PublishedDeployment;
}

/** The command's `--stage` and `--data`, and where it was called. */
export interface StageOptions {
  stage?: string | undefined;
  data?: string | undefined;
  cwd: string;
}

const UNSET =
  'Leave --aws out, or: unset AWS_ENDPOINT_URL AWS_REGION AWS_DEFAULT_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY';

/**
 * Looks the deployment of a stage up. Throws a `UserError` for a stage that is no name, where no region or credentials are
 * set, where the stage is not deployed there, and where the SDK is pointed at the local stack.
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
    `There is no deployment of stage ${stage} in ${region}: no parameter ${deploymentParameter(stage)}.`,
    {
      todo: 'Deploy it first (docs/aws.md), name another stage with --stage, or another region with AWS_REGION.',
      cause,
    },
  );
}

/** `sluice env` sets the SDK's endpoint for a shell, and whoever forgets that would be told that nothing is deployed. */
async function refuseLocalEndpoint(options: StageOptions): Promise<void> {
  const endpoint = sdkEndpoint('SSM');
  if (endpoint === undefined) return;
  const running = await readRunFile(dataFolder(options));
  if (running === undefined || new URL(running.endpoint).origin !== originOf(endpoint)) return;
  throw new UserError(`AWS_ENDPOINT_URL leads to the local stack (${endpoint}), so --aws would not reach AWS.`, {
    exitCode: 2,
    todo: UNSET,
  });
}

/** The local stack answers so, and the data folder of its `run.json` need not be the one here. */
function isWithoutSsm(error: unknown): boolean {
  return error instanceof Error && error.name === 'UnknownOperationException';
}

function notAws(endpoint: string, cause: unknown): UserError {
  const message = `AWS_ENDPOINT_URL leads to ${endpoint}, which has no Systems Manager of AWS.`;
  return new UserError(message, { todo: UNSET, cause });
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
