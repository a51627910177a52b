import type { Socket } from 'node:net';
import type { Server } from 'node:tls';
import { countConnections } from '../../emulator/wire/connections.ts';

/** How many devices a broker serves, and how long it waits for each. */
export interface BrokerLimits {
  /** Connections at a time; beyond, one that has not finished its handshake gives way, or the new one is closed. */
  connections: number;
  /** From TCP's connection to the end of TLS's handshake. */
  handshakeMs: number;
  /** From there to MQTT's CONNECT. */
  connectMs: number;
}

export const BROKER_LIMITS: BrokerLimits = { connections: 5_000, handshakeMs: 10_000, connectMs: 10_000 };

/** Bounds the connections of a TLS server, and closes those whose handshake fails or does not end: Node tells of it, and no more. */
export function boundConnections(server: Server, most: number, refused: (detail: string) => void): void {
  const connections = countConnections(most);
  /** Before their handshake has ended. */
  const raw = new Map<number | undefined, Socket>();
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    if (!connections.admit(socket)) {
      refused(`there are ${most} connections, which is as many as this broker takes`);
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
