import { defineContract } from '../contract/contract.ts';
import config from '../lake.config.ts';

/** The contract of the workshop's message, as it ships. */
export const contract = defineContract(config);
