import type { TLSSocket } from 'node:tls';
import { IOT_MAX_PAYLOAD_BYTES } from '../../../contract/contract.ts';

/**
 * The largest payload plus room for the longest topic (256 bytes) and, for a CONNECT with a will, the client id (128).
 */
const MAX_PACKET_BYTES = IOT_MAX_PAYLOAD_BYTES + 1024;

/**
 * Tracks the packets of one connection by their fixed headers (OASIS MQTT 3.1.1, 2.2), however the bytes are split. The
 * returned function takes the next chunk and returns what is wrong with it, before the packet is buffered anywhere.
 */
export function followPackets(maxBytes = MAX_PACKET_BYTES): (chunk: Uint8Array) => string | undefined {
  /** Remaining bytes of the current packet. */
  let left = 0;
  /** Bytes of the fixed header seen so far. */
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
      if (length > maxBytes) return `a packet of at least ${length} bytes, over AWS IoT's limit of ${maxBytes}`;
      if (byte & 0x80) {
        if (seen > 4) return 'a packet with a malformed length';
        continue;
      }
      left = length;
      seen = 0;
      length = 0;
    }
    return undefined;
  };
}

/**
 * Closes the connection on a packet that is too large, and discards what arrived of it. Calls `refused` with the
 * reason.
 */
export function limitPackets(socket: TLSSocket, refused: (detail: string) => void): void {
  const check = followPackets();
  const read = socket.read.bind(socket);
  // Aedes reads all bytes through this method. A stream in between would cost an extra turn per message.
  socket.read = (size?: number): Buffer | null => {
    // Without an encoding, chunks are Buffers.
    const chunk = read(size) as Buffer | null;
    const detail = chunk === null ? undefined : check(chunk);
    if (detail === undefined) return chunk;
    refused(detail);
    socket.destroy();
    return null;
  };
}
