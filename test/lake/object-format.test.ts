import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { otherFormat } from '../../lake/object-format.ts';
import { readObject } from '../../lake/read-object.ts';
import { rejections } from '../fixtures/rejections.ts';

test.each([
  ['Parquet', Buffer.from('PAR1\x15\0\x15')],
  ['ORC', Buffer.from('ORC\b\x03')],
  ['Avro', Buffer.from('Obj\x01\x04')],
  ['ZIP', Buffer.from('PK\x03\x04')],
  ['Zstandard', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 4])],
  ['bzip2', Buffer.from('BZh91AY')],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])],
  ['Snappy', Buffer.from('\xff\x06\0\0sNaPpY', 'latin1')],
  ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le')],
  ['binary', Buffer.from([0, 1, 2, 3])],
  ['CSV', Buffer.from('time,temperature\n2026-11-21,21.5\n')],
  ['CSV', Buffer.from('"a b";c\r\n1;2\r\n')],
])('%s is detected by its bytes, also within gzip', async (format, bytes) => {
  expect(otherFormat(bytes, 'x')).toContain(format);
  if (format === 'binary') return;
  const { damage } = await readObject(gzipSync(bytes), { name: 'x.gz' });
  expect(damage).toMatchObject({ kind: 'other-format', detail: expect.stringContaining(format) });
});

test.each([
  '',
  '{"a":1}',
  '[1,2]',
  '"a,b"',
  '21.5\n',
  'null',
  'no records',
  'not json, but prose {"a":1}',
  '2026-11-21 10:00:00 {"a":1}\n',
  '\ufeff{"a":1}',
])('%j may hold records, or lines to judge one by one', text => {
  expect(otherFormat(Buffer.from(text), 'x.parquet')).toBeUndefined();
  expect(otherFormat(gzipSync(text), 'x.parquet')).toBeUndefined();
});

test('the fixtures’ messages that are rejected as text do not count as another format', () => {
  const texts = rejections(0).filter(({ payload }) => !payload.subarray(0, 8_000).includes(0));
  expect(texts.length).toBeGreaterThan(10);
  for (const { payload } of texts) expect(otherFormat(payload, 'x')).toBeUndefined();
});
