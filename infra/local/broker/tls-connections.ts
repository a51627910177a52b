import type { Socket } from 'node:net';
import type { Server } from 'node:tls';
import { countConnections } from '../../emulator/wire/connections.ts';

/** A broker's limits on connections and waiting times. */
export interface BrokerLimits {
  /**
   * Most open connections. Beyond it, the oldest one still in its handshake is dropped; if none is, the new one is
   * closed.
   */
  connections: number;
  /** From the TCP connection to the end of the TLS handshake. */
  handshakeMs: number;
  /** From the end of the TLS handshake to MQTT's CONNECT. */
  connectMs: number;
}

export const BROKER_LIMITS: BrokerLimits = { connections: 5_000, handshakeMs: 10_000, connectMs: 10_000 };

/** Limits a TLS server's connections and closes those whose handshake fails or times out, which Node only reports. */
export function boundConnections(server: Server, most: number, refused: (detail: string) => void): void {
  const connections = countConnections(most);
  /** Sockets whose handshake has not ended. */
  const raw = new Map<number | undefined, Socket>();
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    if (!connections.admit(socket)) {
      refused(`the broker has reached its limit of ${most} connections`);
      socket.destroy();
      return;
    }
    raw.set(remotePort, socket);
    socket.once('close', () => {
      if (raw.get(remotePort) === socket) raw.delete(remotePort);
    });
  });
  server.on('secureConnection', ({ remotePort }) => {
    const socket = raw.get(remotePort);
    if (socket === undefined) return;
    connections.heard(socket);
    raw.delete(remotePort);
  });
  server.on('tlsClientError', (error, socket) => {
    refused(error.message);
    socket.destroy();
  });
}
