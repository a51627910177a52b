import { APIGatewayClient, GetApiKeyCommand, NotFoundException } from '@aws-sdk/client-api-gateway';
import { UserError } from '../../../contract/user-error.ts';
import { awsFailure } from '../../aws-failure.ts';
import { findDeployment, type StageOptions } from '../../find-deployment.ts';

/**
 * The REST API of a deployed stage, and the value of its key, which is fetched from API Gateway each time and stored
 * nowhere. Throws a `UserError` if the stage is not deployed or its key is gone.
 */
export async function deployedApi(options: StageOptions): Promise<{ url: string; key: string }> {
  const { aws, deployment } = await findDeployment(options);
  const gateway = new APIGatewayClient(aws);
  try {
    const { value } = await gateway.send(new GetApiKeyCommand({ apiKey: deployment.apiKeyId, includeValue: true }));
    if (value === undefined || value === '') throw keyIsGone(deployment.apiKeyId);
    return { url: deployment.apiUrl, key: value };
  } catch (error) {
    throw error instanceof NotFoundException ? keyIsGone(deployment.apiKeyId, error) : awsFailure(error);
  } finally {
    gateway.destroy();
  }
}

function keyIsGone(id: string, cause?: unknown): UserError {
  return new UserError(`API Gateway has no value for the API key ${id}.`, {
    todo: 'Deploy the stage again to create a new key.',
    ...(cause === undefined ? {} : { cause }),
  });
}
