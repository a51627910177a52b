import { contractKey } from '../contract/contract-key.ts';
import type { PublishedDeployment } from '../contract/deployment.ts';
import type { Lake } from '../contract/lake.ts';
import { UserError } from '../contract/user-error.ts';

/**
 * Throws a `UserError` where a command would write to a deployed lake by another contract than that lake's: a merge keeps the
 * columns of the contract alone, and a backfill writes them alone. A lake on this machine has no deployment.
 */
export function refuseOtherContract({ contract }: Lake, deployment: PublishedDeployment | undefined): void {
  const deployed = deployment?.contractKey;
  if (deployed === undefined || deployed === contractKey(contract)) return;
  throw new UserError(`The contract here is not the one that stage ${deployment?.stage} was deployed with.`, {
    todo: 'Name that one with --config, or deploy this one first: columns that only one of them knows would be lost.',
  });
}
