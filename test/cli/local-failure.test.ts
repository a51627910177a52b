import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { Command } from '../../cli/command.ts';
import { localFailure } from '../../cli/local-failure.ts';
import { UserError } from '../../contract/user-error.ts';
import { recordedEffects } from '../recorded-effects.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** What a `sluice up` leaves that dies between two requests: the first is answered, and nothing after it. */
async function dyingStack(death: 'refuses' | 'resets'): Promise<string> {
  const data = await temporaryFolder();
  const server: Server = createServer((request, response) => {
    if (request.method !== 'GET' || request.headers.authorization?.endsWith('run-file') !== true) {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(200, { connection: 'close' }).end();
    if (death === 'refuses') server.close();
  });
  onTestFinished(() => void server.close());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  await writeFile(
    path.join(data, 'run.json'),
    JSON.stringify({
      pid: process.pid,
      endpoint: url,
      api: url,
      mqtt: `mqtts://127.0.0.1:${port}`,
      region: 'eu-central-1',
      accessKeyId: 'LOCAL',
      secretAccessKey: 'local',
    }),
  );
  return data;
}

const COMMANDS: [name: string, args: string[], load: () => Promise<{ command: Command }>][] = [
  ['query', ['sql', 'SELECT 1'], () => import('../../cli/commands/query/query.ts')],
  ['catalog', [], () => import('../../cli/commands/catalog/catalog.ts')],
  ['backfill', ['source'], () => import('../../cli/commands/backfill/backfill.ts')],
  ['put', ['-'], () => import('../../cli/commands/put/put.ts')],
  ['recent', ['device-001'], () => import('../../cli/commands/recent/recent.ts')],
];

test.each(COMMANDS)('%s says that its sluice up is gone, and what to do', async (_, args, load) => {
  const { command } = await load();
  for (const death of ['refuses', 'resets'] as const) {
    const data = await dyingStack(death);
    await mkdir(path.join(data, 'source'));
    await writeFile(path.join(data, 'source', '1.gz'), gzipSync('{"DEVICE_NAME":"a"}'));
    const effects = recordedEffects({ cwd: data, stdin: () => Readable.from([Buffer.from('{"DEVICE_NAME":"a"}\n')]) });
    const error = await command
      .run([...args, '--data', data], effects)
      .catch((failure: unknown) => localFailure(failure));
    expect(error, death).toBeInstanceOf(UserError);
    const { message, todo } = error as UserError;
    expect(`${message} ${todo}`, death).toContain('sluice up');
    expect(`${message} ${todo}`, death).not.toContain('AWS');
  }
});

test.each(['EACCES', 'EADDRINUSE', 'EDQUOT', 'EIO', 'EMFILE', 'ENOSPC', 'EROFS'])(
  '%s is the machine’s doing, also inside another error, and where the endpoint answers with it',
  code => {
    const refused = Object.assign(new Error(`${code}: refused, write`), { code });
    const answered = Object.assign(new Error(`${code}: refused, write`), { name: 'InternalServerException' });
    for (const error of [refused, new Error('the file cannot be written', { cause: refused }), answered])
      expect(localFailure(error)).toMatchObject({ name: 'UserError', todo: expect.stringMatching(/\w/) });
  },
);

test('a UserError of the emulator inside another error comes out as it is', () => {
  const own = Object.assign(new Error('told'), { name: 'UserError', exitCode: 1 });
  expect(localFailure(new Error('outer', { cause: own }))).toBe(own);
});

test('an error of neither the machine nor the stack stays as it is', () => {
  const error = new TypeError('undefined is not a function');
  expect(localFailure(error)).toBe(error);
});

test('a folder that cannot be made on a read-only disk, which Node calls missing, is the disk’s and not a defect', () => {
  const message = "ENOENT: no such file or directory, mkdir '/data/devices'";
  for (const error of [Object.assign(new Error(message), { code: 'ENOENT', syscall: 'mkdir' }), new Error(message)])
    expect(localFailure(error)).toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('/data/devices'),
      todo: expect.stringMatching(/\w/),
    });
  const other = new Error("ENOENT: no such file or directory, open '/data/devices'");
  expect(localFailure(other)).toBe(other);
});
