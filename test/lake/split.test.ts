import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Split, splitRecords } from '../../lake/split.ts';

/** `+` for a record, `-` for malformed bytes. */
function pieces(input: string | Buffer): string[] {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  return Array.from(splitRecords(bytes), ({ record, malformed }: Split) =>
    record === undefined ? `- ${malformed}` : `+ ${record}`,
  );
}

describe('records', () => {
  it.each([
    ['concatenated', '{"a":1}{"b":{"c":[{}]}}{}', ['+ {"a":1}', '+ {"b":{"c":[{}]}}', '+ {}']],
    ['one per line', '{"a":1}\n{"b":2}\n', ['+ {"a":1}', '+ {"b":2}']],
    ['with CRLF and empty lines', '\r\n{"a":1}\r\n\r\n{"b":2}\r\n', ['+ {"a":1}', '+ {"b":2}']],
    [
      'pretty-printed',
      '{\n  "a": [\n    1\n  ]\n}\n{\n  "b": 2\n}',
      ['+ {\n  "a": [\n    1\n  ]\n}', '+ {\n  "b": 2\n}'],
    ],
    ['with braces in strings', '{"a":"}{"}{"b":"\\"}{\\\\"}', ['+ {"a":"}{"}', '+ {"b":"\\"}{\\\\"}']],
    [
      'of other JSON types on their lines',
      '1\n[1,[2]]\n"x}{"\nnull\n-1.5e3\n',
      ['+ 1', '+ [1,[2]]', '+ "x}{"', '+ null', '+ -1.5e3'],
    ],
    ['behind byte order marks', '\ufeff{"a":1}\ufeff\n{"b":2}', ['+ {"a":1}', '+ {"b":2}']],
    ['that only the record step can judge', '{"a":NaN}{"b":01}', ['+ {"a":NaN}', '+ {"b":01}']],
    ['in nothing', ' \n\t', []],
  ])('%s', (_name, input, expected) => expect(pieces(input)).toEqual(expected));

  it('keep bytes that are not UTF-8', () => {
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
    expect([...splitRecords(Buffer.concat([bytes, bytes]))].map(piece => piece.record)).toEqual([bytes, bytes]);
  });
});

describe('broken objects do not affect their neighbours', () => {
  it.each([
    ['cut in a string', '{"a":"x{"b":2}{"c":3}', ['- {"a":"x', '+ {"b":2}', '+ {"c":3}']],
    ['cut after a colon', '{"a":{"b":2}{"c":3}', ['- {"a":', '+ {"b":2}', '+ {"c":3}']],
    ['cut in an array', '{"a":[{"b":2}\n{"c":3}', ['- {"a":[', '+ {"b":2}', '+ {"c":3}']],
    ['cut in an escape', '{"a":"x\\{"b":2}', ['- {"a":"x\\', '+ {"b":2}']],
    ['cut in an escape at a line end', '{"a":"x\\\n{"b":2}', ['- {"a":"x\\', '+ {"b":2}']],
    ['cut before a key that looks like structure', '{"a":"x{"}b":2}', ['- {"a":"x', '+ {"}b":2}']],
    ['cut behind a whole nested object', '{"a":{"n":1},"t":1{"b":2}', ['- {"a":{"n":1},"t":1', '+ {"b":2}']],
    ['several in a row', '{"a":1\n{"b":2\n{"c":3}', ['- {"a":1', '- {"b":2', '+ {"c":3}']],
    ['cut at the end', '{"a":1}{"b":"', ['+ {"a":1}', '- {"b":"']],
    ['prose between', 'hello world\n{"a":1} x\nbye', ['- hello world', '+ {"a":1}', '- x', '- bye']],
    ['a JSON array that is cut after an object', '[\n{"a":1},\n{"b":2}\n', ['- [\n{"a":1},', '+ {"b":2}']],
    [
      'pretty-printed without a comma',
      '{\n  "a": 1\n  "b": 2\n}\n{"c":3}',
      ['- {\n  "a": 1\n  "b": 2\n}', '+ {"c":3}'],
    ],
    ['words that are not JSON', 'NaN\n01\n{"a":1}', ['- NaN', '- 01', '+ {"a":1}']],
  ])('%s', (_name, input, expected) => expect(pieces(input)).toEqual(expected));

  it('says where the malformed bytes are', () => {
    expect([...splitRecords(Buffer.from('{}\n{"a'))][1]?.detail).toBe(
      'no complete JSON value, at byte 3 of the object',
    );
  });
});

const json = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: fc.constantFrom('a', '{', '}', '"', '\\', '[', ']', ':', ',', ' ', '\n', 'é', '😀') }),
    fc.double({ noNaN: true }),
    fc.constantFrom(true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 4 }), tie('value'), { maxKeys: 3 }),
  ),
})).value;
const object = fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), json, { maxKeys: 4, noNullPrototype: true });
const packed = fc
  .tuple(object, fc.constantFrom(undefined, 2))
  .map(([value, indent]) => JSON.stringify(value, null, indent));
const separator = fc.constantFrom('', '\n', '\r\n', ' ', '\n\n', '\t');

describe('whatever the input', () => {
  it('returns every record from every packing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(packed, separator), { maxLength: 8 }), records => {
        const input = records.map(([record, space]) => record + space).join('');
        expect(pieces(input)).toEqual(records.map(([record]) => `+ ${record}`));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('keeps the neighbours of a record that is cut anywhere', () => {
    // Keys are words, as in any telemetry: a key such as `,"` can turn a cut string into other JSON.
    const word = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'B', '_', '1') });
    const record = fc
      .dictionary(word, json, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
      .map(value => JSON.stringify(value));
    fc.assert(
      fc.property(record, record, record, fc.nat(), separator, (before, cut, after, at, space) => {
        const input = before + space + cut.slice(0, 1 + (at % (cut.length - 1))) + space + after;
        const found = pieces(input);
        expect(found[0]).toBe(`+ ${before}`);
        expect(found.at(-1)).toBe(`+ ${after}`);
      }),
      { numRuns: 1_000, seed: 2 },
    );
  });

  it('loses no bytes except whitespace between', () => {
    const noise = fc.oneof(
      packed,
      separator,
      fc.string(),
      fc.constantFrom('{', '}', '"', '[', '\\', '{"a":', '\ufeff'),
    );
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
      fc.array(noise, { maxLength: 20 }).map(parts => Buffer.from(parts.join(''))),
    );
    fc.assert(
      fc.property(input, bytes => {
        let at = 0;
        for (const { record, malformed } of splitRecords(bytes)) {
          const piece = record ?? malformed ?? Buffer.alloc(0);
          expect(piece.length).toBeGreaterThan(0);
          const start = piece.byteOffset - bytes.byteOffset;
          expect(bytes.subarray(at, start).toString().replaceAll('\ufeff', '').trim()).toBe('');
          at = start + piece.length;
        }
        expect(bytes.subarray(at).toString().replaceAll('\ufeff', '').trim()).toBe('');
      }),
      { numRuns: 1_000, seed: 3 },
    );
  });

  const hostile = [
    '{',
    '{"a":',
    '{"a":"}',
    '{"{',
    '{"{"',
    '[',
    '[\n',
    '{"a{":',
    '"',
    '{"\\"',
    'x{',
    '{"a":[{},',
    '{":"{',
    '{"":{"":"{"}',
    '1 ',
  ];
  it.each(hostile.flatMap(unit => ['', '{"a":"', '{"x{":['].map(prefix => [prefix, unit])))(
    'takes linear time for a megabyte of %s and %s',
    (prefix, unit) => {
      const bytes = Buffer.from(prefix + unit.repeat(Math.ceil(1_000_000 / unit.length)));
      const started = performance.now();
      let length = 0;
      for (const { record, malformed } of splitRecords(bytes)) length += (record ?? malformed).length;
      expect(length).toBeGreaterThan(0);
      // About 0.1 s; quadratic time would take hours.
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );
});
