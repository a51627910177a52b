import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { compareUtf8 } from '../../infra/emulator/s3/walk-keys.ts';

/** Objects by `bucket/key`. */
export type Objects = Map<string, Buffer>;

interface Input {
  Bucket: string;
  Key: string;
  Prefix?: string;
  ContinuationToken?: string;
  IfNoneMatch?: string;
  Body?: Uint8Array;
}

/**
 * A client whose S3 is a map, for properties of thousands of cases: the local S3 syncs every write to disk before it
 * responds. Its pages are short. The request `killedAt` is executed but not answered; from then on its process is
 * dead.
 */
export function memoryS3(objects: Objects, { killedAt = Number.POSITIVE_INFINITY, pageKeys = 3 } = {}): S3Client {
  let requests = 0;
  async function send(command: { input: Input }): Promise<unknown> {
    const request = ++requests;
    // As over a network, the response comes later.
    await Promise.resolve();
    if (request > killedAt) throw new Error('killed');
    const output = answer(objects, command, pageKeys);
    if (request === killedAt) throw new Error('killed');
    return output;
  }
  // Only `send` is called, and the rest of the SDK takes ten times as long.
  return { send } as unknown as S3Client;
}

function answer(objects: Objects, command: { input: Input }, pageKeys: number): unknown {
  const { input } = command;
  const name = `${input.Bucket}/${input.Key}`;
  if (command instanceof ListObjectsV2Command) return list(objects, input, pageKeys);
  if (command instanceof PutObjectCommand) {
    if (input.IfNoneMatch === '*' && objects.has(name)) throw precondition();
    objects.set(name, Buffer.from(input.Body ?? []));
    return {};
  }
  if (!(command instanceof GetObjectCommand)) throw new Error(`no test has met ${command.constructor.name} yet`);
  const object = objects.get(name);
  if (object === undefined) throw new NoSuchKey({ message: name, $metadata: { httpStatusCode: 404 } });
  return { Body: { transformToByteArray: async () => object } };
}

function list(objects: Objects, { Bucket, Prefix = '', ContinuationToken = '' }: Input, pageKeys: number) {
  const keys = [...objects.keys()]
    .filter(name => name.startsWith(`${Bucket}/${Prefix}`))
    .map(name => name.slice(Bucket.length + 1))
    .filter(key => compareUtf8(key, ContinuationToken) > 0)
    .sort(compareUtf8);
  const page = keys.slice(0, pageKeys);
  const Contents = page.map(Key => ({
    Key,
    Size: objects.get(`${Bucket}/${Key}`)?.length,
    LastModified: new Date(0),
  }));
  return { Contents, IsTruncated: keys.length > pageKeys, NextContinuationToken: page.at(-1) };
}

function precondition(): S3ServiceException {
  return new S3ServiceException({
    ...{ name: 'PreconditionFailed', message: 'there is one', $fault: 'client' },
    $metadata: { httpStatusCode: 412 },
  });
}
