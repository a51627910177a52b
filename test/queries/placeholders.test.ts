import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitPlaceholders } from '../../queries/placeholders.ts';

test('finds a placeholder wherever an expression is allowed, as often as it is used', () => {
  expect(splitPlaceholders('SELECT :a,f(:b) WHERE x=:a')).toEqual({
    pieces: ['SELECT ', ',f(', ') WHERE x=', ''],
    names: ['a', 'b', 'a'],
  });
});

test.each([
  ["'it''s :a'"],
  ['"col:a ""x"" :b"'],
  ['1 -- :a ? it\'s "open'],
  ['1 -- a comment at the end :a'],
  ["/* :a ? ' \n :b */ 1"],
  ["'a' || '-- :a' || 'b'"],
  ["'12:30:00'"],
])('leaves strings, identifiers and comments alone: %s', text => {
  expect(splitPlaceholders(`SELECT ${text}`)).toEqual({ pieces: [`SELECT ${text}`], names: [] });
});

test.each([
  ['SELECT ?', 'line 1 has a ?'],
  ["SELECT\n'open", "line 2 opens a ' that never ends"],
  ['SELECT "open', 'line 1 opens a " that never ends'],
  ['SELECT 1 /* open', 'line 1 opens a /* that never ends'],
])('refuses %j', (sql, message) => {
  expect(() => splitPlaceholders(sql)).toThrow(message);
});

test('whatever surrounds the placeholders comes back unchanged', () => {
  const token = fc.oneof(
    fc.constantFrom(':a', ':b_1', 'x = ', '(', ')', ' ', '\n', ', ', '/', '-', '*', '1'),
    fc.string().map(text => `'${text.replaceAll("'", "''")}'`),
    fc.string().map(text => `"${text.replaceAll('"', '""')}"`),
    fc.string({ unit: fc.constantFrom('a', ':', '?', "'", '"') }).map(text => `-- ${text}\n`),
    fc.string({ unit: fc.constantFrom('a', ':', '?', "'", '"', '\n') }).map(text => ` /* ${text} */ `),
  );
  fc.assert(
    fc.property(fc.array(token), tokens => {
      // Two single characters may form a comment start together, which the tokens do not expect.
      fc.pre(!/--|\/\*|\*\//.test(tokens.filter(text => text.length === 1).join('')));
      const sql = tokens.join(' ');
      const { pieces, names } = splitPlaceholders(sql);
      expect(names).toEqual(tokens.filter(text => text.startsWith(':')).map(text => text.slice(1)));
      expect(pieces.map((piece, at) => piece + (at < names.length ? `:${names[at]}` : '')).join('')).toBe(sql);
    }),
  );
});
