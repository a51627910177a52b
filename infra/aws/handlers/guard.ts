import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { toldWhole, UserError } from '../../../contract/user-error.ts';
import { handlerSettings } from '../../settings.ts';
import {
  contractParameter,
  type Loss,
  lossesOf,
  parsePublished,
  refuseLosses,
  unknownContract,
} from '../published-contract.ts';
import { deploymentParameter, parseDeployment } from '../published-deployment.ts';

const { region, stage } = handlerSettings('guard');
const ssm = new SSMClient({ region });

/** Maximum size of a whole response to CloudFormation: 4 KB. */
const MAX_REASON = 3_000;

/**
 * Answers CloudFormation's request from the guard stack: failed, with the reason, if the deployment would remove what
 * the stage has published. It writes nothing, so CloudFormation can roll the request back.
 */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const base = {
    PhysicalResourceId: `sluice-${stage}-contract`,
    ...{ StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId },
  };
  const answer = await toldWhole(check(event)).then(
    (): CloudFormationCustomResourceResponse => ({ ...base, Status: 'SUCCESS' }),
    (error: unknown): CloudFormationCustomResourceResponse => {
      console.log(error instanceof UserError ? error.message : error);
      const reason = error instanceof Error ? error.message : String(error);
      const more = reason.length > MAX_REASON ? ' … (cut: the log of the function Check has the rest)' : '';
      return { ...base, Status: 'FAILED', Reason: `${reason.slice(0, MAX_REASON)}${more}` };
    },
  );
  // Bytes, because a string would be sent with a content type that CloudFormation has not signed, and S3 would refuse
  // it.
  const body = Buffer.from(JSON.stringify(answer));
  const response = await fetch(event.ResponseURL, { method: 'PUT', body });
  // Lambda retries twice, then keeps the event in the queue.
  if (!response.ok) throw new Error(`CloudFormation rejected the answer: HTTP ${response.status}`);
}

async function check({ RequestType, ResourceProperties }: CloudFormationCustomResourceEvent): Promise<void> {
  if (RequestType === 'Delete') return;
  // The guard stack creates these from the contract.
  const { Contract, ContractKey, Confirmed } = ResourceProperties as unknown as Record<string, string>;
  refuseLosses(await losses(Contract ?? '', ContractKey), (Confirmed ?? '').split('\n'), stage);
}

async function losses(contract: string, contractKey: string | undefined): Promise<Loss[]> {
  const published = await parameter(contractParameter(stage));
  if (published !== undefined) return lossesOf(parsePublished(published, stage), parsePublished(contract, stage));
  const older = await parameter(deploymentParameter(stage));
  if (older === undefined) return [];
  const { contractKey: deployed } = parseDeployment(older, stage);
  return deployed === contractKey ? [] : [unknownContract(deployed)];
}

async function parameter(Name: string): Promise<string | undefined> {
  try {
    return (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
