import { expect, test } from 'vitest';
import { terminalLine } from '../../cli/terminal-line.ts';

function lineAt(isTerminal: boolean) {
  let printed = '';
  let clock = 0;
  const { draw, clear } = terminalLine({
    stderr: text => {
      printed += text;
    },
    isTerminal,
    now: () => clock,
  });
  const at = (ms: number) => {
    clock = ms;
  };
  return { draw, clear, at, printed: () => printed };
}

test('the line is drawn at once, written over five times a second at most, and cleared once', () => {
  const line = lineAt(true);
  for (const [ms, text] of [
    [0, 'a'],
    [199, 'b'],
    [200, 'c'],
  ] as const) {
    line.at(ms);
    line.draw(() => text);
  }
  line.clear();
  line.clear();
  expect(line.printed()).toBe('\r\x1b[Ka\r\x1b[Kc\r\x1b[K');
});

test('where there is no terminal nothing is printed, and no text is made', () => {
  const line = lineAt(false);
  line.draw(() => {
    throw new Error('made');
  });
  line.clear();
  expect(line.printed()).toBe('');
});
