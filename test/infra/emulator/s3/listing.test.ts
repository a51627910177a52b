import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareUtf8 } from '../../../../infra/emulator/s3/walk-keys.ts';
import { BUCKET as Bucket, type RunningS3, runS3 } from './running-s3.ts';

let s3: RunningS3;
beforeAll(async () => {
  s3 = await runS3();
});
afterAll(() => s3.stop());

const place = async (...keys: string[]) => {
  for (const key of keys) {
    const file = path.join(s3.root, Bucket, key);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, key);
  }
};
/** The content of all pages together: keys, and common prefixes with an arrow. */
const list = async (input: Omit<ListObjectsV2CommandInput, 'Bucket'>) => {
  const found: { keys: string[]; prefixes: string[]; pages: number } = { keys: [], prefixes: [], pages: 0 };
  for await (const page of paginateListObjectsV2({ client: s3.client }, { Bucket, ...input })) {
    found.pages++;
    found.keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    found.prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
  }
  return found;
};

describe('more than 1,000 keys', () => {
  const days = Array.from({ length: 30 }, (_, day) => `dt=2026-01-${String(day + 1).padStart(2, '0')}`);
  const keys = days.flatMap(day => Array.from({ length: 40 }, (_, part) => `many/${day}/part-${part}.parquet`));
  const loose = Array.from({ length: 1_100 }, (_, index) => `loose/${index}`);
  const sorted = [...keys].sort();

  beforeAll(() => place(...keys, ...loose));

  test('come in pages of 1,000, in order, each once', async () => {
    expect(await list({ Prefix: 'many/' })).toEqual({ keys: sorted, prefixes: [], pages: 2 });
  });

  test('are rolled up by a delimiter, over pages of any size', async () => {
    const prefixes = days.map(day => `many/${day}/`);
    for (const MaxKeys of [1, 7, 30, 1000])
      expect(await list({ Prefix: 'many/', Delimiter: '/', MaxKeys })).toMatchObject({ keys: [], prefixes });
    expect((await list({ Prefix: 'many/dt', Delimiter: '/', MaxKeys: 30 })).pages).toBe(1);
    expect(await list({ Prefix: 'many/', Delimiter: '2026-01-1' })).toMatchObject({
      prefixes: ['many/dt=2026-01-1'],
      keys: sorted.filter(key => !key.startsWith('many/dt=2026-01-1')),
    });
  });

  test('are paged in a flat folder with a delimiter', async () => {
    expect(await list({ Prefix: 'loose/', Delimiter: '/' })).toEqual({
      keys: [...loose].sort(),
      prefixes: [],
      pages: 2,
    });
  });

  test('start after any key', async () => {
    const StartAfter = 'many/dt=2026-01-29/part-5.parquet';
    expect((await list({ Prefix: 'many/', StartAfter })).keys).toEqual(sorted.filter(key => key > StartAfter));
    expect((await list({ Prefix: 'many/', StartAfter, Delimiter: '/' })).prefixes).toEqual([
      'many/dt=2026-01-29/',
      'many/dt=2026-01-30/',
    ]);
  });

  test('are paged by version 1 too', async () => {
    const found: string[] = [];
    for (let Marker: string | undefined = ''; Marker !== undefined; ) {
      const page = await listV1({ Prefix: 'many/', Delimiter: '/', Marker, MaxKeys: 7 });
      found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
      Marker = page.IsTruncated === true ? page.NextMarker : undefined;
    }
    expect(found).toEqual(days.map(day => `many/${day}/`));
    const page = await listV1({ Prefix: 'many/', Marker: sorted[10] ?? '', MaxKeys: 3 });
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(sorted.slice(11, 14));
  });
  const listV1 = (input: { Prefix: string; Delimiter?: string; Marker: string; MaxKeys: number }) =>
    s3.client.send(new ListObjectsCommand({ Bucket, ...input }));
});

describe('a listing', () => {
  test('is in UTF-8 byte order, with folders sorted by their slash', async () => {
    const keys = ['o/a-b', 'o/a/b', 'o/a.b', 'o/a0', 'o/B', 'o/\u{1f600}', 'o/\ufb01', 'o/é', 'o/z/', 'o/z/z'];
    for (const Key of keys) await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const bytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect((await list({ Prefix: 'o/' })).keys).toEqual(bytes);
    expect((await list({ Prefix: 'o/', MaxKeys: 1 })).keys).toEqual(bytes);
    expect((await list({ Prefix: 'o/z/' })).keys).toEqual(['o/z/', 'o/z/z']);
    expect((await list({ Prefix: 'o/z' })).keys).toEqual(['o/z/', 'o/z/z']);
  });

  test('compares as bytes do', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        return Math.sign(compareUtf8(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b));
      }),
    );
  });

  test('shows size, ETag and time', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'shown', Body: 'four' }));
    const { Contents } = await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'shown', FetchOwner: true }));
    expect(Contents).toMatchObject([
      {
        Key: 'shown',
        Size: 4,
        ETag: '"8cbad96aced40b3838dd9f07f6ef5772"',
        StorageClass: 'STANDARD',
        Owner: { ID: 'local' },
      },
    ]);
  });

  test('does not list temporary files, hidden ones, empty folders or links', async () => {
    await place('seen/file', 'seen/.0b5c.tmp', 'seen/.DS_Store', 'seen/.hidden/file', 'seen/.%zz');
    await mkdir(path.join(s3.root, Bucket, 'seen', 'empty', 'too'), { recursive: true });
    await symlink('/etc', path.join(s3.root, Bucket, 'seen', 'etc'));
    await symlink('/etc/passwd', path.join(s3.root, Bucket, 'seen', 'passwd'));
    expect(await list({ Prefix: 'seen/', Delimiter: '/' })).toEqual({ keys: ['seen/file'], prefixes: [], pages: 1 });
    // Nor the target of a link that a prefix names.
    for (const Prefix of ['seen/etc/', 'seen/etc/host', 'seen/etc/ssl/'])
      for (const Delimiter of ['/', undefined])
        expect(await list({ Prefix, Delimiter })).toEqual({ keys: [], prefixes: [], pages: 1 });
  });

  test('of nothing is empty', async () => {
    for (const Prefix of ['none', 'none/', '../', '/etc/', 'x'.repeat(300), `${'x'.repeat(300)}/`])
      expect(await list({ Prefix })).toEqual({ keys: [], prefixes: [], pages: 1 });
    const none = await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'loose/', MaxKeys: 0 }));
    expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test('encodes keys on request', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'enc/a b+ü\n/c', Body: 'x' }));
    const reply = await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'enc/', EncodingType: 'url' }));
    expect(reply.Contents?.[0]?.Key).toBe('enc/a%20b%2B%C3%BC%0A/c');
  });

  test.each(['max-keys=x', 'max-keys=-1', 'encoding-type=xml', 'continuation-token=eA'])('refuses %s', async query => {
    const reply = await s3.raw('GET', `/${Bucket}?list-type=2&${query}`);
    expect(reply).toMatchObject({ status: 400, body: expect.stringContaining('<Code>InvalidArgument</Code>') });
  });
});
