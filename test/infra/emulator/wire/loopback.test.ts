import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { serverCertificate } from '../../../../device/provision.ts';
import { listen } from '../../../../infra/emulator/services/endpoint.ts';
import { loopbackHost } from '../../../../infra/emulator/wire/loopback.ts';
import { startBroker } from '../../../../infra/local/broker.ts';
import { startLakeEndpoint } from '../../../../infra/local/lake-endpoint.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { contract } from '../../../workshop-contract.ts';

test('a port that is taken is an error that the user can fix, for the endpoint, the API and MQTT alike', async () => {
  const taken = await listen(() => {}, 0);
  onTestFinished(() => taken.close());
  const port = Number(new URL(taken.url).port);
  const expected = {
    name: 'UserError',
    exitCode: 1,
    message: expect.stringContaining(`Port ${port} `),
    todo: expect.stringContaining('--port'),
  };
  await expect(listen(() => {}, port)).rejects.toMatchObject(expected);
  const tls = await serverCertificate(await temporaryFolder());
  await expect(startBroker({ port, tls, contract, accept: async () => {} })).rejects.toMatchObject(expected);
});

test('an endpoint whose catalog cannot be deployed releases its port, so that the command ends', async () => {
  const other = await listen(() => {}, 0);
  const port = Number(new URL(other.url).port);
  await other.close();
  const data = await temporaryFolder();
  await writeFile(path.join(data, 'glue'), 'a file in place of the catalog folder');
  await expect(startLakeEndpoint({ data, contract, port })).rejects.toThrow('glue');
  const again = await listen(() => {}, port);
  await again.close();
});

test('HTTP clients leave port 80 out of the Host header, and only that', () => {
  expect(loopbackHost(80)).toBe('127.0.0.1');
  expect(loopbackHost(8080)).toBe('127.0.0.1:8080');
});
