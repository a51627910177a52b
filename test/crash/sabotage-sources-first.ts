/**
 * Preloaded into `sluice compact`: removes the source objects of a merged one before it is published. The harness must
 * notice, through its queries or after a kill.
 */
import { DeleteObjectsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

type Send = (command: unknown, ...rest: unknown[]) => Promise<unknown>;
// `send` has overloads for every command; other commands are passed through.
const client = S3Client.prototype as unknown as { send: Send };
const { send } = client;
let inputs: string[] = [];
client.send = async function (command, ...rest) {
  if (command instanceof PutObjectCommand) {
    const { Bucket, Key = '', Body } = command.input;
    if (Key.startsWith('compaction/')) inputs = (JSON.parse(String(Body)) as { inputs: string[] }).inputs;
    if (/\/compacted-\w+\.parquet$/.test(Key)) {
      const Objects = inputs.map(input => ({ Key: input }));
      await send.call(this, new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    }
  }
  return send.call(this, command, ...rest);
};
