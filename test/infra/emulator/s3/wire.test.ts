import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { crc32 } from 'node:zlib';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeAwsChunked } from '../../../../infra/emulator/s3/aws-chunked.ts';
import { ALGORITHMS, checksumOf } from '../../../../infra/emulator/s3/checksum.ts';
import { S3Error } from '../../../../infra/emulator/wire/s3-error.ts';
import { BUCKET as Bucket, type RunningS3, runS3 } from './running-s3.ts';

let s3: RunningS3;
beforeAll(async () => {
  s3 = await runS3();
});
afterAll(() => s3.stop());

const name = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.name,
  );
const crcOf = (text: string) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64');
};

test('checksums match the catalogue of parametrised CRCs', () => {
  const hex = ALGORITHMS.map(algorithm =>
    Buffer.from(checksumOf(algorithm, Buffer.from('123456789')), 'base64').toString('hex'),
  );
  expect(hex.slice(0, 3)).toEqual(['cbf43926', 'e3069283', 'ae8b14860a799888']);
  expect(hex[3]).toBe(createHash('sha1').update('123456789').digest('hex'));
});

describe('buckets', () => {
  test('are created, found, listed and removed', async () => {
    await s3.client.send(new CreateBucketCommand({ Bucket: 'second' }));
    expect(await name(s3.client.send(new CreateBucketCommand({ Bucket: 'second' })))).toBe('BucketAlreadyOwnedByYou');
    const head = await s3.client.send(new HeadBucketCommand({ Bucket: 'second' }));
    expect(head.BucketRegion).toBe('eu-central-1');
    const location = await s3.client.send(new GetBucketLocationCommand({ Bucket: 'second' }));
    expect(location.LocationConstraint).toBe('eu-central-1');
    const names = async () =>
      (await s3.client.send(new ListBucketsCommand({}))).Buckets?.map(bucket => bucket.Name) ?? [];
    expect(await names()).toEqual([Bucket, 'second']);
    await s3.client.send(new PutObjectCommand({ Bucket: 'second', Key: 'a/b', Body: 'x' }));
    expect(await name(s3.client.send(new DeleteBucketCommand({ Bucket: 'second' })))).toBe('BucketNotEmpty');
    await s3.raw('DELETE', '/second/a/b');
    await s3.client.send(new DeleteBucketCommand({ Bucket: 'second' }));
    expect(await names()).toEqual([Bucket]);
    expect(await name(s3.client.send(new HeadBucketCommand({ Bucket: 'second' })))).toBe('NotFound');
  });

  test('are in one region, and have valid names', async () => {
    const CreateBucketConfiguration = { LocationConstraint: 'us-west-2' as const };
    expect(await name(s3.client.send(new CreateBucketCommand({ Bucket: 'west', CreateBucketConfiguration })))).toBe(
      'IllegalLocationConstraintException',
    );
    expect((await s3.raw('PUT', '/.meta')).body).toContain('<Code>InvalidBucketName</Code>');
    expect((await s3.raw('GET', '/')).status).toBe(200);
  });
});

describe('an unsupported request', () => {
  const input = { Bucket, Key: 'refused', Body: 'x' };
  test.each([
    ['GetBucketAcl', () => s3.client.send(new GetBucketAclCommand({ Bucket }))],
    ['GetBucketVersioning', () => s3.client.send(new GetBucketVersioningCommand({ Bucket }))],
    ['ListMultipartUploads', () => s3.client.send(new ListMultipartUploadsCommand({ Bucket }))],
    [
      'PutObjectTagging',
      () => s3.client.send(new PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging: { TagSet: [] } })),
    ],
    ['GetObject with versionId', () => s3.client.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId: '1' }))],
    ['PutObject with x-amz-acl', () => s3.client.send(new PutObjectCommand({ ...input, ACL: 'public-read' }))],
    ['PutObject with x-amz-tagging', () => s3.client.send(new PutObjectCommand({ ...input, Tagging: 'a=1' }))],
    ['PutObject with if-match', () => s3.client.send(new PutObjectCommand({ ...input, IfMatch: '"a"' }))],
    [
      'x-amz-server-side-encryption',
      () => s3.client.send(new PutObjectCommand({ ...input, ServerSideEncryption: 'aws:kms' })),
    ],
  ])('is refused with its name: %s', async (what, send) => {
    const error = await (send() as Promise<unknown>).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ name: 'NotImplemented', message: expect.stringContaining(what) });
  });

  test.each([
    ['PATCH', `/${Bucket}/a`],
    ['OPTIONS', `/${Bucket}/a`],
    ['POST', `/${Bucket}`],
    ['DELETE', '/'],
    ['GET', `/${Bucket}?surprise`],
    ['PUT', `/${Bucket}/a?partNumber=1`],
  ])('is refused: %s %s', async (method, target) => {
    const reply = await s3.raw(method, target);
    expect(reply).toMatchObject({ status: 501, body: expect.stringContaining('<Code>NotImplemented</Code>') });
    expect(reply.headers['x-amz-request-id']).toBeDefined();
  });
});

describe('a body', () => {
  let before: string[];
  beforeEach(async () => {
    before = await s3.files();
  });
  const at = `/${Bucket}/body`;
  const chunked = (length: number, more: Record<string, string> = {}) => ({
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': String(length),
    ...more,
  });
  const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32' };
  const signature = `;chunk-signature=${'0'.repeat(64)}`;

  test.each([
    [
      'unsigned, with a trailer',
      chunked(5, trailer),
      `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crcOf('hello')}\r\n\r\n`,
    ],
    [
      'signed',
      chunked(5, { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' }),
      `3${signature}\r\nhel\r\n2${signature}\r\nlo\r\n0${signature}\r\n\r\n`,
    ],
    [
      'signed, with a trailer',
      chunked(5, { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', ...trailer }),
      `5${signature}\r\nhello\r\n0${signature}\r\nx-amz-checksum-crc32:${crcOf('hello')}\r\nx-amz-trailer-signature:00\r\n\r\n`,
    ],
    [
      'plain, with its SHA-256',
      { 'x-amz-content-sha256': createHash('sha256').update('hello').digest('hex') },
      'hello',
    ],
    ['plain, with its MD5', { 'content-md5': createHash('md5').update('hello').digest('base64') }, 'hello'],
  ] as [string, Record<string, string>, string][])('is taken: %s', async (_, headers, body) => {
    expect(await s3.raw('PUT', at, { headers, body })).toMatchObject({ status: 200 });
    expect((await s3.raw('GET', at)).body).toBe('hello');
    await s3.raw('DELETE', at);
  });

  const end = `x-amz-checksum-crc32:${crcOf('hello')}\r\n\r\n`;
  test.each([
    [
      'a corrupted trailer',
      'BadDigest',
      chunked(5, trailer),
      `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crcOf('hellO')}\r\n\r\n`,
    ],
    ['corrupted data', 'BadDigest', chunked(5, trailer), `5\r\nhellO\r\n0\r\n${end}`],
    [
      'an invalid checksum in the trailer',
      'InvalidRequest',
      chunked(5, trailer),
      '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:zz\r\n\r\n',
    ],
    ['a missing trailer', 'MalformedTrailerError', chunked(5, trailer), '5\r\nhello\r\n0\r\n\r\n'],
    ['an unannounced trailer', 'MalformedTrailerError', chunked(5), `5\r\nhello\r\n0\r\n${end}`],
    ['data after the trailer', 'MalformedTrailerError', chunked(5, trailer), `5\r\nhello\r\n0\r\n${end}more`],
    ['a chunk that is longer than its size', 'InvalidChunkSizeError', chunked(4), '4\r\nhello\r\n0\r\n\r\n'],
    ['a chunk that is shorter than its size', 'InvalidChunkSizeError', chunked(8), '8\r\nhello\r\n0\r\n\r\n'],
    ['a chunk without a size', 'InvalidChunkSizeError', chunked(5), 'hello\r\n'],
    ['a negative size', 'InvalidChunkSizeError', chunked(5), '-5\r\nhello\r\n0\r\n\r\n'],
    ['no last chunk', 'IncompleteBody', chunked(5), '5\r\nhello\r\n'],
    ['a cut chunk', 'IncompleteBody', chunked(5), '5\r\nhel'],
    ['a wrong decoded length', 'IncompleteBody', chunked(6), '5\r\nhello\r\n0\r\n\r\n'],
    ['another SHA-256', 'XAmzContentSHA256Mismatch', { 'x-amz-content-sha256': '0'.repeat(64) }, 'hello'],
    ['another MD5', 'BadDigest', { 'content-md5': createHash('md5').digest('base64') }, 'hello'],
    ['an invalid MD5', 'InvalidDigest', { 'content-md5': 'AAAA' }, 'hello'],
    ['another checksum', 'BadDigest', { 'x-amz-checksum-crc32c': 'AAAAAA==' }, 'hello'],
    ['an invalid checksum', 'InvalidRequest', { 'x-amz-checksum-crc32': 'AAAA' }, 'hello'],
    [
      'two checksums',
      'InvalidRequest',
      { 'x-amz-checksum-crc32': crcOf('hello'), 'x-amz-checksum-sha1': 'a' },
      'hello',
    ],
    ['an unknown checksum', 'NotImplemented', { 'x-amz-checksum-xxhash64': 'AAAA' }, 'hello'],
    ['a named checksum that is missing', 'InvalidRequest', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 'hello'],
    ['an unknown encoding', 'NotImplemented', { 'x-amz-content-sha256': 'STREAMING-NEW' }, 'hello'],
  ] as [string, string, Record<string, string>, string][])(
    'is refused, and leaves nothing: %s',
    async (_, code, headers, body) => {
      const reply = await s3.raw('PUT', at, { headers, body });
      expect(reply.body).toContain(`<Code>${code}</Code>`);
      expect(await s3.files()).toEqual(before);
    },
  );

  test('of unknown length is refused', async () => {
    const headers = { 'transfer-encoding': 'chunked' };
    expect((await s3.raw('PUT', at, { headers })).body).toContain('<Code>MissingContentLength</Code>');
  });

  test('that breaks off leaves nothing', async () => {
    const { hostname, port, host } = new URL(s3.url);
    const socket = connect(Number(port), hostname);
    const head = [
      `PUT ${at} HTTP/1.1`,
      `host: ${host}`,
      'authorization: Credential=LOCALTESTKEY/x',
      'content-length: 100',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\nonly this`);
    await expect.poll(async () => (await s3.files()).some(file => file.startsWith('.staging/'))).toBe(true);
    socket.destroy();
    await expect.poll(() => s3.files()).toEqual(before);
  });

  test('in any chunks, split anywhere, gives the same bytes', async () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.array(fc.nat(30)), async (chunks, cuts) => {
        const wire = [
          ...chunks.flatMap(chunk => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']),
          '0\r\na:b\r\n\r\n',
        ];
        const trailers = new Map<string, string>();
        const found: Buffer[] = [];
        const source = cut(Buffer.concat(wire.map(part => Buffer.from(part as Uint8Array))), cuts);
        for await (const bytes of decodeAwsChunked(source, trailers)) found.push(bytes);
        expect(Buffer.concat(found)).toEqual(Buffer.concat(chunks));
        expect([...trailers]).toEqual([['a', 'b']]);
      }),
    );
  });

  test('that is truncated anywhere is refused', async () => {
    const wire = Buffer.from('3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\na:b\r\n\r\n');
    for (let length = 0; length < wire.length; length++) {
      const taking = (async () => {
        for await (const _ of decodeAwsChunked(cut(wire.subarray(0, length), [5]), new Map()));
      })();
      await expect(taking).rejects.toBeInstanceOf(S3Error);
    }
  });
});

async function* cut(bytes: Buffer, cuts: number[]): AsyncGenerator<Buffer> {
  let rest = bytes;
  for (const length of cuts) {
    yield rest.subarray(0, length);
    rest = rest.subarray(length);
  }
  yield rest;
}
