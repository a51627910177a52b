import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bindParameters, stringLiteral } from '../../queries/bind.ts';
import { type ParameterType, parseSavedQuery } from '../../queries/saved-queries.ts';

/** 2026-11-21 in UTC, but already the 22nd in Seoul and still the 21st in New York. */
const NOW = Date.UTC(2026, 10, 21, 20, 0, 0, 5);

function bindOne(type: ParameterType, value: string, timezone = 'UTC') {
  const zone = type === 'timezone' ? '' : '-- parameter: zone timezone = UTC   Zone.\n';
  const query = parseSavedQuery(
    'x',
    `-- title: X\n-- description: X.\n-- parameter: p ${type}   P.\n${zone}-- example: x\nSELECT :p${zone && ', :zone'}`,
  );
  return bindParameters(query, { p: value, ...(zone && { zone: timezone }) }, NOW).parameters[0];
}

test.each<[ParameterType, string, string]>([
  ['date', '2024-02-29', "'2024-02-29'"],
  ['date', 'today', "'2026-11-21'"],
  ['date', 'yesterday', "'2026-11-20'"],
  ['timezone', 'Europe/Berlin', "'Europe/Berlin'"],
  ['timezone', 'asia/seoul', "'Asia/Seoul'"],
  ['timezone', 'US/Eastern', "'US/Eastern'"],
  ['timezone', 'utc', "'UTC'"],
  ['integer', '-9223372036854775808', '-9223372036854775808'],
  ['integer', '+007', '7'],
  ['double', '21.5', '2.15E1'],
  ['double', '1e-7', '1E-7'],
  ['double', '-.5', '-5E-1'],
  ['boolean', 'true', 'true'],
  ['string', "it's; --", "'it''s; --'"],
  ['string', '', "''"],
  ['timestamp', '2026-11-21T10:15:30.1239', "'2026-11-21 10:15:30.123'"],
  ['timestamp', '2026-11-21T10:15:30+09:00', "'2026-11-21 01:15:30.000'"],
  ['timestamp', '2026-11-21', "'2026-11-21 00:00:00.000'"],
  ['timestamp', 'now', "'2026-11-21 20:00:00.005'"],
])('%s %s becomes %s', (type, value, literal) => {
  expect(bindOne(type, value)).toBe(literal);
});

test('days and zoneless times are those of the zone parameter', () => {
  expect(bindOne('date', 'today', 'Asia/Seoul')).toBe("'2026-11-22'");
  expect(bindOne('date', 'yesterday', 'Asia/Seoul')).toBe("'2026-11-21'");
  expect(bindOne('date', 'today', 'America/New_York')).toBe("'2026-11-21'");
  expect(bindOne('timestamp', '2026-07-01', 'Europe/Berlin')).toBe("'2026-06-30 22:00:00.000'");
});

test.each<[ParameterType, string]>([
  ['date', '2026-02-30'],
  ['date', '2026-2-3'],
  ['date', '0000-01-01'],
  ['date', "2026-02-03' OR '1'='1"],
  ['timezone', 'Mars/Olympus'],
  ['timezone', '+09:00'],
  ['timezone', ''],
  ['integer', '9223372036854775808'],
  ['integer', '1.0'],
  ['integer', ''],
  ['integer', '1); DROP'],
  ['double', 'NaN'],
  ['double', '1e999'],
  ['double', '0x10'],
  ['boolean', 'TRUE'],
  ['timestamp', '2026-02-30T00:00:00'],
  ['timestamp', '2026-02-30'],
])('%s refuses %j, as wrong usage', (type, value) => {
  expect(() => bindOne(type, value)).toThrow(expect.objectContaining({ name: 'UserError', exitCode: 2 }));
});

test('a misspelt zone or parameter gets the nearest spelling suggested', () => {
  expect(() => bindOne('timezone', 'Europe/Berln')).toThrow(
    expect.objectContaining({ todo: 'Did you mean Europe/Berlin?' }),
  );
  const query = parseSavedQuery(
    'x',
    '-- title: X\n-- description: X.\n-- parameter: date date   P.\n-- example: x\nSELECT :date',
  );
  expect(() => bindParameters(query, { dat: 'today' }, NOW)).toThrow(
    expect.objectContaining({ exitCode: 2, todo: 'Did you mean date? Its parameters are date.' }),
  );
  expect(() => bindParameters(query, { date: 'today', constructor: 'x' }, NOW)).toThrow(
    'Unknown parameter constructor',
  );
  expect(() => bindParameters(query, {}, NOW)).toThrow('x needs a value for date: P.');
});

test('any text makes one string literal', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      const literal = stringLiteral(text);
      expect(literal).toMatch(/^'(?:[^']|'')*'$/);
      expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(text);
    }),
  );
});

test('all missing values are named at once, with their types', () => {
  const query = parseSavedQuery(
    'x',
    '-- title: X\n-- description: X.\n-- parameter: since date   First day.\n-- parameter: most integer in 1..   How many.\n' +
      '-- parameter: rest integer = 1   The rest.\n-- example: sluice query run x\nSELECT :since, :most, :rest',
  );
  expect(() => bindParameters(query, {}, NOW)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: 'x needs values for\n  since (date): First day.\n  most (integer): How many.',
      todo: expect.stringMatching(/--param since=… --param most=….*sluice query run x/),
    }),
  );
});

test.each([
  ['1..10', '0', 'from 1 to 10'],
  ['1..10', '11', 'from 1 to 10'],
  ['-5..', '-6', 'at least -5'],
  ['..2.5', '3', 'at most 2.5'],
  ['..10', '9223372036854775807', 'at most 10'],
])('a number must be within %s, so not %s', (range, value, wanted) => {
  const query = parseSavedQuery(
    'x',
    `-- title: X\n-- description: X.\n-- parameter: p integer in ${range}   P.\n-- example: x\nSELECT :p`,
  );
  expect(() => bindParameters(query, { p: value }, NOW)).toThrow(`p must be ${wanted}, not '${value}'.`);
  expect(bindParameters(query, { p: '1' }, NOW).parameters).toEqual(['1']);
});
