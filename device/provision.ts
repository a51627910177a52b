import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { generate } from 'selfsigned';
import { isDeviceId } from '../contract/reading.ts';
import { UserError } from '../contract/user-error.ts';
import { DamagedFile } from '../lake/damaged-file.ts';
import { ignoreMissing, publishKeyFolder, readKeyFolder } from './key-folder.ts';
import { checkKeyPair } from './key-pair.ts';

/** A certificate, its private key and the authority that signed it, all PEM. */
export interface Credentials {
  key: string;
  cert: string;
  ca: string;
}

/** What a device needs to connect: its thing name is its certificate's common name. */
export interface Identity extends Credentials {
  thingName: string;
  files: { cert: string; key: string; ca: string };
}

/** The local certificate authority of one data folder, PEM. */
export interface Authority {
  cert: string;
  key: string;
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;

/** Certificates of AWS IoT Core expire then, too. */
const VALID_UNTIL = new Date('2049-12-31T23:59:59Z');
const CLOCK_SKEW_MS = 86_400_000;

/** The authority in `<data>/ca`, created on first use. Concurrent processes get the same one. */
export async function ensureAuthority(data: string): Promise<Authority> {
  const folder = path.join(data, 'ca');
  const existing = await readKeyFolder(folder, ['ca.pem', 'ca-key.pem']);
  if (existing !== undefined) return checkedAuthority(data, { cert: existing['ca.pem'], key: existing['ca-key.pem'] });
  const made = await issue('Sluice local CA', [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
  const published = await publishKeyFolder(folder, { 'ca.pem': made.cert, 'ca-key.pem': made.key });
  return { cert: published['ca.pem'], key: published['ca-key.pem'] };
}

/**
 * The identity of a device in `<data>/devices/<id>/{cert.pem,key.pem}`, created on first use and kept. Throws a
 * `UserError` if the id is not an AWS IoT thing name, or the certificate there was signed by another authority.
 */
export async function provisionDevice(data: string, id: string): Promise<Identity> {
  checkDeviceId(id);
  const authority = await ensureAuthority(data);
  const folder = path.join(data, 'devices', id);
  const { 'cert.pem': cert, 'key.pem': key } =
    (await readKeyFolder(folder, ['cert.pem', 'key.pem'])) ?? (await publishDevice(folder, id, authority));
  const todo = `Remove ${folder}; the device then gets a new certificate.`;
  checkKeyPair(
    { file: path.join(folder, 'cert.pem'), pem: cert },
    { file: path.join(folder, 'key.pem'), pem: key },
    todo,
  );
  if (!isIssuedBy(cert, authority))
    throw new UserError(`The certificate in ${folder} was not signed by the authority in ${path.join(data, 'ca')}.`, {
      todo,
    });
  const files = {
    cert: path.join(folder, 'cert.pem'),
    key: path.join(folder, 'key.pem'),
    ca: path.join(data, 'ca', 'ca.pem'),
  };
  return { thingName: id, cert, key, ca: authority.cert, files };
}

/** A new certificate for the broker on 127.0.0.1 and localhost; never stored. */
export async function serverCertificate(data: string): Promise<Credentials> {
  const authority = await ensureAuthority(data);
  const made = await issue(
    '127.0.0.1',
    [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
    authority,
  );
  return { ...made, ca: authority.cert };
}

/** The ids of all devices that have a folder in `<data>/devices`, sorted. */
export async function listDevices(data: string): Promise<string[]> {
  const entries = await readdir(path.join(data, 'devices'), { withFileTypes: true }).catch(ignoreMissing);
  return (entries ?? [])
    .filter(entry => entry.isDirectory() && isDeviceId(entry.name))
    .map(entry => entry.name)
    .sort();
}

/** Throws a `UserError` with exit code 2 if the id is not an AWS IoT thing name. */
export function checkDeviceId(id: string): void {
  if (!isDeviceId(id))
    throw new UserError(`Invalid device id '${id}'.`, {
      todo: 'A device id is an AWS IoT thing name: 1 to 128 of a-z A-Z 0-9 : _ -',
      exitCode: 2,
    });
}

async function publishDevice(folder: string, id: string, authority: Authority) {
  const { cert, key } = await issue(
    id,
    [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
    authority,
  );
  return publishKeyFolder(folder, { 'cert.pem': cert, 'key.pem': key });
}

async function issue(commonName: string, extensions: Extensions, ca?: Authority): Promise<Authority> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - CLOCK_SKEW_MS),
    notAfterDate: VALID_UNTIL,
    extensions,
    ...(ca === undefined ? {} : { ca }),
  });
  return { cert: made.cert, key: made.private };
}

/** A certificate with flipped bytes may still parse; checking its own signature finds them. */
function checkedAuthority(data: string, authority: Authority): Authority {
  const folder = path.join(data, 'ca');
  const [cert, key] = [path.join(folder, 'ca.pem'), path.join(folder, 'ca-key.pem')];
  const devices = path.join(data, 'devices');
  const todo = `Restore ${folder}, or remove it and ${devices}: both are made again, and each device needs its new files.`;
  checkKeyPair({ file: cert, pem: authority.cert }, { file: key, pem: authority.key }, todo);
  if (!isIssuedBy(authority.cert, authority)) throw new DamagedFile(cert, 'its signature is wrong', { todo });
  return authority;
}

function isIssuedBy(cert: string, authority: Authority): boolean {
  return new X509Certificate(cert).verify(new X509Certificate(authority.cert).publicKey);
}
