import { defineContract } from '../contract/contract.ts';
import config from './fixtures/workshop.config.ts';

/** The contract of the workshop's message, which tests use in place of the root's lake.config.ts. */
export const contract = defineContract(config);
