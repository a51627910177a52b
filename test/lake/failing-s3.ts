import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import type { RunningLake } from './running-lake.ts';

/**
 * A client of the lake's S3 whose process is killed at a request, counted from 1: S3 executes it, the response is
 * lost, and nothing is sent after it. Without `killedAt` it only counts.
 */
export function failingS3({ lake }: RunningLake, killedAt = Number.POSITIVE_INFINITY) {
  const s3 = new S3Client({ ...lake.aws });
  let requests = 0;
  s3.middlewareStack.add(
    next => async call => {
      const request = ++requests;
      if (request > killedAt) throw new Killed();
      const answer = await next(call);
      if (request === killedAt) throw new Killed();
      return answer;
    },
    { step: 'initialize' },
  );
  return { s3, requests: () => requests };
}

/** The error that ends the attempt; a killed caller would not see it. */
export class Killed extends Error {
  override name = 'Killed';
}

/** A client for which S3 responds to a GET as for an archived object if the path begins with `start`. */
export function archivingS3({ lake }: RunningLake, start: string): S3Client {
  const s3 = new S3Client({ ...lake.aws });
  const refusal = '<Error><Code>InvalidObjectState</Code><StorageClass>GLACIER</StorageClass></Error>';
  s3.middlewareStack.add(
    next => async call => {
      const { method, path, query } = call.request as { method: string; path: string; query: Record<string, string> };
      if (method !== 'GET' || !path.startsWith(start) || 'list-type' in query) return next(call);
      const response = { statusCode: 403, headers: {}, body: Readable.from([Buffer.from(refusal)]) };
      return { response } as never;
    },
    { step: 'deserialize', priority: 'low' },
  );
  return s3;
}
