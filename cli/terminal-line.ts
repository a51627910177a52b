import type { Effects } from './command.ts';

const REDRAW_MS = 200;
const CLEAR = '\r\x1b[K';

/**
 * One line on a terminal that is overwritten, at most five times a second; nothing if stderr is not a terminal. Call
 * `clear` before printing anything else. `draw` builds its text only when it is drawn.
 */
export function terminalLine({ stderr, isTerminal, now }: Pick<Effects, 'stderr' | 'isTerminal' | 'now'>) {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  return {
    draw(text: () => string): void {
      if (!isTerminal || now() - drawnAt < REDRAW_MS) return;
      drawnAt = now();
      isDrawn = true;
      stderr(`${CLEAR}${text()}`);
    },
    clear(): void {
      if (isDrawn) stderr(CLEAR);
      isDrawn = false;
    },
  };
}
