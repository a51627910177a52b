import { defineContract } from '../../contract/contract.ts';
import config from '../../examples/nested.config.ts';

/** The contract of `examples/nested.config.ts`: dotted paths, epoch seconds, booleans. */
export const nestedContract = defineContract(config);
