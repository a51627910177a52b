import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import type { Lake } from '../../../contract/lake.ts';
import type { Branch } from '../../../device/put-messages.ts';
import { hotTarget, lakeTarget, type StreamTarget } from '../../../device/stream-targets.ts';

/** The streams of the given branches of a lake; `destroy` ends their clients. */
export function streamTargets({ aws, names }: Lake, branches: readonly Branch[]) {
  const firehose = new FirehoseClient({ ...aws });
  // Kinesis's own client would speak HTTP/2, which not every proxy and no emulator understands.
  const kinesis = new KinesisClient({ ...aws, requestHandler: firehose.config.requestHandler });
  const all: Record<Branch, StreamTarget> = {
    hot: hotTarget(kinesis, names.stream),
    lake: lakeTarget(firehose, names.deliveryStream),
  };
  return {
    targets: Object.fromEntries(branches.map(branch => [branch, all[branch]])) as Partial<Record<Branch, StreamTarget>>,
    destroy() {
      kinesis.destroy();
      firehose.destroy();
    },
  };
}
