import { once } from 'node:events';
import { connect as tlsConnect } from 'node:tls';
import type { Identity } from '../../device/provision.ts';
import type { RunFile } from '../../infra/local/run-file.ts';
import { portOf } from './connections.ts';

/** Sends an ordinary request to each of the three ports. Throws if one does not answer correctly. */
export async function askOrdinarily(run: RunFile, device: Identity): Promise<void> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${run.accessKeyId}/edges`;
  for (const [url, headers] of [
    [`${run.endpoint}/`, { authorization }],
    [`${run.api}/datas/edge-device`, {}],
  ] as const) {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(20_000) });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
  }
  await connectMqtt(run, device);
}

async function connectMqtt(run: RunFile, { thingName, ca, cert, key }: Identity): Promise<void> {
  const socket = tlsConnect({ port: portOf(run, 'mqtt'), host: '127.0.0.1', ca, cert, key });
  socket.setTimeout(20_000, () => socket.destroy(new Error('the broker does not answer')));
  await once(socket, 'secureConnect');
  const id = Buffer.from(thingName);
  // MQTT 3.1.1 CONNECT with a clean session and a keep-alive of 60 s.
  const body = Buffer.concat([Buffer.from('\x00\x04MQTT\x04\x02\x00\x3c\x00', 'latin1'), Buffer.from([id.length]), id]);
  socket.write(Buffer.concat([Buffer.from([0x10, body.length]), body]));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  if (!answer.equals(Buffer.from([0x20, 2, 0, 0]))) throw new Error('the broker does not accept a device');
}
