import { connect as tlsConnect } from 'node:tls';

/** One MQTT 3.1.1 packet as received: its type (OASIS MQTT 3.1.1, table 2.1) and the bytes after the fixed header. */
export interface Packet {
  type: number;
  body: Buffer;
}

export const CONNACK = 2;
export const PUBACK = 4;
export const SUBACK = 9;

export interface RawClient {
  send(...packets: Buffer[]): void;
  /** The next packet, or 'closed' if the broker closed the connection. */
  next(): Promise<Packet | 'closed'>;
  /** Cuts the connection without a DISCONNECT. */
  cut(): void;
}

/** An MQTT client that sends whatever a test needs, including what a well-behaved library would not. */
export async function rawClient(
  port: number,
  tls: { ca: string; cert?: string; key?: string },
  maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3',
): Promise<RawClient> {
  const socket = tlsConnect({ host: '127.0.0.1', port, ...tls, maxVersion });
  const received: (Packet | 'closed')[] = [];
  let wake = () => {};
  let buffered = Buffer.alloc(0);
  const push = (item: Packet | 'closed') => {
    received.push(item);
    wake();
  };
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    // Every packet that the broker sends here is shorter than 128 bytes, so its length takes one byte.
    while (buffered.length >= 2 && buffered.length >= 2 + (buffered[1] ?? 0)) {
      const end = 2 + (buffered[1] ?? 0);
      push({ type: (buffered[0] ?? 0) >> 4, body: buffered.subarray(2, end) });
      buffered = buffered.subarray(end);
    }
  });
  socket.on('close', () => push('closed'));
  // With TLS 1.3 a refused certificate shows as an error after the handshake; the close event follows either way.
  socket.on('error', () => {});
  await new Promise<void>(resolve => {
    socket.once('secureConnect', resolve).once('close', () => resolve());
  });
  return {
    send: (...packets) => socket.write(Buffer.concat(packets)),
    async next() {
      while (received.length === 0)
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      return received.shift() as Packet | 'closed';
    },
    cut: () => socket.destroy(),
  };
}

export function connectPacket(clientId: string, will?: { topic: string; payload: string; retain?: boolean }): Buffer {
  // Clean session, and a will of QoS 1 if given.
  const flags = 0x02 | (will === undefined ? 0 : 0x0c) | (will?.retain ? 0x20 : 0);
  const parts = [text('MQTT'), Buffer.from([4, flags, 0, 60]), text(clientId)];
  if (will !== undefined) parts.push(text(will.topic), text(will.payload));
  return packet(0x10, Buffer.concat(parts));
}

export function publishPacket(
  topic: string,
  payload: string | Buffer,
  { qos = 1, id = 1, retain = false }: { qos?: number; id?: number; retain?: boolean } = {},
): Buffer {
  const head = qos === 0 ? [text(topic)] : [text(topic), Buffer.from([id >> 8, id & 0xff])];
  return packet(0x30 | (qos << 1) | (retain ? 1 : 0), Buffer.concat([...head, Buffer.from(payload)]));
}

export function subscribePacket(topic: string, qos = 1): Buffer {
  return packet(0x82, Buffer.concat([Buffer.from([0, 7]), text(topic), Buffer.from([qos])]));
}

function packet(header: number, body: Buffer): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([header, ...length]), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
