import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isBucketName } from '../../../../infra/emulator/s3/bucket-name.ts';
import { objectOfPath, objectPath } from '../../../../infra/emulator/s3/object-path.ts';
import { S3Error } from '../../../../infra/emulator/wire/s3-error.ts';
import { BUCKET as Bucket, type RunningS3, runS3 } from './running-s3.ts';

let s3: RunningS3;
beforeAll(async () => {
  s3 = await runS3();
});
afterAll(() => s3.stop());

const ROOT = '/data/s3';
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.name,
  );
const put = (Key: string, Body = 'x') => s3.client.send(new PutObjectCommand({ Bucket, Key, Body }));
const get = async (Key: string) =>
  (await s3.client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString('utf8');

/** Keys with difficult parts: dots, slashes, escapes, control characters, other scripts, long parts. */
const awkwardPart = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    '...',
    '.%',
    '.%.',
    '.%2E',
    '%',
    '%2e%2e',
    '%00',
    '.tmp',
    '.staging',
    '.meta',
    '.uploads',
  ),
  fc.constantFrom(
    '\u0000',
    '\\',
    '..\\..',
    '\n',
    '\r',
    ' ',
    '+',
    '&amp;',
    '<a>',
    'é',
    'e\u0301',
    '\u{1f600}',
    '\ufffe',
  ),
  fc.constantFrom(
    'dt=2026-01-01',
    'x.parquet',
    'con',
    'a:b',
    '*',
    '?',
    'x'.repeat(254),
    'x'.repeat(256),
    'é'.repeat(128),
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const awkwardKey = fc.array(awkwardPart, { minLength: 1, maxLength: 6 }).map(parts => parts.join('/'));

describe('objectPath', () => {
  test.each([
    ['readings/dt=2026-01-01/x.parquet', 'readings/dt=2026-01-01/x.parquet'],
    ['a%20b/100%.txt', 'a%20b/100%.txt'],
    ['météo/気温', 'météo/気温'],
    ['folder/', 'folder/.%'],
    ['a//b', 'a/.%/b'],
    ['/a', '.%/a'],
    ['../../etc/passwd', '.%../.%../etc/passwd'],
    ['.hidden/.', '.%.hidden/.%.'],
    ['a\u0000b', '.%a%00b'],
    ['..\\x', '.%..%5Cx'],
    ['e\u0301', '.%e%CC%81'],
  ])('keeps %j at %s', (key, file) => {
    expect(objectPath(ROOT, Bucket, key)).toBe(`${ROOT}/${Bucket}/${file}`);
    expect(objectOfPath(ROOT, `${ROOT}/${Bucket}/${file}`)).toEqual({ bucket: Bucket, key });
  });

  test('maps each key to its own path inside the bucket, and back, or refuses it', () => {
    fc.assert(
      fc.property(fc.oneof(awkwardKey, fc.string({ unit: 'binary' })), key => {
        try {
          const file = objectPath(ROOT, Bucket, key);
          expect(path.normalize(file)).toBe(file);
          expect(file.startsWith(`${ROOT}/${Bucket}/`)).toBe(true);
          expect(file).not.toContain('\u0000');
          expect(objectOfPath(ROOT, file)).toEqual({ bucket: Bucket, key });
        } catch (error) {
          if (!(error instanceof S3Error)) throw error;
          expect(['KeyTooLongError', 'InvalidArgument']).toContain(error.code);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['', 'x'.repeat(1025), `a/${'x'.repeat(256)}`, 'é'.repeat(128), '\ud800'])('refuses %j', key => {
    expect(() => objectPath(ROOT, Bucket, key)).toThrow(S3Error);
  });

  test.each([
    `${ROOT}/${Bucket}/a/.0b5c.tmp`,
    `${ROOT}/${Bucket}/.%a`,
    `${ROOT}/${Bucket}/.%zz%`,
    `${ROOT}/${Bucket}`,
    `${ROOT}/.meta/x/y`,
    '/data/elsewhere/x',
  ])('knows that %s is not an object', file => {
    expect(objectOfPath(ROOT, file)).toBeUndefined();
  });
});

test('bucket names follow the rules of S3', () => {
  for (const name of ['abc', 'sluice-lake', '1.2.3', 'a'.repeat(63)]) expect(isBucketName(name), name).toBe(true);
  for (const name of [
    'ab',
    'Abc',
    '..',
    '.meta',
    '-ab',
    'ab-',
    'a..b',
    '1.2.3.4',
    'a_b',
    'a/b',
    'xn--a',
    'a-s3alias',
    '',
  ])
    expect(isBucketName(name), name).toBe(false);
});

describe('over the wire', () => {
  test('any key round-trips or is refused, and no file is outside the bucket', async () => {
    const outside = path.dirname(s3.root);
    await fc.assert(
      fc.asyncProperty(awkwardKey, async key => {
        if (key === '') return;
        const body = `body of ${JSON.stringify(key)}`;
        try {
          await put(key, body);
        } catch (error) {
          if (!(error instanceof S3ServiceException)) throw error;
          expect(['KeyTooLongError', 'NotImplemented']).toContain(error.name);
          return;
        }
        expect(await get(key)).toBe(body);
        const listed = await s3.client.send(
          new ListObjectsV2Command({ Bucket, Prefix: key, MaxKeys: 1, EncodingType: 'url' }),
        );
        expect(decodeURIComponent(listed.Contents?.[0]?.Key ?? '')).toBe(key);
        await s3.client.send(new DeleteObjectCommand({ Bucket, Key: key }));
        expect(await refusal(get(key))).toBe('NoSuchKey');
      }),
      { numRuns: 70, seed: 20_260_101 },
    );
    expect(await readdir(outside)).toEqual(['s3']);
    expect((await s3.files()).filter(file => !file.startsWith('.meta/'))).toEqual([]);
    expect((await readdir(s3.root)).sort()).toEqual(['.meta', '.staging', Bucket]);
  });

  test.each([
    '/../../../etc/passwd',
    `/${Bucket}/../../../../../../etc/passwd`,
    `/${Bucket}/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd`,
    `/${Bucket}/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd`,
    '/..%2f..%2f..%2f..%2f/etc/passwd',
    '/.meta/x',
    `/${Bucket}/%00`,
  ])('finds nothing at %s', async target => {
    const reply = await s3.raw('GET', target);
    expect([400, 404]).toContain(reply.status);
    expect(reply.body).toMatch(/<Code>(NoSuchKey|InvalidBucketName)</);
  });

  test('refuses a path that is not UTF-8', async () => {
    for (const target of ['/%ff', `/${Bucket}/%c3%28`, `/${Bucket}/%`])
      expect((await s3.raw('GET', target)).body).toContain('<Code>InvalidURI</Code>');
  });

  test('does not follow a link out of the root', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'sluice-outside-'));
    await writeFile(path.join(outside, 'secret'), 'secret');
    await symlink(outside, path.join(s3.root, Bucket, 'link'));
    await symlink(path.join(outside, 'secret'), path.join(s3.root, Bucket, 'linked-file'));
    expect(await refusal(get('link/secret'))).toBe('NoSuchKey');
    expect(await refusal(get('linked-file'))).toBe('NoSuchKey');
    for (const key of ['link/new', 'link/new/deeper', 'link/secret', 'linked-file'])
      expect(await refusal(put(key))).toBe('NotImplemented');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'link/secret' }));
    expect(await readdir(outside)).toEqual(['secret']);
    await rm(outside, { recursive: true });
  });
});

describe('a key that is the folder of another', () => {
  test('is refused in either order, and nothing is lost', async () => {
    await put('clash/a', 'file');
    expect(await refusal(put('clash/a/b'))).toBe('NotImplemented');
    expect(await refusal(put('clash/a/b/c'))).toBe('NotImplemented');
    expect(await refusal(put('clash'))).toBe('NotImplemented');
    const once = new PutObjectCommand({ Bucket, Key: 'clash', Body: 'x', IfNoneMatch: '*' });
    expect(await refusal(s3.client.send(once))).toBe('NotImplemented');
    expect(await get('clash/a')).toBe('file');
    expect((await s3.files()).filter(file => file.startsWith('.staging'))).toEqual([]);
  });

  test('is accepted once the others are deleted', async () => {
    await put('later/a/b');
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'later/a/b' }));
    await put('later', 'file now');
    expect(await get('later')).toBe('file now');
    await mkdir(path.join(s3.root, Bucket, 'later2', 'empty'), { recursive: true });
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'later2', Body: 'x', IfNoneMatch: '*' }));
    expect(await get('later2')).toBe('x');
  });

  test('may be a folder marker next to them', async () => {
    await put('marked/', '');
    await put('marked/a', 'a');
    expect(await get('marked/')).toBe('');
    expect(await get('marked/a')).toBe('a');
  });
});
