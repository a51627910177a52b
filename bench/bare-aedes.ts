/** The baseline of the publishing benchmark: aedes alone with the same mutual TLS, storing nothing. Prints its port. */
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { Aedes } from 'aedes';
import { serverCertificate } from '../device/provision.ts';

const [data = ''] = process.argv.slice(2);
const aedes = await Aedes.createBroker();
const certificate = await serverCertificate(data);
const server = createServer({ ...certificate, requestCert: true, rejectUnauthorized: true }, aedes.handle);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.on('SIGTERM', () => process.exit(0));
