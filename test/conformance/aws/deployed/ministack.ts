/**
 * ministack's server: also in Python, but it runs what it stores: functions, state machines, REST APIs, CloudFormation
 * stacks.
 */
import { ACCOUNT, REGION } from '../moto.ts';
import { type Emulator, startServer } from '../server.ts';

/**
 * Starts ministack from the virtual environment of `python`. Its functions run in child processes, with the `node` on
 * the PATH.
 */
export function startMinistack(python: string, work: string): Promise<Emulator> {
  return startServer({
    ...{ command: 'ministack', python, work, ready: '/_ministack/health' },
    args: () => [],
    environment: port => ({
      ...{
        BIND_HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        MINISTACK_ACCOUNT_ID: ACCOUNT,
        MINISTACK_REGION: REGION,
      },
      // By default it listens on all interfaces.
      IOT_MTLS_ENABLED: '0',
    }),
  });
}
