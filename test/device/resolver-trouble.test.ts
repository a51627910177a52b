import { expect, test } from 'vitest';
import { despiteResolver } from '../../device/resolver-trouble.ts';

const RESOLVER = 'AWS_IO_DNS_QUERY_FAILED, A nonrecoverable failure when query to dns occurred.';

/** Fails with these messages in turn, then connects. */
async function connect(...failures: string[]) {
  const waits: number[] = [];
  let attempts = 0;
  const result = await despiteResolver(
    async () => {
      const failure = failures[attempts++];
      if (failure !== undefined) throw new Error(failure);
      return 'connected';
    },
    async ms => void waits.push(ms),
  ).catch((error: Error) => error.message);
  return { result, attempts, waits };
}

test('a briefly failing resolver is retried, after growing waits', async () => {
  expect(await connect(RESOLVER, RESOLVER)).toEqual({ result: 'connected', attempts: 3, waits: [100, 200] });
});

test('a persistent failure is reported', async () => {
  expect(await connect(...Array(9).fill(RESOLVER))).toEqual({ result: RESOLVER, attempts: 4, waits: [100, 200, 400] });
});

test.each(['AWS_IO_SOCKET_CONNECTION_REFUSED', 'AWS_IO_DNS_INVALID_NAME', 'AWS_IO_TLS_ERROR_NEGOTIATION_FAILURE'])(
  '%s is reported at once',
  async failure => {
    expect(await connect(failure)).toEqual({ result: failure, attempts: 1, waits: [] });
  },
);
