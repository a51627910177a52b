import { expect, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import { openRecord, wrapMessage } from '../../contract/envelope.ts';
import { REJECTION_REASONS, readMessage } from '../../contract/reading.ts';
import { rejections } from '../fixtures/rejections.ts';
import lake from '../fixtures/workshop.config.ts';

const contract = defineContract(lake);
const now = Date.parse('2026-11-21T10:20:00Z');
const cases = rejections(now);

test.each(cases)('$name', ({ reason, payload }) => {
  const { rejection } = readMessage(contract, payload, { receivedAt: now, topic: 'data/device-001' });
  expect(rejection?.reason).toBe(reason);
  expect(rejection?.detail).toMatch(/\S/);
});

test.each(cases)('without a topic, and within the envelope, $name', ({ reason, payload }) => {
  expect(readMessage(contract, payload, { receivedAt: now }).rejection?.reason).toBe(reason);
  const message = openRecord(Buffer.from(wrapMessage('data/device-001', payload, now)), 0);
  expect(payload.equals(message.payload)).toBe(true);
  expect(readMessage(contract, message.payload, message).rejection?.reason).toBe(reason);
});

test('every reason has a case, and every case has its own name', () => {
  expect(new Set(cases.map(({ reason }) => reason))).toEqual(new Set(REJECTION_REASONS));
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
