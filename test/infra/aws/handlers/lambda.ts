import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

/** A function's results for its events, one after the other, and what it wrote to its log. */
export interface Invocations {
  answers: Answer[];
  log: string;
}

export type Answer = { result: unknown; error?: never } | { error: { name: string; message: string }; result?: never };

/** Runs a handler as AWS Lambda does: `index.mjs` in its own process, which has nothing but its environment. */
const RUNTIME = `
const [url, events] = await new Promise(resolve => process.once('message', resolve));
const answers = [];
try {
  const { handler } = await import(url);
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };
  for (const event of events)
    answers.push(await handler(event, context).then(result => ({ result }), ({ name, message }) => ({ error: { name, message } })));
} catch ({ name, message }) {
  answers.push({ error: { name, message } });
}
process.send(answers, () => process.disconnect());
`;

/**
 * Calls the bundled handler in `folder` with each event. If the module fails to start, that error is the only answer.
 */
export async function callHandler(
  folder: string,
  events: readonly unknown[],
  env: Record<string, string>,
): Promise<Invocations> {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', RUNTIME], {
    cwd: folder,
    env: { ...env, NODE_OPTIONS: '--enable-source-maps', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const log = child.stdout === null ? Promise.resolve('') : text(child.stdout);
  child.send([pathToFileURL(`${folder}/index.mjs`).href, events]);
  const [answers] = (await once(child, 'message')) as [Answer[]];
  return { answers, log: await log };
}
