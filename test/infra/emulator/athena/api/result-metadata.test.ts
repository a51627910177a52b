import { expect, test } from 'vitest';
import { metadataFile } from '../../../../../infra/emulator/athena/api/column-info.ts';

interface Field {
  number: number;
  value: number | Uint8Array;
}

/** The fields of a Protocol Buffers message, read only by the rules of the encoding. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    if (key % 8 === 0) fields.push({ number, value: varint() });
    else {
      const length = varint();
      fields.push({ number, value: bytes.subarray(at, at + length) });
      at += length;
    }
  }
  return fields;
}

test('the metadata next to a result names its columns, in the fields that readers know', () => {
  const columns = [
    { name: 'größe', type: 'varchar', precision: 2_147_483_647, scale: 0 },
    { name: 'x'.repeat(200), type: 'decimal', precision: 10, scale: 2 },
  ];
  const [id, ...described] = fieldsOf(metadataFile('an-id', columns));
  expect(id).toMatchObject({ number: 1 });
  const read = described.map(({ number, value }) => {
    const members = fieldsOf(value as Uint8Array).map(field => [
      field.number,
      typeof field.value === 'number' ? field.value : Buffer.from(field.value).toString(),
    ]);
    return { number, ...Object.fromEntries(members) };
  });
  expect(read).toEqual([
    { number: 4, 1: 'hive', 2: '', 3: '', 4: 'größe', 5: 'größe', 6: 'varchar', 7: 2_147_483_647, 8: 0, 9: 3, 10: 1 },
    {
      number: 4,
      1: 'hive',
      2: '',
      3: '',
      4: 'x'.repeat(200),
      5: 'x'.repeat(200),
      6: 'decimal',
      7: 10,
      8: 2,
      9: 3,
      10: 0,
    },
  ]);
});
