/**
 * The checker's process: compares the content of the stack with the publisher's list, and prints the result as JSON.
 * `node check.js DATA WORK SEED FIRST_MS`
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunFile } from '../../infra/local/run-file.ts';
import { compare, type Found, isKept, type Verdict } from './compare.ts';
import { keyOfRow } from './message.ts';
import { readSentList } from './sent-list.ts';
import { readStores } from './stores.ts';

/** The output of the checker. */
export interface Checked {
  /** Acknowledged messages that are in the view. */
  found: number;
  seconds: number;
  verdict: Verdict;
}

const DEADLINE_MS = 60_000;
/** Nothing has changed for this time, and the buffer is 1 s: what is missing now will not arrive. */
const SETTLED_MS = 8_000;
const POLL_MS = 250;

/** The last check looks again after this time: a delivery that is written twice may come late. */
const LAST_LOOK_MS = 2_500;

const [, , data = '', work = '', seed = '', firstMs = '', last] = process.argv;
const numbering = { seed: Number(seed), firstMs: Number(firstMs) };
const run = JSON.parse(await readFile(path.join(data, 'run.json'), 'utf8')) as RunFile;
const sent = readSentList(path.join(work, 'sent.txt'));
const started = Date.now();

let { found, verdict } = await drained();
if (last === 'last') {
  await delay(LAST_LOOK_MS);
  ({ found, verdict } = await look());
}
const checked: Checked = { found: countAcknowledged(found), seconds: (Date.now() - started) / 1000, verdict };
process.stdout.write(`${JSON.stringify(checked)}\n`);

/** Resolves when everything is as promised, or when nothing changes any more. */
async function drained(): Promise<{ found: Found; verdict: Verdict }> {
  let lastSize = '';
  for (let movedAt = started; ; await delay(POLL_MS)) {
    const { found, verdict } = await look();
    const size = [found.view, found.log, found.hot, found.raw].map(rows => rows.length).join();
    if (size !== lastSize) movedAt = Date.now();
    lastSize = size;
    const isOver = Date.now() - movedAt > SETTLED_MS || Date.now() - started > DEADLINE_MS;
    if (isKept(verdict) || isOver) return { found, verdict };
  }
}

async function look(): Promise<{ found: Found; verdict: Verdict }> {
  try {
    const found = await readStores(run, data);
    return { found, verdict: compare(numbering, sent, found) };
  } catch (error) {
    // A lake that stays unreadable, for example because of a damaged file, is a finding too.
    const reason = error instanceof Error ? error.message : String(error);
    const found = { view: [], log: [], hot: [], raw: [], strays: [] };
    return { found, verdict: { missing: [], duplicated: [], wrong: [`the stack cannot be read: ${reason}`] } };
  }
}

function countAcknowledged({ view }: Found): number {
  const keys = new Set(view.map(row => keyOfRow(numbering, row)));
  return [...sent.mqtt, ...sent.resent, ...sent.firehose].filter(key => keys.has(key)).length;
}
