import { expect, onTestFinished, test } from 'vitest';
import { serverCertificate } from '../../device/provision.ts';
import { startBroker } from '../../infra/local/broker.ts';
import { listen } from '../../infra/local/endpoint.ts';
import { contract } from '../default-contract.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a port that is taken is an error that the user can mend, of the endpoint, the API and MQTT alike', async () => {
  const taken = await listen(() => {}, 0);
  onTestFinished(() => taken.close());
  const port = Number(new URL(taken.url).port);
  const expected = {
    name: 'UserError',
    exitCode: 1,
    message: expect.stringContaining(`Port ${port} of 127.0.0.1 is taken`),
    todo: expect.stringContaining('--port'),
  };
  await expect(listen(() => {}, port)).rejects.toMatchObject(expected);
  const tls = await serverCertificate(await temporaryFolder());
  await expect(startBroker({ port, tls, contract, accept: async () => {} })).rejects.toMatchObject(expected);
});
