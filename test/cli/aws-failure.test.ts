import { expect, test } from 'vitest';
import { awsFailure } from '../../cli/aws-failure.ts';
import { UserError } from '../../contract/user-error.ts';

const error = (name: string, message = 'said AWS', more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

test.each([
  ['AccessDenied', 'AWS denies this: said AWS'],
  ['AccessDeniedException', 'AWS denies this: said AWS'],
  ['ExpiredToken', 'The AWS credentials have expired.'],
  ['InvalidAccessKeyId', 'AWS does not accept the credentials: said AWS'],
  ['CredentialsProviderError', 'There are no AWS credentials: said AWS'],
  ['ThrottlingException', 'AWS had too many requests: said AWS'],
])('%s is the user’s to mend', (name, message) => {
  const cause = error(name);
  expect(awsFailure(cause)).toMatchObject({ name: 'UserError', message, todo: expect.any(String), cause });
});

test('a network that is away is known by its code', () => {
  expect(awsFailure(error('Error', 'getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' }))).toMatchObject({
    message: 'AWS could not be reached: getaddrinfo ENOTFOUND x',
  });
});

test('what is a defect, or told already, stays what it is', () => {
  for (const other of [error('ValidationException'), error('TypeError'), new UserError('told'), 'no error'])
    expect(awsFailure(other)).toBe(other);
});
