import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import config from 'sluice-config';
import { defineContract } from '../../../contract/contract.ts';
import { createConsumer } from '../../../hotpath/consume.ts';
import { handlerSettings } from '../../settings.ts';

const { region, hotTable } = handlerSettings('consume');

/** The hot path's consumer: writes a Kinesis event to the hot table, and reports failures record by record. */
export const handler = createConsumer({
  contract: defineContract(config),
  dynamodb: new DynamoDBClient({ region }),
  table: hotTable,
});
