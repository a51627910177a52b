/** A device of the deployed lake: an AWS IoT thing with an active certificate and the deployment's policy. */
import { X509Certificate } from 'node:crypto';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateKeysAndCertificateCommand,
  CreateThingCommand,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  type IoTClient,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot';
import { UserError } from '../contract/user-error.ts';
import { parseRecord } from '../lake/damaged-file.ts';
import { publishKeyFolder, readKeyFolder } from './key-folder.ts';
import { checkKeyPair, readCertificate } from './key-pair.ts';
import { checkDeviceId, type Identity } from './provision.ts';

/**
 * Where things are created: the account's AWS IoT, the deployment's policy, and the folder that holds
 * `devices/<id>/`.
 */
export interface ThingOptions {
  iot: IoTClient;
  policy: string;
  folder: string;
}

const FILES = ['cert.pem', 'key.pem', 'amazon-root-ca.pem', 'certificate.json'] as const;
type Files = Record<(typeof FILES)[number], string>;

/** The content of `certificate.json`. */
interface CertificateName {
  certificateId: string;
  certificateArn: string;
}

/**
 * Creates a thing and a certificate for it, and attaches the policy; the files go to `<folder>/devices/<id>/`. Keeps
 * what already exists, so the next call completes an interrupted one. Throws a `UserError` if the id is not a thing
 * name, the policy does not exist, or the certificate was deactivated or belongs to another account.
 */
export async function provisionThing(options: ThingOptions, id: string): Promise<Identity> {
  checkDeviceId(id);
  const { iot, policy, folder } = options;
  await iot.send(new CreateThingCommand({ thingName: id })).catch((error: unknown) => {
    // The thing already exists, with other attributes.
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  });
  const known = await readKeyFolder(deviceFolder(folder, id), FILES);
  if (known !== undefined) await checkActive(iot, known, deviceFolder(folder, id));
  const files = known ?? (await makeCertificate(iot, deviceFolder(folder, id)));
  const { certificateArn } = certificateName(files, deviceFolder(folder, id));
  await iot.send(new AttachPolicyCommand({ policyName: policy, target: certificateArn })).catch((cause: unknown) => {
    if (!(cause instanceof ResourceNotFoundException)) throw cause;
    throw new UserError(`AWS IoT has no policy ${policy}.`, { todo: 'Deploy the stage again: docs/aws.md', cause });
  });
  await iot.send(new AttachThingPrincipalCommand({ thingName: id, principal: certificateArn }));
  return identityOf(folder, id, files);
}

/** Reads the identity of a device created by `provisionThing` from its folder; undefined if there is none. */
export async function readThing(folder: string, id: string): Promise<Identity | undefined> {
  checkDeviceId(id);
  const files = await readKeyFolder(deviceFolder(folder, id), FILES);
  return files === undefined ? undefined : identityOf(folder, id, files);
}

/** Amazon's root certificates, PEM, from Node's list: they sign the device gateways of AWS IoT. */
export function amazonRoots(): string {
  const roots = rootCertificates.filter(pem => /^CN=Amazon Root CA \d$/m.test(new X509Certificate(pem).subject));
  return `${roots.join('\n')}\n`;
}

function deviceFolder(folder: string, id: string): string {
  return path.join(folder, 'devices', id);
}

/** A new certificate without a policy has no permissions; it is removed again if another process was faster. */
async function makeCertificate(iot: IoTClient, folder: string): Promise<Files> {
  const made = await iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }));
  const { certificateId = '', certificateArn = '', certificatePem = '', keyPair } = made;
  const name: CertificateName = { certificateId, certificateArn };
  const kept = await publishKeyFolder<keyof Files>(folder, {
    'cert.pem': certificatePem,
    'key.pem': keyPair?.PrivateKey ?? '',
    'amazon-root-ca.pem': amazonRoots(),
    'certificate.json': `${JSON.stringify(name, null, 2)}\n`,
  });
  if (certificateName(kept, folder).certificateId !== certificateId) {
    await iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }));
    await iot.send(new DeleteCertificateCommand({ certificateId }));
  }
  return kept;
}

/** A certificate that someone deactivated is not reactivated silently. */
async function checkActive(iot: IoTClient, files: Files, folder: string): Promise<void> {
  const { certificateId, certificateArn } = certificateName(files, folder);
  try {
    const { certificateDescription } = await iot.send(new DescribeCertificateCommand({ certificateId }));
    const status = certificateDescription?.status ?? 'unknown';
    if (status === 'ACTIVE') return;
    throw new UserError(`The certificate in ${folder} is ${status} in AWS IoT.`, {
      todo: `Activate it with: aws iot update-certificate --new-status ACTIVE --certificate-id ${certificateId}`,
    });
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new UserError(`AWS IoT does not know the certificate in ${folder}: ${certificateArn}.`, {
      todo: `Choose its account and region with AWS_PROFILE and AWS_REGION, or remove ${folder}: a new certificate is then created.`,
      cause: error,
    });
  }
}

function certificateName(files: Files, folder: string): CertificateName {
  return parseRecord<CertificateName>(files['certificate.json'], {
    file: path.join(folder, 'certificate.json'),
    members: ['certificateId', 'certificateArn'],
    todo: `Restore it. Or remove ${folder}, which creates a new certificate, and deactivate the old one in AWS IoT.`,
  });
}

function identityOf(folder: string, id: string, files: Files): Identity {
  const at = (name: keyof Files) => path.join(deviceFolder(folder, id), name);
  const pemOf = (name: keyof Files) => ({ file: at(name), pem: files[name] });
  const todo = `Restore it, or remove ${deviceFolder(folder, id)}, deactivate its certificate, and add the device again.`;
  checkKeyPair(pemOf('cert.pem'), pemOf('key.pem'), todo);
  readCertificate(pemOf('amazon-root-ca.pem'), todo);
  return {
    thingName: id,
    cert: files['cert.pem'],
    key: files['key.pem'],
    ca: files['amazon-root-ca.pem'],
    files: { cert: at('cert.pem'), key: at('key.pem'), ca: at('amazon-root-ca.pem') },
  };
}
