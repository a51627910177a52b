import { contractKey } from '../contract/contract-key.ts';
import type { Lake } from '../contract/lake.ts';
import { UserError } from '../contract/user-error.ts';
import type { PublishedDeployment } from '../infra/aws/published-deployment.ts';

/**
 * Throws a `UserError` if a command would write to a deployed lake with a different contract: merges and backfills
 * write only the columns of the contract. A lake on this machine has no deployment.
 */
export function refuseOtherContract({ contract }: Lake, deployment: PublishedDeployment | undefined): void {
  const deployed = deployment?.contractKey;
  if (deployed === undefined || deployed === contractKey(contract)) return;
  throw new UserError(
    `The contract differs from the one that stage ${deployment?.stage} was deployed with, so columns that only one of them has would be lost.`,
    {
      todo: 'Name the deployed contract with --config, or deploy this one first.',
    },
  );
}
