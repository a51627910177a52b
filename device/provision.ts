import { randomUUID, X509Certificate } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { generate } from 'selfsigned';
import { isDeviceId } from '../contract/reading.ts';
import { UserError } from '../contract/user-error.ts';

/** A certificate with its private key and the authority that signed it, all PEM. */
export interface Credentials {
  key: string;
  cert: string;
  ca: string;
}

/** What a device needs to connect: its thing name is the common name of its certificate. */
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

/** Certificates of AWS IoT Core end then, too. */
const VALID_UNTIL = new Date('2049-12-31T23:59:59Z');
const CLOCK_SKEW_MS = 86_400_000;

/** The authority in `<data>/ca`, made on first use. However many processes ask at once, there is one. */
export async function ensureAuthority(data: string): Promise<Authority> {
  const folder = path.join(data, 'ca');
  const existing = await readPair(folder, 'ca.pem', 'ca-key.pem');
  if (existing !== undefined) return existing;
  const made = await issue('Sluice local CA', [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
  return publishPair(folder, 'ca.pem', 'ca-key.pem', made);
}

/**
 * The identity of a device in `<data>/devices/<id>/{cert.pem,key.pem}`, made on first use and the same ever after.
 * Throws a `UserError` where the id is no AWS IoT thing name, or what lies there was signed by another authority.
 */
export async function provisionDevice(data: string, id: string): Promise<Identity> {
  if (!isDeviceId(id))
    throw new UserError(`'${id}' is no device id.`, {
      todo: 'A device id is an AWS IoT thing name: 1 to 128 of a-z A-Z 0-9 : _ -',
      exitCode: 2,
    });
  const authority = await ensureAuthority(data);
  const folder = path.join(data, 'devices', id);
  const pair =
    (await readPair(folder, 'cert.pem', 'key.pem')) ??
    (await publishPair(folder, 'cert.pem', 'key.pem', await issueDevice(id, authority)));
  if (!isIssuedBy(pair.cert, authority))
    throw new UserError(`The certificate in ${folder} was not signed by the authority in ${path.join(data, 'ca')}.`, {
      todo: `Remove ${folder}; the device then gets a new certificate.`,
    });
  const files = {
    cert: path.join(folder, 'cert.pem'),
    key: path.join(folder, 'key.pem'),
    ca: path.join(data, 'ca', 'ca.pem'),
  };
  return { thingName: id, cert: pair.cert, key: pair.key, ca: authority.cert, files };
}

/** A fresh certificate for the broker on 127.0.0.1 and localhost; nothing of it is kept. */
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

/** The ids of all devices that were provisioned in this data folder, sorted. */
export async function listDevices(data: string): Promise<string[]> {
  const entries = await readdir(path.join(data, 'devices'), { withFileTypes: true }).catch(ignoreMissing);
  return (entries ?? [])
    .filter(entry => entry.isDirectory() && isDeviceId(entry.name))
    .map(entry => entry.name)
    .sort();
}

function issueDevice(id: string, authority: Authority): Promise<Authority> {
  return issue(
    id,
    [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
    authority,
  );
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

function isIssuedBy(cert: string, authority: Authority): boolean {
  return new X509Certificate(cert).verify(new X509Certificate(authority.cert).publicKey);
}

async function readPair(folder: string, certName: string, keyName: string): Promise<Authority | undefined> {
  const read = (name: string) => readFile(path.join(folder, name), 'utf8').catch(ignoreMissing);
  const [cert, key] = await Promise.all([read(certName), read(keyName)]);
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert === undefined && key === undefined) return undefined;
  throw new UserError(`${folder} lacks ${cert === undefined ? certName : keyName}.`, {
    todo: `Bring it back, or remove ${folder} to have a new one made.`,
  });
}

/**
 * Certificate and key appear together, by the rename of their folder: whoever comes second finds the name taken,
 * and uses what the first one made.
 */
async function publishPair(folder: string, certName: string, keyName: string, made: Authority): Promise<Authority> {
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  // A tilde is in no device id.
  const temporary = path.join(parent, `~${randomUUID()}`);
  try {
    await mkdir(temporary, { mode: 0o700 });
    await writeSynced(path.join(temporary, certName), made.cert, 0o644);
    await writeSynced(path.join(temporary, keyName), made.key, 0o600);
    await syncFolder(temporary);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!isTaken(error)) throw error;
    const first = await readPair(folder, certName, keyName);
    if (first === undefined)
      throw new UserError(`${folder} holds other files, but neither ${certName} nor ${keyName}.`, {
        todo: `Remove ${folder} to have it made anew.`,
      });
    return first;
  }
  await syncFolder(parent);
  return made;
}

async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isTaken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOTEMPTY' || code === 'EEXIST';
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
