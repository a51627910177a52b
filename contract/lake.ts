import type { Contract } from './contract.ts';

/**
 * What every part of Sluice needs to reach one lake: the AWS (or local) connection, the resource names and the
 * contract. `Name` limits the names to those a part uses, because a function on AWS Lambda receives only its own.
 */
export interface Lake<Name extends keyof LakeNames = keyof LakeNames> {
  /** Spread into any AWS SDK v3 client. `endpoint` is the local one on a laptop and absent on AWS. */
  aws: AwsConnection;
  names: Pick<LakeNames, Name>;
  contract: Contract;
}

/** The parts of a lake that queries need. */
export type QueryLake = Lake<'database' | 'workGroup' | 'resultsLocation'>;

export interface AwsConnection {
  region: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** Resource names of one deployment. */
export interface LakeNames {
  bucket: string;
  database: string;
  workGroup: string;
  /** Where Athena writes its results; ends with a slash. */
  resultsLocation: string;
  hotTable: string;
  stream: string;
  deliveryStream: string;
}
