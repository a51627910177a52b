import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { command } from '../../../../cli/commands/up/up.ts';
import { IS_UP, readRunFile } from '../../../../infra/local/run-file.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

test('up says in a line of its own that everything is there, and ends at Ctrl-C', async () => {
  const data = await temporaryFolder();
  const ctrlC = new AbortController();
  let stderr = '';
  let wasUp: ReturnType<typeof readRunFile> | undefined;
  const code = await command.run(['--port', '0', '--data', data], {
    stdout: () => {},
    stderr: text => {
      stderr += text;
      if (wasUp !== undefined || !stderr.includes(`\n${IS_UP}`)) return;
      wasUp = readRunFile(data);
      void wasUp.finally(() => ctrlC.abort());
    },
    isTerminal: false,
    stdin: () => Readable.from([]),
    cwd: data,
    now: Date.now,
    signal: ctrlC.signal,
  });
  expect(code).toBe(0);
  expect((await wasUp)?.pid).toBe(process.pid);
  expect(stderr).toMatch(/Stopped\b.*\n$/);
});
