import { expect, test } from 'vitest';
import {
  lossesOf,
  type PublishedContract,
  parsePublished,
  publishedText,
  refuseLosses,
} from '../../../infra/aws/published-contract.ts';

const BEFORE: PublishedContract = {
  topic: 'data/{deviceid}',
  columns: { temperature: 'double', constructor: 'bigint' as const },
  alarmEmail: 'ops@example.com',
};

test('the text of what was published round-trips, and has no double braces', () => {
  expect(parsePublished(publishedText(BEFORE), 'main')).toEqual(BEFORE);
  expect(publishedText({ ...BEFORE, topic: 'a/{deviceid}' })).not.toMatch(/\{\{|\}\}/);
});

test('what is removed is a loss, also a column named like an object member; an addition is not', () => {
  const { alarmEmail: _address, ...silent } = BEFORE;
  const names = (after: PublishedContract) => lossesOf(BEFORE, after).map(({ name }) => name);
  expect(names({ ...BEFORE, columns: { temperature: 'double' } })).toEqual(['drop-column:constructor']);
  expect(names({ ...BEFORE, columns: { ...BEFORE.columns, note: 'string' } })).toEqual([]);
  expect(
    names({ ...silent, topic: 'x/{deviceid}', columns: { temperature: 'string', constructor: 'bigint' as const } }),
  ).toEqual(['drop-topic:data/+', 'change-type:temperature', 'drop-alarm-address']);
});

test('one confirmation for two losses is not enough, and the refusal names both', () => {
  const losses = lossesOf(BEFORE, { ...BEFORE, columns: {} });
  expect(() => refuseLosses(losses, ['drop-column:temperature'], 'main')).toThrow(
    expect.objectContaining({ todo: expect.stringContaining('drop-column:temperature,drop-column:constructor') }),
  );
  expect(() => refuseLosses(losses, ['drop-column:constructor', 'drop-column:temperature'], 'main')).not.toThrow();
});
