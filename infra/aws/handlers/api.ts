import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from 'sluice-config';
import { defineContract } from '../../../contract/contract.ts';
import { packageFile } from '../../../contract/package-root.ts';
import { createApi } from '../../../hotpath/api.ts';
import { handlerSettings } from '../../settings.ts';

const { region, hotTable, corsOrigins } = handlerSettings('api');

/** The hot path's REST API: answers an API Gateway proxy event (v1) with recent readings, or with the live page. */
export const handler = createApi({
  contract: defineContract(config),
  dynamodb: new DynamoDBClient({ region }),
  table: hotTable,
  page: readFileSync(packageFile('hotpath', 'live.html'), 'utf8'),
  origins: corsOrigins.split(',').filter(origin => origin !== ''),
});
