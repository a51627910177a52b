const ATTEMPTS = 4;
const FIRST_WAIT_MS = 50;

/** The SDK's error if the resolver itself fails; a name that does not exist gives another error. */
const RESOLVER_FAILED = 'AWS_IO_DNS_QUERY_FAILED';

/**
 * Retries a few times within a second if the system's resolver fails: on a machine briefly short of threads or
 * descriptors, it fails even for 127.0.0.1. Any other error is rethrown at once.
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
