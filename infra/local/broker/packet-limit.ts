import type { TLSSocket } from 'node:tls';
import { IOT_MAX_PAYLOAD_BYTES } from '../../../contract/contract.ts';

/** The largest payload, with room for the longest topic (256 bytes) and, of a CONNECT with a will, the client id (128). */
const MAX_PACKET_BYTES = IOT_MAX_PAYLOAD_BYTES + 1024;

/**
 * Follows the packets of one connection by their fixed headers (OASIS MQTT 3.1.1, 2.2), however the bytes are cut. The function
 * that it gives takes the next bytes and says what is wrong with them, before anybody has to keep the packet.
 */
export function followPackets(maxBytes = MAX_PACKET_BYTES): (chunk: Uint8Array) => string | undefined {
  /** Bytes of the packet that are still to come. */
  let left = 0;
  /** How many bytes of the fixed header were seen. */
  let seen = 0;
  let length = 0;
  return chunk => {
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const taken = Math.min(left, chunk.length - at);
        left -= taken;
        at += taken;
        continue;
      }
      const byte = chunk[at++] ?? 0;
      if (seen++ === 0) continue;
      length += (byte & 0x7f) * 128 ** (seen - 2);
      if (length > maxBytes) return `a packet of ${length} bytes or more, over the ${maxBytes} that AWS IoT takes`;
      if (byte & 0x80) {
        if (seen > 4) return 'a packet whose length has no end';
        continue;
      }
      left = length;
      seen = 0;
      length = 0;
    }
    return undefined;
  };
}

/** Closes the connection at a packet that is too large; what came of it is not kept. `refused` is told why. */
export function limitPackets(socket: TLSSocket, refused: (detail: string) => void): void {
  const check = followPackets();
  const read = socket.read.bind(socket);
  // Aedes takes all of its bytes from here. A stream between the two would cost each message another turn.
  socket.read = (size?: number): Buffer | null => {
    // No encoding is set: chunks are Buffers.
    const chunk = read(size) as Buffer | null;
    const detail = chunk === null ? undefined : check(chunk);
    if (detail === undefined) return chunk;
    refused(detail);
    socket.destroy();
    return null;
  };
}
