const ATTEMPTS = 4;
const FIRST_WAIT_MS = 50;

/** What the SDK says where the resolver itself failed, for a name or for an address; one that is not there is another error. */
const RESOLVER_FAILED = 'AWS_IO_DNS_QUERY_FAILED';

/**
 * Tries again, a few times within a second, where the system's resolver failed: on a machine that is short of threads or
 * descriptors for a moment, it does so even for 127.0.0.1. Any other error is the caller's at once.
 */
export async function despiteResolver<T>(
  attempt: () => Promise<T>,
  wait: (ms: number) => Promise<void> = ms => new Promise(resolve => setTimeout(resolve, ms)),
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === ATTEMPTS || !String(error).includes(RESOLVER_FAILED)) throw error;
      await wait(FIRST_WAIT_MS * 2 ** tried);
    }
  }
}
