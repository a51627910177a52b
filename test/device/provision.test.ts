import { X509Certificate } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ensureAuthority, listDevices, provisionDevice, serverCertificate } from '../../device/provision.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a device gets its own certificate, with its thing name, signed by the authority', async () => {
  const data = await temporaryFolder();
  const { thingName, cert, ca, files } = await provisionDevice(data, 'greenhouse:north');
  const certificate = new X509Certificate(cert);
  expect(thingName).toBe('greenhouse:north');
  expect(certificate.subject).toBe('CN=greenhouse:north');
  expect(certificate.verify(new X509Certificate(ca).publicKey)).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(certificate.ca).toBe(false);
  expect(files).toEqual({
    cert: path.join(data, 'devices', 'greenhouse:north', 'cert.pem'),
    key: path.join(data, 'devices', 'greenhouse:north', 'key.pem'),
    ca: path.join(data, 'ca', 'ca.pem'),
  });
});

test('private keys are readable only by their owner', async () => {
  const data = await temporaryFolder();
  const { files } = await provisionDevice(data, 'device-001');
  for (const key of [files.key, path.join(data, 'ca', 'ca-key.pem')])
    expect((await stat(key)).mode & 0o777).toBe(0o600);
});

test('provisioning again gives the same identity', async () => {
  const data = await temporaryFolder();
  const first = await provisionDevice(data, 'device-001');
  expect(await provisionDevice(data, 'device-001')).toEqual(first);
});

test('concurrent provisioning gives one authority and one identity per device', async () => {
  const data = await temporaryFolder();
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, index) => provisionDevice(data, index % 2 === 0 ? 'even' : 'odd')),
  );
  expect(new Set(made.map(({ ca }) => ca)).size).toBe(1);
  expect(new Set(made.map(({ key }) => key)).size).toBe(2);
  expect(made[0]?.ca).toBe((await ensureAuthority(data)).cert);
  expect((await readdir(data)).sort()).toEqual(['ca', 'devices']);
  expect((await readdir(path.join(data, 'devices'))).sort()).toEqual(['even', 'odd']);
});

test.each(['', 'a b', '../x', 'a/b', 'é', 'x'.repeat(129)])(
  '%j is not a device id, and the error states the rule',
  async id => {
    const data = await temporaryFolder();
    await expect(provisionDevice(data, id)).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 2,
      todo: expect.stringContaining('1 to 128 of a-z A-Z 0-9 : _ -'),
    });
    expect(await readdir(data)).toEqual([]);
  },
);

test('a device of another authority, or without its key, is named and not silently replaced', async () => {
  const data = await temporaryFolder();
  const { files } = await provisionDevice(data, 'device-001');
  await rm(path.join(data, 'ca'), { recursive: true });
  await expect(provisionDevice(data, 'device-001')).rejects.toThrow(/was not signed by the authority/);
  await rm(files.key);
  await expect(provisionDevice(data, 'device-001')).rejects.toThrow(/key\.pem/);
});

test("the broker's certificate is for this machine", async () => {
  const data = await temporaryFolder();
  const { cert, ca } = await serverCertificate(data);
  const certificate = new X509Certificate(cert);
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.verify(new X509Certificate(ca).publicKey)).toBe(true);
});

test('the devices of a data folder are listed; none if there is no folder', async () => {
  const data = await temporaryFolder();
  expect(await listDevices(data)).toEqual([]);
  await provisionDevice(data, 'b');
  await provisionDevice(data, 'a:1');
  expect(await listDevices(data)).toEqual(['a:1', 'b']);
});
