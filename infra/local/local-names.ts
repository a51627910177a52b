import type { LakeNames } from '../../contract/lake.ts';

/** The names on a laptop. */
export const LOCAL_NAMES: LakeNames = {
  bucket: 'sluice-lake',
  database: 'sluice',
  workGroup: 'sluice',
  resultsLocation: 's3://sluice-lake/results/',
  hotTable: 'sluice-hot',
  stream: 'sluice-readings',
  deliveryStream: 'sluice-delivery',
};

export const LOCAL_REGION = 'eu-central-1';
