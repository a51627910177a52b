import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  type ChecksumType,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BUCKET as Bucket, type RunningS3, runS3 } from './running-s3.ts';

const MIB = 1024 * 1024;
const Key = 'large/object.bin';
const FIRST = Buffer.alloc(5 * MIB, randomBytes(1024));
const LAST = Buffer.from('the last part is short');

let s3: RunningS3;
beforeAll(async () => {
  s3 = await runS3();
});
afterAll(() => s3.stop());

const begin = async (options: { ChecksumAlgorithm?: ChecksumAlgorithm; ChecksumType?: ChecksumType } = {}) => {
  const input = { Bucket, Key, ContentType: 'text/plain', Metadata: { a: '1' }, ...options };
  const { UploadId = '' } = await s3.client.send(new CreateMultipartUploadCommand(input));
  return UploadId;
};
const upload = async (UploadId: string, PartNumber: number, Body: Buffer, algorithm?: ChecksumAlgorithm) => {
  const input = { Bucket, Key, UploadId, PartNumber, Body, ...(algorithm && { ChecksumAlgorithm: algorithm }) };
  const { $metadata, ...reply } = await s3.client.send(new UploadPartCommand(input));
  return { PartNumber, ...reply } as CompletedPart;
};
const complete = (
  UploadId: string,
  Parts: CompletedPart[],
  more: { IfNoneMatch?: string; ChecksumCRC32?: string } = {},
) => s3.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
const name = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.name,
  );
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();
// Not toEqual, which takes many seconds for 5 MiB.
const isWhole = async () => (await readFile(path.join(s3.root, Bucket, Key))).equals(Buffer.concat([FIRST, LAST]));
const leftovers = async () => (await s3.files()).filter(file => /^\.(uploads|staging)/.test(file));

test('parts become one object atomically, and nothing else is left', async () => {
  const id = await begin();
  const last = await upload(id, 7, LAST);
  await upload(id, 2, Buffer.alloc(5 * MIB));
  const first = await upload(id, 2, FIRST);
  expect(await name(s3.client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('NotFound');
  const listed = await s3.client.send(new ListPartsCommand({ Bucket, Key, UploadId: id }));
  expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [2, FIRST.length],
    [7, LAST.length],
  ]);
  const { ETag } = await complete(id, [first, last]);
  expect(ETag).toBe(`"${md5(Buffer.concat([md5(FIRST), md5(LAST)])).toString('hex')}-2"`);
  expect(await isWhole()).toBe(true);
  const found = await s3.client.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${FIRST.length}-` }));
  expect(found).toMatchObject({ ETag, ContentType: 'text/plain', Metadata: { a: '1' } });
  expect(await found.Body?.transformToString()).toBe(LAST.toString());
  expect(await leftovers()).toEqual([]);
  expect(await name(complete(id, [first, last]))).toBe('NoSuchUpload');
});

test.each([
  ['CRC32', undefined],
  ['CRC32', 'FULL_OBJECT'],
  ['CRC64NVME', undefined],
  ['SHA256', undefined],
] as const)('the object has the %s checksum of type %s', async (algorithm, type) => {
  const id = await begin({ ChecksumAlgorithm: algorithm, ...(type && { ChecksumType: type }) });
  const parts = [await upload(id, 1, FIRST, algorithm), await upload(id, 2, LAST, algorithm)];
  const reply = await complete(id, parts);
  const member = `Checksum${algorithm}` as const;
  const whole = await s3.client.send(
    new PutObjectCommand({ Bucket, Key: 'whole', Body: Buffer.concat([FIRST, LAST]), ChecksumAlgorithm: algorithm }),
  );
  const isFull = type === 'FULL_OBJECT' || algorithm === 'CRC64NVME';
  expect(reply.ChecksumType).toBe(isFull ? 'FULL_OBJECT' : 'COMPOSITE');
  if (isFull) expect(reply[member]).toBe(whole[member]);
  else expect(reply[member]).toMatch(/-2$/);
  // The SDK checks what it reads against a checksum of the whole object.
  const found = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
  expect(found[member]).toBe(reply[member]);
  expect((await found.Body?.transformToByteArray())?.length).toBe(FIRST.length + LAST.length);
});

test('a part may be copied from an object', async () => {
  await s3.client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: Buffer.concat([LAST, FIRST]) }));
  const id = await begin();
  const copy = async (PartNumber: number, CopySourceRange: string) => {
    const input = { Bucket, Key, UploadId: id, PartNumber, CopySource: `${Bucket}/source`, CopySourceRange };
    const { CopyPartResult } = await s3.client.send(new UploadPartCopyCommand(input));
    return { PartNumber, ETag: CopyPartResult?.ETag ?? '' };
  };
  const end = LAST.length + FIRST.length;
  const parts = [await copy(1, `bytes=${LAST.length}-${end - 1}`), await copy(2, `bytes=0-${LAST.length - 1}`)];
  expect(await name(copy(3, `bytes=0-${end}`))).toBe('InvalidArgument');
  await complete(id, parts);
  expect(await isWhole()).toBe(true);
});

describe('an upload', () => {
  let id: string;
  beforeEach(async () => {
    id = await begin();
  });

  test('leaves nothing when it is aborted', async () => {
    await upload(id, 1, FIRST);
    await s3.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: id }));
    expect((await s3.files()).filter(file => file.includes(id))).toEqual([]);
    expect(await name(upload(id, 2, LAST))).toBe('NoSuchUpload');
    expect(await name(s3.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: id })))).toBe(
      'NoSuchUpload',
    );
  });

  test('refuses parts that differ from the uploaded ones, and continues', async () => {
    const [first, last] = [await upload(id, 1, LAST), await upload(id, 2, LAST)];
    expect(await name(complete(id, [first, last]))).toBe('EntityTooSmall');
    expect(await name(complete(id, [last, first]))).toBe('InvalidPartOrder');
    expect(await name(complete(id, [first, { ...last, PartNumber: 3 }]))).toBe('InvalidPart');
    expect(await name(complete(id, [{ ...first, ETag: '"0"' }]))).toBe('InvalidPart');
    expect(await name(complete(id, [{ ...first, ChecksumCRC32: 'AAAAAA==' }]))).toBe('InvalidPart');
    expect(await name(complete(id, []))).toBe('MalformedXML');
    expect(await name(complete(id, [last]))).toBe('no error');
  });

  test('does not replace an object that must not exist', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'here first' }));
    const part = await upload(id, 1, LAST);
    expect(await name(complete(id, [part], { IfNoneMatch: '*' }))).toBe('PreconditionFailed');
    const found = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await found.Body?.transformToString()).toBe('here first');
  });

  test('refuses a wrong checksum of the whole object', async () => {
    const withChecksum = await begin({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const part = await upload(withChecksum, 1, LAST, 'CRC32');
    expect(await name(complete(withChecksum, [part], { ChecksumCRC32: 'AAAAAA==' }))).toBe('BadDigest');
    expect(await name(complete(withChecksum, [part]))).toBe('no error');
  });

  test('is found only under its own bucket and key', async () => {
    for (const UploadId of ['../../lake-bucket', '', 'x', '00000000-0000-0000-0000-000000000000'])
      expect(await name(upload(UploadId, 1, LAST)), UploadId).toMatch(/NoSuchUpload|NotImplemented/);
    const elsewhere = new AbortMultipartUploadCommand({ Bucket, Key: 'other', UploadId: id });
    expect(await name(s3.client.send(elsewhere))).toBe('NoSuchUpload');
    for (const number of [0, 10_001]) expect(await name(upload(id, number, LAST))).toBe('InvalidArgument');
  });
});
