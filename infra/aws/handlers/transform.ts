import type { FirehoseTransformationHandler } from 'aws-lambda';
import config from 'sluice-config';
import { defineContract } from '../../../contract/contract.ts';
import { createTransform } from '../../../transform/firehose.ts';
import { batchMetric } from '../../../transform/metric.ts';
import { handlerSettings } from '../../settings.ts';

const { stage } = handlerSettings('transform');
const contract = defineContract(config);

/** The transform of the delivery stream: a Firehose event of records to rows, and one line of metrics. */
export const handler: FirehoseTransformationHandler = async event => {
  let ambiguous = 0;
  const transform = createTransform(contract, {
    onAmbiguous: readings => {
      ambiguous += readings;
    },
  });
  const response = await transform(event);
  // Not console.log: Lambda would put a prefix before the line, or wrap it, and CloudWatch wants the JSON bare.
  process.stdout.write(`${batchMetric(response.records, stage, Date.now(), ambiguous)}\n`);
  return response;
};
