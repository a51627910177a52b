import type { FirehoseTransformationEvent } from 'aws-lambda';
import type { Contract } from '../../contract/contract.ts';
import { createTransform } from '../../transform/firehose.ts';
import type { Message } from './fleet-readings.ts';

const CALLS = 9;

/**
 * One call of the transform with as many records as a buffer holds: their number, the size of the answer, the median
 * CPU time.
 */
export async function timeTransform(
  contract: Contract,
  sample: readonly Message[],
  bufferBytes: number,
): Promise<{ records: number; answerBytes: number; ms: number }> {
  const transform = createTransform(contract);
  const batch: Message[] = [];
  for (let bytes = 0, at = 0; bytes < bufferBytes && at < sample.length; at++) {
    const message = sample[at];
    if (message === undefined) break;
    bytes += message.record.length;
    batch.push(message);
  }
  const text = eventText(batch);
  let answerBytes = 0;
  const times: number[] = [];
  // The first calls warm up the engine, like those of a reused Lambda instance.
  for (let call = 0; call < CALLS + 3; call++) {
    const started = process.cpuUsage();
    answerBytes = JSON.stringify(await transform(JSON.parse(text) as FirehoseTransformationEvent)).length;
    if (call >= 3) times.push(cpuMs(started));
  }
  const ms = times.sort((a, b) => a - b)[Math.floor(CALLS / 2)] ?? Number.NaN;
  return { records: batch.length, answerBytes, ms };
}

/** CPU time since then, which other processes on the machine do not affect. */
export function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

function eventText(batch: readonly Message[]): string {
  const event: FirehoseTransformationEvent = {
    invocationId: 'simulated',
    deliveryStreamArn: 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/sluice-main-delivery',
    region: 'eu-central-1',
    records: batch.map(({ record, receivedAt }, index) => ({
      recordId: `49546986683135544286507457936321625675700192471156785154${index}`,
      approximateArrivalTimestamp: receivedAt,
      data: record.toString('base64'),
    })),
  };
  return JSON.stringify(event);
}
