import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3 } from '../../../../infra/emulator/s3/s3.ts';
import { startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';
import { BUCKET as Bucket, type RunningS3, runS3 } from './running-s3.ts';

let s3: RunningS3;
beforeAll(async () => {
  s3 = await runS3();
});
afterAll(() => s3.stop());

const md5 = (bytes: Uint8Array | string) => `"${createHash('md5').update(bytes).digest('hex')}"`;
const put = (Key: string, Body: string | Buffer = 'x') => s3.client.send(new PutObjectCommand({ Bucket, Key, Body }));
const get = async (Key: string, Range?: string) => {
  const reply = await s3.client.send(new GetObjectCommand({ Bucket, Key, ...(Range && { Range }) }));
  return { ...reply, bytes: Buffer.from((await reply.Body?.transformToByteArray()) ?? []) };
};
const name = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.name,
  );

describe('an object that was put', () => {
  test('is a plain file at a plain path, and comes back with its metadata', async () => {
    const Key = 'readings/dt=2026-01-01/part-0_1.parquet';
    const body = Buffer.from('PAR1 some bytes PAR1');
    const reply = await s3.client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: body,
        ContentType: 'application/vnd.apache.parquet',
        ContentEncoding: 'gzip',
        CacheControl: 'no-cache',
        Metadata: { device: 'device-001' },
      }),
    );
    expect(reply.ETag).toBe(md5(body));
    expect(await readFile(path.join(s3.root, Bucket, Key))).toEqual(body);
    const found = await get(Key);
    expect(found.bytes).toEqual(body);
    expect(found).toMatchObject({
      ETag: md5(body),
      ContentType: 'application/vnd.apache.parquet',
      ContentEncoding: 'gzip',
      CacheControl: 'no-cache',
      Metadata: { device: 'device-001' },
      ContentLength: body.length,
      ChecksumCRC32: reply.ChecksumCRC32,
    });
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ETag: md5(body), ContentLength: body.length, Metadata: { device: 'device-001' } });
    expect(Math.abs(Number(head.LastModified) - Date.now())).toBeLessThan(60_000);
  });

  test('may be a stream, which comes in chunks with its checksum at the end', async () => {
    const chunks = Array.from({ length: 40 }, (_, index) => Buffer.alloc(5_000 + index, index));
    const whole = Buffer.concat(chunks);
    await s3.client.send(
      new PutObjectCommand({ Bucket, Key: 'stream.bin', Body: Readable.from(chunks), ContentLength: whole.length }),
    );
    const found = await get('stream.bin');
    expect(found.bytes.equals(whole)).toBe(true);
    expect(found.ETag).toBe(md5(whole));
    expect(found.ContentEncoding).toBeUndefined();
    expect(found.ChecksumCRC32).toBeDefined();
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('keeps its %s checksum', async algorithm => {
    const Key = `checksum/${algorithm}`;
    const reply = await s3.client.send(
      new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(100_001, 7), ChecksumAlgorithm: algorithm }),
    );
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(reply[`Checksum${algorithm}`]).toBeDefined();
    expect(head[`Checksum${algorithm}`]).toBe(reply[`Checksum${algorithm}`]);
  });

  test('may be empty', async () => {
    await put('empty', '');
    expect((await get('empty')).bytes).toHaveLength(0);
    expect(await name(get('empty', 'bytes=0-'))).toBe('InvalidRange');
  });

  test('is replaced whole, and its old metadata with it', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'twice', Body: 'one', Metadata: { a: '1' } }));
    await put('twice', 'two');
    const found = await get('twice');
    expect(found.bytes.toString()).toBe('two');
    expect(found.Metadata).toEqual({});
    expect((await s3.files()).filter(file => file.startsWith('.staging'))).toEqual([]);
  });

  test('is never partially visible to a reader while it is replaced', async () => {
    const contents = ['a', 'b'].map(letter => letter.repeat(3_000));
    await put('flip', contents[0]);
    const seen = new Set<string>();
    let isWriting = true;
    const read = async () => {
      while (isWriting) {
        const found = await get('flip');
        seen.add(found.bytes.toString());
        expect(found.ETag).toBe(md5(found.bytes));
        // Anything that is neither from a client nor the default would be the record of another version.
        expect(found.ContentType).toBe('application/octet-stream');
      }
    };
    const write = async () => {
      for (let round = 0; round < 12; round++) await put('flip', contents[round % 2]);
      isWriting = false;
    };
    await Promise.all([write(), ...Array.from({ length: 3 }, read)]);
    for (const content of seen) expect(contents).toContain(content);
  });
});

describe('If-None-Match: *', () => {
  test('lets one of many concurrent writers win', async () => {
    const writers = Array.from({ length: 12 }, (_, index) => `writer ${index}`);
    const results = await Promise.all(
      writers.map(Body => name(s3.client.send(new PutObjectCommand({ Bucket, Key: 'once', Body, IfNoneMatch: '*' })))),
    );
    expect(results.filter(result => result === 'no error')).toHaveLength(1);
    expect(results.filter(result => result === 'PreconditionFailed')).toHaveLength(11);
    expect((await get('once')).bytes.toString()).toBe(writers[results.indexOf('no error')]);
  });
});

describe('GetObject', () => {
  beforeAll(async () => {
    await put('digits', '0123456789');
  });

  test.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=2-5', '2345', 'bytes 2-5/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
  ])('gives %s', async (range, expected, contentRange) => {
    const found = await get('digits', range);
    expect(found.$metadata.httpStatusCode).toBe(206);
    expect(found.bytes.toString()).toBe(expected);
    expect(found.ContentRange).toBe(contentRange);
  });

  test.each(['bytes=10-', 'bytes=-0', 'bytes=100-200'])('refuses %s', async range => {
    expect(await name(get('digits', range))).toBe('InvalidRange');
  });

  test.each(['bytes=5-2', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,4-5'])('does not treat %s as a range', async range => {
    const reply = await s3.raw('GET', `/${Bucket}/digits`, { headers: { range } });
    expect(reply).toMatchObject({ status: 200, body: '0123456789' });
  });

  test('heeds conditions', async () => {
    const etag = md5('0123456789');
    const at = (headers: Record<string, string>) =>
      s3.raw('GET', `/${Bucket}/digits`, { headers }).then(reply => reply.status);
    const [past, future] = [-1, 1].map(days => new Date(Date.now() + days * 86_400_000).toUTCString());
    expect(await at({ 'if-none-match': etag })).toBe(304);
    expect(await at({ 'if-none-match': '"other"' })).toBe(200);
    expect(await at({ 'if-match': etag })).toBe(200);
    expect(await at({ 'if-match': '"other"' })).toBe(412);
    expect(await at({ 'if-modified-since': future ?? '' })).toBe(304);
    expect(await at({ 'if-modified-since': past ?? '' })).toBe(200);
    expect(await at({ 'if-unmodified-since': past ?? '' })).toBe(412);
    // RFC 9110: the entity tag takes precedence if both are given.
    expect(await at({ 'if-none-match': '"other"', 'if-modified-since': future ?? '' })).toBe(200);
    expect(await at({ 'if-match': etag, 'if-unmodified-since': past ?? '' })).toBe(200);
  });

  test('answers with the headers that the request overrides', async () => {
    const reply = await s3.client.send(
      new GetObjectCommand({ Bucket, Key: 'digits', ResponseContentType: 'text/csv', ResponseExpires: new Date(0) }),
    );
    expect(reply.ContentType).toBe('text/csv');
    const bad = await s3.raw('GET', `/${Bucket}/digits?response-content-type=a%0d%0ab`);
    expect(bad.status).toBe(400);
  });

  test('names what is missing', async () => {
    expect(await name(get('nowhere'))).toBe('NoSuchKey');
    expect(await name(get('readings'))).toBe('NoSuchKey');
    expect(await name(get('digits/below'))).toBe('NoSuchKey');
    expect(await name(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'nowhere' })))).toBe('NotFound');
    expect(await name(s3.client.send(new GetObjectCommand({ Bucket: 'no-bucket', Key: 'a' })))).toBe('NoSuchBucket');
    expect(await name(s3.client.send(new PutObjectCommand({ Bucket: 'no-bucket', Key: 'a', Body: 'x' })))).toBe(
      'NoSuchBucket',
    );
  });
});

describe('a file from elsewhere', () => {
  test('is an object, whose ETag follows its content', async () => {
    const file = path.join(s3.root, Bucket, 'copied', 'in.parquet');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'first');
    expect((await get('copied/in.parquet')).ETag).toBe(md5('first'));
    await writeFile(file, 'other');
    await utimes(file, 1_700_000_000, 1_700_000_000);
    const found = await get('copied/in.parquet');
    expect(found).toMatchObject({ ETag: md5('other'), ContentType: 'binary/octet-stream' });
    expect(Number(found.LastModified)).toBe(1_700_000_000_000);
  });

  test('does not inherit the metadata of the object that it replaced', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'overwritten', Body: 'aaaa', Metadata: { a: '1' } }));
    await writeFile(path.join(s3.root, Bucket, 'overwritten'), 'bbbb');
    expect(await get('overwritten')).toMatchObject({ ETag: md5('bbbb'), Metadata: {} });
  });
});

test('an object outlives the endpoint that stored it, metadata and all', async () => {
  await s3.client.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'kept', Metadata: { a: '1' } }));
  const second = await startEndpoint({
    port: 0,
    accessKeyId: 'LOCALTESTKEY',
    services: [],
    s3: createS3({ root: s3.root }).handle,
  });
  const head = await s3.connect({ endpoint: second.url }).send(new HeadObjectCommand({ Bucket, Key: 'kept' }));
  await second.close();
  expect(head).toMatchObject({ Metadata: { a: '1' }, ETag: md5('kept') });
  expect((await stat(path.join(s3.root, Bucket, 'kept'))).size).toBe(4);
});

test('the partial file of a killed process is removed after a day, and not before', async () => {
  const own = await runS3();
  const place = async (file: string, ageMs: number) => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'half');
    const time = (Date.now() - ageMs) / 1000;
    await utimes(file, time, time);
  };
  await place(path.join(own.root, '.staging', 'dead'), 25 * 3_600_000);
  await place(path.join(own.root, '.staging', 'perhaps-alive'), 23 * 3_600_000);
  await own.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  expect((await own.files()).filter(file => file.startsWith('.staging'))).toEqual(['.staging/perhaps-alive']);
  await own.stop();
});
