/** Batches put into Firehose and Kinesis with the plain AWS SDK: one attempt, no retries. */
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { wrapMessage } from '../../contract/envelope.ts';
import { LOCAL_NAMES } from '../../infra/local/local-names.ts';
import type { RunFile } from '../../infra/local/run-file.ts';

interface DirectMessage {
  device: string;
  payload: Buffer;
}

export interface DirectPut {
  /**
   * Puts a batch; returns for each message whether the service accepted it. False means no answer, or a refusal that
   * `mayRefuse` allows: the service may or may not have the message. Throws on any other refusal: the test itself is
   * wrong.
   */
  send(messages: readonly DirectMessage[], options: { mayRefuse: () => boolean }): Promise<boolean[]>;
  close(): void;
}

export function putFirehose(run: RunFile): DirectPut {
  const firehose = new FirehoseClient(clientOptions(run));
  return {
    send: (messages, options) =>
      answersOf('Firehose', messages, options, async () => {
        const Records = messages.map(({ payload }) => ({ Data: payload }));
        const command = new PutRecordBatchCommand({ DeliveryStreamName: LOCAL_NAMES.deliveryStream, Records });
        const { RequestResponses = [] } = await firehose.send(command);
        return RequestResponses;
      }),
    close: () => firehose.destroy(),
  };
}

export function putKinesis(run: RunFile): DirectPut {
  const kinesis = new KinesisClient(clientOptions(run));
  return {
    send: (messages, options) =>
      answersOf('Kinesis', messages, options, async () => {
        const Records = messages.map(({ device, payload }) => ({
          Data: Buffer.from(wrapMessage(`data/${device}`, payload, Date.now())),
          PartitionKey: device,
        }));
        const { Records: results = [] } = await kinesis.send(
          new PutRecordsCommand({ StreamName: LOCAL_NAMES.stream, Records }),
        );
        return results;
      }),
    close: () => kinesis.destroy(),
  };
}

/** One attempt: an SDK retry would be stored twice, and that is what this test looks for. */
function clientOptions({ endpoint, region, accessKeyId, secretAccessKey }: RunFile) {
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
}

async function answersOf(
  service: string,
  messages: readonly DirectMessage[],
  { mayRefuse }: { mayRefuse: () => boolean },
  send: () => Promise<{ ErrorCode?: string | undefined }[]>,
): Promise<boolean[]> {
  let answers: { ErrorCode?: string | undefined }[];
  try {
    answers = await send();
  } catch (error) {
    // A kill may truncate a 200: anything that is not a refusal counts as no answer.
    const { httpStatusCode = 0 } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
    if (httpStatusCode >= 400 && !(mayRefuse() && httpStatusCode >= 500)) throw error;
    return messages.map(() => false);
  }
  const refused = answers.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
  if (refused > 0 && !mayRefuse()) throw new Error(`${service} refused ${refused} of ${messages.length} records`);
  return messages.map((_, index) => answers[index] !== undefined && answers[index].ErrorCode === undefined);
}
