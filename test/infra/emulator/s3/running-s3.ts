import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { createS3 } from '../../../../infra/emulator/s3/s3.ts';
import { startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';

export const BUCKET = 'lake-bucket';
const ACCESS_KEY = 'LOCALTESTKEY';

export interface RawReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** An S3 service on a free port over a new temporary folder, with one bucket, and ways to call it. */
export interface RunningS3 {
  root: string;
  url: string;
  client: S3Client;
  connect(config?: S3ClientConfig): S3Client;
  /** Sends what the SDK would not: `path` is sent unchanged. */
  raw(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: string | Buffer },
  ): Promise<RawReply>;
  /** Every file under the root, relative to it. */
  files(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function runS3(): Promise<RunningS3> {
  const parent = await mkdtemp(path.join(tmpdir(), 'sluice-s3-'));
  const root = path.join(parent, 's3');
  const endpoint = await startEndpoint({
    port: 0,
    accessKeyId: ACCESS_KEY,
    services: [],
    s3: createS3({ root }).handle,
  });
  const clients: S3Client[] = [];
  const connect = (config: S3ClientConfig = {}) => {
    const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: 'any' };
    const client = new S3Client({
      region: 'eu-central-1',
      endpoint: endpoint.url,
      credentials,
      maxAttempts: 1,
      ...config,
    });
    clients.push(client);
    return client;
  };
  const raw: RunningS3['raw'] = (method, target, { headers = {}, body } = {}) =>
    sendRaw(endpoint.url, { method, path: target, headers, body });
  await raw('PUT', `/${BUCKET}`);
  return {
    root,
    url: endpoint.url,
    client: connect(),
    connect,
    raw,
    files: async () => {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const files = entries.filter(entry => !entry.isDirectory());
      return files.map(entry => path.relative(root, path.join(entry.parentPath, entry.name))).sort();
    },
    stop: async () => {
      for (const client of clients) client.destroy();
      await endpoint.close();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

interface RawRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
}

function sendRaw(url: string, { method, path: target, headers, body }: RawRequest): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY}/test`;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, method, path: target, headers: { authorization, ...length, ...headers } },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
