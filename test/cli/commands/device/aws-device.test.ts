import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { command } from '../../../../cli/commands/device/device.ts';
import { provisionDevice, serverCertificate } from '../../../../device/provision.ts';
import { amazonRoots } from '../../../../device/thing.ts';
import { startBroker } from '../../../../infra/local/broker.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { contract } from '../../../workshop-contract.ts';
import { type Call, parameterOf, published, type Script, scriptedAws, sdkEnvironment } from '../../scripted-aws.ts';

const ARN = 'arn:aws:iot:eu-central-1:123456789012';

/** An AWS IoT that issues certificates of the local authority in `data`, and knows those that it issued. */
function scriptedIot(data: string, issuedFor: string): Script {
  const status = new Map<string, string>();
  return {
    [`POST /things/${issuedFor}`]: { body: { thingName: issuedFor } },
    'POST /keys-and-certificate': async () => {
      const { cert, key } = await provisionDevice(data, issuedFor);
      const certificateId = createHash('sha256').update(`${cert}${status.size}`).digest('hex');
      status.set(certificateId, 'ACTIVE');
      for (const id of status.keys())
        Object.assign(script, {
          [`GET /certificates/${id}`]: () => ({ body: { certificateDescription: { status: status.get(id) } } }),
          [`PUT /certificates/${id}`]: ({ query }: Call) => {
            status.set(id, query.newStatus ?? '');
            return {};
          },
          [`DELETE /certificates/${id}`]: () => {
            status.delete(id);
            return {};
          },
        });
      return {
        body: {
          ...{ certificateId, certificateArn: `${ARN}:cert/${certificateId}`, certificatePem: cert },
          keyPair: { PrivateKey: key },
        },
      };
    },
    'PUT /target-policies/sluice-main-device': {},
    [`PUT /things/${issuedFor}/principals`]: {},
    'GET /endpoint': { body: { endpointAddress: 'a1b2c3-ats.iot.eu-central-1.amazonaws.com' } },
  };
}

let script: Script;

/** The command over a data folder of its own, with the scripted AWS. */
async function account(more: (data: string) => Script = () => ({}), deployment = published()) {
  const [data, authority] = [await temporaryFolder(), await temporaryFolder()];
  script = { ...parameterOf(deployment), ...scriptedIot(authority, 'device-001'), ...more(data) };
  const aws = await scriptedAws(script);
  await sdkEnvironment({ AWS_ENDPOINT_URL: aws.url });
  let clock = Date.UTC(2026, 10, 21, 12);
  const run = async (...args: string[]) => {
    // A clock that runs: what is due in the future comes at once.
    const effects = recordedEffects({ cwd: data, now: () => (clock += 1_000) });
    const code = await command.run([...args, '--aws', '--data', data], effects);
    return { code, out: effects.out(), err: effects.err() };
  };
  return { data, authority, calls: aws.calls, run, folder: path.join(data, 'aws/main/devices/device-001') };
}

const iotCalls = (calls: Call[]) => calls.map(({ name }) => name).filter(name => !name.startsWith('AmazonSSM'));

test('add makes the thing, an active certificate, and attaches the policy and the thing to it', async () => {
  const { run, calls, folder } = await account();
  const { code, out } = await run('add', 'device-001', '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([
    {
      id: 'device-001',
      certificate: path.join(folder, 'cert.pem'),
      privateKey: path.join(folder, 'key.pem'),
      authority: path.join(folder, 'amazon-root-ca.pem'),
      topic: 'data/device-001',
      endpoint: 'mqtts://a1b2c3-ats.iot.eu-central-1.amazonaws.com:8883',
    },
  ]);
  expect(calls.find(({ name }) => name === 'GET /endpoint')?.query).toEqual({ endpointType: 'iot:Data-ATS' });
  expect(calls.find(({ name }) => name === 'POST /keys-and-certificate')?.query).toEqual({ setAsActive: 'true' });
  const { certificateArn } = JSON.parse(await readFile(path.join(folder, 'certificate.json'), 'utf8'));
  expect(certificateArn).toContain(`${ARN}:cert/`);
  const attached = calls.find(({ name }) => name.startsWith('PUT /target-policies/'));
  expect(JSON.parse(attached?.body ?? '')).toEqual({ target: certificateArn });
  const bound = calls.find(({ name }) => name === 'PUT /things/device-001/principals');
  expect(bound?.headers['x-amzn-principal']).toBe(certificateArn);
  expect((await stat(path.join(folder, 'key.pem'))).mode & 0o777).toBe(0o600);
  expect((await run('list')).out).toBe('device-001\n');
});

test('adding again makes nothing new, and finishes what was interrupted', async () => {
  let isDown = true;
  const { run, calls, folder } = await account(() => ({
    'PUT /target-policies/sluice-main-device': () =>
      isDown ? { error: 'ServiceUnavailableException', status: 503 } : {},
  }));
  await expect(run('add', 'device-001')).rejects.toThrow();
  const made = await readFile(path.join(folder, 'cert.pem'), 'utf8');
  isDown = false;
  expect((await run('add', 'device-001')).code).toBe(0);
  expect((await run('add', 'device-001')).code).toBe(0);
  expect(await readFile(path.join(folder, 'cert.pem'), 'utf8')).toBe(made);
  expect(iotCalls(calls).filter(name => name === 'POST /keys-and-certificate')).toHaveLength(1);
  expect(iotCalls(calls).slice(-4)).toEqual([
    'POST /things/device-001',
    expect.stringMatching(/^GET \/certificates\//),
    'PUT /target-policies/sluice-main-device',
    'PUT /things/device-001/principals',
  ]);
});

test('two calls at once leave one certificate', async () => {
  const { run, calls } = await account();
  await Promise.all([run('add', 'device-001'), run('add', 'device-001')]);
  const made = iotCalls(calls).filter(name => name === 'POST /keys-and-certificate').length;
  const removed = iotCalls(calls).filter(name => name.startsWith('DELETE /certificates/')).length;
  expect(made - removed).toBe(1);
});

test('a certificate that was deactivated stays so, and says how to activate it', async () => {
  const { run, folder, calls } = await account();
  await run('add', 'device-001');
  const { certificateId } = JSON.parse(await readFile(path.join(folder, 'certificate.json'), 'utf8'));
  script[`GET /certificates/${certificateId}`] = { body: { certificateDescription: { status: 'INACTIVE' } } };
  await expect(run('add', 'device-001')).rejects.toMatchObject({
    message: expect.stringMatching(/INACTIVE/),
    todo: expect.stringContaining(`aws iot update-certificate --new-status ACTIVE --certificate-id ${certificateId}`),
  });
  expect(iotCalls(calls).filter(name => name.startsWith('PUT /certificates/'))).toEqual([]);
  script[`GET /certificates/${certificateId}`] = { error: 'ResourceNotFoundException', status: 404 };
  await expect(run('add', 'device-001')).rejects.toMatchObject({
    message: expect.stringContaining(folder),
    todo: expect.stringContaining('AWS_PROFILE'),
  });
});

test.each([
  [
    'a policy that is not there',
    { 'PUT /target-policies/sluice-main-device': { error: 'ResourceNotFoundException', status: 404 } },
    expect.stringContaining('sluice-main-device'),
  ],
  [
    'missing rights',
    { 'POST /things/device-001': { error: 'UnauthorizedException', status: 401 } },
    expect.stringContaining('UnauthorizedException'),
  ],
])('%s fails with what to do', async (_what, more: Script, message) => {
  const { run } = await account(() => more);
  await expect(run('add', 'device-001')).rejects.toMatchObject({ name: 'UserError', message });
});

test('a thing that somebody made with attributes is taken', async () => {
  const { run } = await account(() => ({
    'POST /things/device-001': { error: 'ResourceAlreadyExistsException', status: 409 },
  }));
  expect((await run('add', 'device-001')).code).toBe(0);
});

test('run and replay publish to the gateway with the certificate, at 100 messages a second where no rate is given', async () => {
  const stored: string[] = [];
  const authority = await temporaryFolder();
  const tls = await serverCertificate(authority);
  const broker = await startBroker({ port: 0, tls, contract, accept: async topic => void stored.push(topic) });
  onTestFinished(() => broker.close());
  const { run, data, folder } = await account(
    () => scriptedIot(authority, 'device-001'),
    published({ iotEndpoint: new URL(broker.url).host }),
  );
  await expect(run('run', 'device-001', '--count', '1')).rejects.toMatchObject({
    message: expect.stringMatching(/device-001 .*stage main/),
    todo: expect.stringContaining('sluice device add device-001 --aws --stage main'),
  });
  await run('add', 'device-001');
  // The broker of this test is none of Amazon's. (A refused handshake is not tried: the SDK tells of it after 20 s.)
  expect(await readFile(path.join(folder, 'amazon-root-ca.pem'), 'utf8')).toBe(amazonRoots());
  await writeFile(path.join(folder, 'amazon-root-ca.pem'), tls.ca);
  expect((await run('run', 'device-001', '--count', '2', '--interval', '10ms')).code).toBe(0);
  const line = '{"DEVICE_NAME":"device-001","TIMESTAMP":"2020-07-13T00:00:00","TEMPERATURE":20}\n';
  await mkdir(path.join(data, 'in'));
  await writeFile(path.join(data, 'in/a.jsonl'), line.repeat(3));
  expect((await run('replay', 'in')).code).toBe(0);
  expect(stored).toEqual(Array(5).fill('data/device-001'));
});

test('a gateway that is out of reach is told with what to look at', async () => {
  const { run } = await account(undefined, published({ iotEndpoint: '127.0.0.1:9' }));
  await run('add', 'device-001');
  await expect(run('run', 'device-001', '--count', '1')).rejects.toMatchObject({
    message: expect.stringContaining('127.0.0.1:9'),
    todo: expect.stringContaining('8883'),
  });
});

test("Amazon's roots come with Node: the four that sign device gateways", () => {
  const roots = amazonRoots().match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const names = roots.map(pem => /CN=(.*)/.exec(new X509Certificate(pem).subject)?.[1]);
  expect(names).toEqual(['Amazon Root CA 1', 'Amazon Root CA 2', 'Amazon Root CA 3', 'Amazon Root CA 4']);
});
