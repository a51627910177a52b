import type { FirehoseTransformationHandler } from 'aws-lambda';
import config from 'sluice-config';
import { defineContract } from '../../../contract/contract.ts';
import { createTransform } from '../../../transform/firehose.ts';
import { batchMetric } from '../../../transform/metric.ts';
import { handlerSettings } from '../../settings.ts';

const { stage } = handlerSettings('transform');
const contract = defineContract(config);

/**
 * The transform of the delivery stream: turns a Firehose event of records into rows, and writes one line of metrics.
 */
export const handler: FirehoseTransformationHandler = async event => {
  let ambiguous = 0;
  const transform = createTransform(contract, {
    onAmbiguous: readings => {
      ambiguous += readings;
    },
  });
  const response = await transform(event);
  // Not console.log: Lambda would prefix or wrap the line, and CloudWatch needs the bare JSON.
  process.stdout.write(`${batchMetric(response.records, stage, Date.now(), ambiguous)}\n`);
  return response;
};
