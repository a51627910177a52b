import { expect, test } from 'vitest';
import { awsFailure } from '../../cli/aws-failure.ts';
import { UserError } from '../../contract/user-error.ts';

const error = (name: string, message = 'said AWS', more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

test.each([
  ['AccessDenied', /: said AWS$/],
  ['AccessDeniedException', /: said AWS$/],
  ['ExpiredToken', /expired/],
  ['InvalidAccessKeyId', /credentials: said AWS$/],
  ['CredentialsProviderError', /credentials.*: said AWS$/],
  ['ThrottlingException', /: said AWS$/],
])('%s is the user’s to fix', (name, message) => {
  const cause = error(name);
  const told = { name: 'UserError', message: expect.stringMatching(message), todo: expect.any(String), cause };
  expect(awsFailure(cause)).toMatchObject(told);
});

test('a network that is away is known by its code', () => {
  expect(awsFailure(error('Error', 'getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' }))).toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('getaddrinfo ENOTFOUND x'),
  });
});

test('a bug, or what was told already, stays what it is', () => {
  for (const other of [error('ValidationException'), error('TypeError'), new UserError('told'), 'no error'])
    expect(awsFailure(other)).toBe(other);
});
