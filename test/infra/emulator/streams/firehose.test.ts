import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFirehose } from '../../../../infra/emulator/streams/firehose.ts';
import { IntakeBusyError } from '../../../../infra/emulator/streams/intake-gate.ts';
import { StreamStore } from '../../../../infra/emulator/streams/stream-store.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

test('a delivery stream that is behind is temporarily unavailable, and keeps nothing of the request', async () => {
  const store = await StreamStore.open(path.join(await temporaryFolder(), 'streams'), { logs: ['delivery'] });
  onTestFinished(() => store.close());
  const { operations } = createFirehose({
    ...{ store, deliveryStream: 'delivery', region: 'eu-central-1', bucket: 'lake' },
    buffer: { seconds: 15, bytes: 1_000 },
    admit: () => Promise.reject(new IntakeBusyError(5_000)),
  });
  const put = operations.PutRecord?.({ DeliveryStreamName: 'delivery', Record: { Data: 'YQ==' } } as never);
  await expect(put).rejects.toMatchObject({ code: 'ServiceUnavailableException', status: 503 });
  expect(store.lastSequence('delivery')).toBe(0);
});
