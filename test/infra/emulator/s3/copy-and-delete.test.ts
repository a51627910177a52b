import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET as Bucket, type RunningS3, runS3 } from './running-s3.ts';

let s3: RunningS3;
beforeAll(async () => {
  s3 = await runS3();
});
afterAll(() => s3.stop());

const md5 = (bytes: Uint8Array | string) => `"${createHash('md5').update(bytes).digest('hex')}"`;
const put = (Key: string, Body: string | Buffer = 'x') => s3.client.send(new PutObjectCommand({ Bucket, Key, Body }));
const get = async (Key: string) => {
  const reply = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
  return { ...reply, bytes: Buffer.from((await reply.Body?.transformToByteArray()) ?? []) };
};
const name = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.name,
  );

describe('DeleteObject', () => {
  test('deletes, and ignores missing objects', async () => {
    await put('gone/soon');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'gone/soon' }));
    expect(await name(get('gone/soon'))).toBe('NoSuchKey');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'gone/soon' }));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
  });

  test('leaves no record of the object', async () => {
    const before = await s3.files();
    await put('record');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'record' }));
    expect(await s3.files()).toEqual(before);
  });
});

describe('DeleteObjects', () => {
  const deleteAll = async (objects: string, start = '<Delete>', end = '</Delete>') => {
    const body = `${start}${objects}${end}`;
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    return (await s3.raw('POST', `/${Bucket}?delete`, { headers, body })).body;
  };
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `<Object><Key>k${index}</Key></Object>`);

  test('accepts 1,000 keys, and refuses more while it reads them', async () => {
    expect(await deleteAll(keys(1_000).join(''))).toContain('<Key>k999</Key>');
    for (const count of [1_001, 200_000])
      expect(await deleteAll(keys(count).join(''))).toContain('<Code>MalformedXML</Code>');
  });

  test.each([
    ['elements within elements', '<Object>'.repeat(5_000)],
    ['long names within each other', `<${'x'.repeat(1_000)}>`.repeat(2_000)],
    ['starts without an end', '<'.repeat(12_000)],
    ['text alone', '&'.repeat(500_000)],
    ['a document type', '<!DOCTYPE a [<!ENTITY a "aaaa">]><a>&a;</a>'],
  ])('refuses %s', async (_, objects) => {
    expect(await deleteAll(objects)).toContain('<Code>MalformedXML</Code>');
    expect(await deleteAll(objects, '', '')).toContain('<Code>MalformedXML</Code>');
  });

  test('deletes many, whatever their keys', async () => {
    const keys = ['many/a', 'many/ b ', 'many/c&<>"', 'many/d\re', 'many/ü', 'many/&amp;'];
    for (const key of keys) await put(key);
    const reply = await s3.client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [...keys, 'many/none'].map(Key => ({ Key })) } }),
    );
    expect(reply.Errors ?? []).toEqual([]);
    expect(reply.Deleted?.map(({ Key }) => Key)).toEqual([...keys, 'many/none']);
    const left = await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'many/' }));
    expect(left.KeyCount).toBe(0);
  });

  test('is quiet on request, except for errors', async () => {
    await put('quiet');
    const reply = await s3.client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Quiet: true, Objects: [{ Key: 'quiet' }, { Key: 'x'.repeat(300) }] },
      }),
    );
    expect(reply.Deleted ?? []).toEqual([]);
    expect(reply.Errors?.map(({ Code }) => Code)).toEqual(['KeyTooLongError']);
    expect(await name(get('quiet'))).toBe('NoSuchKey');
  });

  test('never confuses keys: a reference to a control character counts', async () => {
    await put('ctrl');
    const body = '<Delete><Object><Key>ctrl&#x1;</Key></Object></Delete>';
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    expect((await s3.raw('POST', `/${Bucket}?delete`, { headers, body })).status).toBe(200);
    expect(await name(get('ctrl'))).toBe('no error');
  });

  test.each([
    ['<Delete><Object><Key>a</Key></Object>', 'MalformedXML'],
    ['<!DOCTYPE x [<!ENTITY e "a">]><Delete><Object><Key>&e;</Key></Object></Delete>', 'MalformedXML'],
    ['<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object></Delete>', 'NotImplemented'],
    ['<Delete></Delete>', 'MalformedXML'],
  ])('refuses %s', async (body, code) => {
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    expect((await s3.raw('POST', `/${Bucket}?delete`, { headers, body })).body).toContain(`<Code>${code}</Code>`);
  });
});

describe('CopyObject', () => {
  beforeAll(async () => {
    await s3.client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'from/ä b+c',
        Body: 'copied',
        ContentType: 'text/plain',
        Metadata: { a: '1' },
      }),
    );
  });
  const copy = (input: Partial<ConstructorParameters<typeof CopyObjectCommand>[0]>) =>
    s3.client.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'to',
        CopySource: `${Bucket}/from/${encodeURIComponent('ä b+c')}`,
        ...input,
      }),
    );

  test('copies bytes and metadata', async () => {
    const reply = await copy({});
    expect(reply.CopyObjectResult?.ETag).toBe(md5('copied'));
    const found = await get('to');
    expect(found).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' }, ETag: md5('copied') });
    expect(found.bytes.toString()).toBe('copied');
  });

  test('replaces the metadata on request', async () => {
    await copy({ Key: 'replaced', MetadataDirective: 'REPLACE', ContentType: 'text/html' });
    expect(await get('replaced')).toMatchObject({ ContentType: 'text/html', Metadata: {} });
  });

  test('applies conditions on the source and the target', async () => {
    expect(await name(copy({ CopySourceIfMatch: '"other"' }))).toBe('PreconditionFailed');
    expect(await name(copy({ CopySourceIfNoneMatch: md5('copied') }))).toBe('PreconditionFailed');
    expect(await name(copy({ Key: 'from/ä b+c', IfNoneMatch: '*', MetadataDirective: 'REPLACE' }))).toBe(
      'PreconditionFailed',
    );
    expect(await name(copy({ Key: 'from/ä b+c' }))).toBe('InvalidRequest');
    expect(await name(copy({ CopySource: `${Bucket}/nothing` }))).toBe('NoSuchKey');
  });
});
