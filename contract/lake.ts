import type { Contract } from './contract.ts';

/**
 * What every part of Sluice needs to reach one lake: how to call AWS (or the local endpoint), what things are called, the
 * contract. A part that names few of the things says so, since a function on AWS Lambda is told no others.
 */
export interface Lake<Name extends keyof LakeNames = keyof LakeNames> {
  /** Spread into any AWS SDK v3 client. On a laptop `endpoint` is the local one; on AWS it is absent. */
  aws: AwsConnection;
  names: Pick<LakeNames, Name>;
  contract: Contract;
}

/** A lake as far as its queries need it. */
export type QueryLake = Lake<'database' | 'workGroup' | 'resultsLocation'>;

export interface AwsConnection {
  region: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** The names of one deployment's resources. */
export interface LakeNames {
  bucket: string;
  database: string;
  workGroup: string;
  /** Where Athena writes, with a slash at the end. */
  resultsLocation: string;
  hotTable: string;
  stream: string;
  deliveryStream: string;
}
