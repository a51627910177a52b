import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { DamagedFile } from '../lake/damaged-file.ts';

/** A PEM text and its file. */
export interface PemFile {
  file: string;
  pem: string;
}

/** The certificate in a file. Throws a `DamagedFile`, with `todo`, if it is not one. */
export function readCertificate({ file, pem }: PemFile, todo: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new DamagedFile(file, 'it is not a certificate in PEM', { todo, cause });
  }
}

/** Checks that a certificate and a private key are readable and match. Throws a `DamagedFile` with `todo`. */
export function checkKeyPair(certificate: PemFile, key: PemFile, todo: string): void {
  const read = readCertificate(certificate, todo);
  if (!read.checkPrivateKey(readKey(key, todo)))
    throw new DamagedFile(key.file, `it is not the key of ${certificate.file}`, { todo });
}

function readKey({ file, pem }: PemFile, todo: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new DamagedFile(file, 'it is not a private key in PEM', { todo, cause });
  }
}
