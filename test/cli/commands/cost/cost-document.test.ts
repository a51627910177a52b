import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { command } from '../../../../cli/commands/cost/cost.ts';
import type { LakeShape, Workload } from '../../../../cli/commands/cost/month.ts';
import { estimateCost } from '../../../../cli/commands/cost/monthly-bill.ts';
import { savings } from '../../../../cli/commands/cost/savings.ts';
import { wrapMessage } from '../../../../contract/envelope.ts';
import { packageFile } from '../../../../contract/package-root.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { costDocument, writtenDocument } from './cost-document.ts';

test('docs/cost.md has what the command prints, and its prices (npm run docs:cost)', async () => {
  const document = writtenDocument();
  expect(document.match(/<!-- sluice cost --devices (10|1000|1000000) --interval 60 -->/g)).toHaveLength(3);
  expect(document).toBe(await costDocument());
});

const SHAPE: LakeShape = { topic: 'data/{deviceid}', measures: ['temperature', 'humidity'], hotDays: 30 };
const MILLION: Workload = {
  ...{ devices: 1_000_000, intervalSeconds: 60, messageBytes: 100 },
  ...{ retentionDays: 365, queriesPerDay: 100, apiRequestsPerDay: 1_800 },
};
const bill = estimateCost(MILLION, SHAPE);
const usd = (...items: string[]) =>
  bill.lines
    .filter(({ service, item }) => items.some(text => `${service}, ${item}`.startsWith(text)))
    .reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);

test('three quarters of a large bill are for the hot path and the messages of IoT Core', () => {
  const hotPath = savings(MILLION, SHAPE).find(({ what }) => what === 'No hot path')?.monthlyUsd ?? 0;
  const share = (hotPath + usd('IoT Core, messages')) / bill.totalUsd;
  const [, percent = ''] = /(\d+) % of a large bill/.exec(writtenDocument()) ?? [];
  expect(Math.abs(share - Number(percent) / 100)).toBeLessThan(0.05);
});

test('the lake, and the queries over it, stay below 1 % of it', () => {
  expect(usd('S3, ', 'Athena, ', 'Glue, ') / bill.totalUsd).toBeLessThan(0.01);
});

test('the readings of 100 bytes that fit in 5 KB once wrapped are as many as written', () => {
  const [, count = '', bytes = ''] = /(\d+) readings of (\d+) bytes fit/.exec(writtenDocument()) ?? [];
  const wrapped = (readings: number) =>
    wrapMessage('data/device-001', Buffer.alloc(readings * Number(bytes)), 1_795_256_130_123).length + 1;
  expect(wrapped(Number(count))).toBeLessThanOrEqual(5_120);
  expect(wrapped(Number(count) + 1)).toBeGreaterThan(5_120);
});

test('the JSON in docs/commands.md is what the command prints, shortened', async () => {
  const commands = readFileSync(packageFile('docs/commands.md'), 'utf8').split('## sluice cost')[1] ?? '';
  const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(commands)?.[1] ?? '') as Answer;
  const answer = JSON.parse(await json()) as Answer;
  expect(Object.keys(shown)).toEqual(Object.keys(answer));
  expect(shown.workload).toEqual(answer.workload);
  const cents = (value: object) =>
    JSON.parse(
      JSON.stringify(value, (_, part) => (typeof part === 'number' ? Number(part.toFixed(4)) : part)),
    ) as unknown;
  for (const list of ['lines', 'shares', 'savings', 'notVerified'] as const)
    for (const entry of shown[list]) expect(answer[list].map(cents)).toContainEqual(cents(entry));
  expect(shown.totalUsd).toBe(Number(answer.totalUsd.toFixed(2)));
});

interface Answer {
  workload: object;
  totalUsd: number;
  lines: object[];
  shares: object[];
  savings: object[];
  notVerified: object[];
}

async function json(): Promise<string> {
  const effects = recordedEffects();
  await command.run(['--format', 'json'], effects);
  return effects.out();
}
